import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { TransferFilter, TransferRow } from '../../../shared/domain/transfer.ts';
import { useServices } from '../../app/services.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ContextMenu } from '../../components/menu.tsx';
import { PanelBar } from './panel-bar.tsx';
import { createTransferActions } from './transfer-actions.ts';
import { TransferDetails } from './transfer-details.tsx';
import { TransferList, type TransferListHandle } from './transfer-list.tsx';
import styles from './transfers-panel.module.css';

const NOTHING: Readonly<
  Record<TransferFilter, { readonly title: string; readonly text: string }>
> = {
  all: {
    title: 'No transfers',
    text: 'Drop files onto the list to upload them. What goes up or down shows here.',
  },
  active: { title: 'Nothing is on its way', text: 'Every transfer came to its end.' },
  failed: {
    title: 'Nothing failed',
    text: 'What goes wrong shows here, with its reason.',
  },
  finished: {
    title: 'Nothing is finished',
    text: 'Transfers that came to their end stay here until you clear them.',
  },
};

/** The queue: what goes up and down, how far it is, and what to do about it. */
export function TransfersPanel() {
  const { api, transfers, reportError } = useServices();
  const empty = useStore(transfers.store, (state) => state.lines === 0);
  const panel = useRef<HTMLDivElement>(null);
  const list = useRef<TransferListHandle>(null);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [details, setDetails] = useState<{
    readonly row: TransferRow;
    readonly anchor: Element | null;
  } | null>(null);
  const actions = useMemo(
    () => createTransferActions(api, reportError),
    [api, reportError],
  );
  useEffect(() => transfers.watch(), [transfers]);
  const unselect = useCallback(() => setSelected(new Set()), []);
  const showDetails = useCallback(
    (row: TransferRow, anchor: Element | null) => setDetails({ row, anchor }),
    [],
  );
  const keepFocus = useCallback(() => panel.current?.focus({ preventScroll: true }), []);
  const view = useStore(
    transfers.store,
    ({ filter, kind, text }) => `${filter} ${kind} ${text}`,
  );

  return (
    <div ref={panel} tabIndex={-1} className={styles.panel}>
      <PanelBar onChange={unselect} />
      {empty ? (
        <Nothing />
      ) : (
        <ContextMenu
          area={<div className={styles.area} />}
          items={() =>
            actions.menu(list.current?.selectedEntries() ?? [], (row) =>
              showDetails(row, list.current?.element() ?? null),
            )
          }
        >
          <TransferList
            key={view}
            ref={list}
            actions={actions}
            selected={selected}
            onSelect={setSelected}
            onDetails={showDetails}
            onFocusLost={keepFocus}
          />
          <Capped />
        </ContextMenu>
      )}
      {details !== null && (
        <TransferDetails
          row={details.row}
          anchor={details.anchor}
          onClose={() => setDetails(null)}
        />
      )}
    </div>
  );
}

/** What stands where there is no transfer to show. */
function Nothing() {
  const { transfers } = useServices();
  const filter = useStore(transfers.store, (state) => state.filter);
  const kind = useStore(transfers.store, (state) => state.kind);
  const text = useStore(transfers.store, (state) => state.text);
  const loaded = useStore(transfers.store, (state) => state.loaded);
  const searching = useStore(transfers.store, (state) => state.searching);
  if (!loaded) return <div className={styles.empty} />;
  const narrowed = kind !== 'all' || text !== '';
  const { title, text: explanation } = NOTHING[filter];
  return (
    <div className={styles.empty}>
      {searching ? (
        <EmptyState title="Searching…" />
      ) : narrowed ? (
        <EmptyState
          title={text === '' ? 'None of this kind' : `Nothing matches “${text}”`}
          actions={
            filter === 'all' ? undefined : (
              <Button onClick={() => transfers.setView({ filter: 'all' })}>
                Look in All
              </Button>
            )
          }
        />
      ) : (
        <EmptyState title={title}>{explanation}</EmptyState>
      )}
    </div>
  );
}

/** Says that a search found more than it shows. */
function Capped() {
  const { transfers } = useServices();
  const capped = useStore(transfers.store, (state) => state.capped);
  if (!capped) return null;
  return (
    <output className={styles.capped}>
      The first 2,000 matches. Type more to see fewer.
    </output>
  );
}
