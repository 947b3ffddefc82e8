/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a segmented control has no element of its own */

import { Eraser, Pause, Play, RotateCcw } from 'lucide-react';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { CommandId } from '../../../shared/commands/commands.ts';
import type { TransferId } from '../../../shared/domain/ids.ts';
import type { TransferFilter, TransferTotals } from '../../../shared/domain/transfer.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import { useServices } from '../../app/services.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { ContextMenu } from '../../components/menu.tsx';
import { createTransferActions } from './transfer-actions.ts';
import { TransferList, type TransferListHandle } from './transfer-list.tsx';
import styles from './transfers-panel.module.css';

const FILTERS: readonly { readonly id: TransferFilter; readonly label: string }[] = [
  { id: 'all', label: 'All' },
  { id: 'active', label: 'Active' },
  { id: 'failed', label: 'Failed' },
  { id: 'finished', label: 'Finished' },
];

/** How many rows a filter has, from the totals. */
export function countUnder(filter: TransferFilter, totals: TransferTotals): number {
  const active = totals.queued + totals.running + totals.waiting + totals.paused;
  const finished = totals.done + totals.cancelled + totals.skipped;
  switch (filter) {
    case 'all':
      return active + finished + totals.failed;
    case 'active':
      return active;
    case 'failed':
      return totals.failed;
    case 'finished':
      return finished;
    default:
      return assertNever(filter);
  }
}

/** The queue: what goes up and down, how far it is, and what to do about it. */
export function TransfersPanel() {
  const { api, transfers, format, reportError } = useServices();
  const totals = useStore(transfers.store, (state) => state.totals);
  const filter = useStore(transfers.store, (state) => state.filter);
  const total = useStore(transfers.store, (state) => state.total);
  const list = useRef<TransferListHandle>(null);
  const [selected, setSelected] = useState<ReadonlySet<TransferId>>(new Set());
  const actions = useMemo(
    () => createTransferActions(api, reportError),
    [api, reportError],
  );

  function choose(next: TransferFilter): void {
    setSelected(new Set());
    transfers.setFilter(next);
  }

  return (
    <div className={styles.panel}>
      <div className={styles.header}>
        <div className={styles.filters} role="radiogroup" aria-label="Which transfers">
          {FILTERS.map(({ id, label }) => {
            const count = totals === null ? 0 : countUnder(id, totals);
            return (
              <button
                key={id}
                type="button"
                role="radio"
                aria-checked={filter === id}
                tabIndex={filter === id ? 0 : -1}
                className={styles.filter}
                onClick={() => choose(id)}
                onKeyDown={(event) => {
                  const step =
                    event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
                  if (step === 0) return;
                  event.preventDefault();
                  const at = FILTERS.findIndex((other) => other.id === id);
                  const next = FILTERS[(at + step + FILTERS.length) % FILTERS.length];
                  if (!next) return;
                  choose(next.id);
                  const buttons = event.currentTarget.parentElement?.children;
                  const button = buttons?.[FILTERS.indexOf(next)];
                  if (button instanceof HTMLElement) button.focus();
                }}
              >
                {label}
                {count > 0 && (
                  <span className={styles.count} data-failed={id === 'failed'}>
                    {format.count(count)}
                  </span>
                )}
              </button>
            );
          })}
        </div>
        <div className={styles.actions}>
          <HeaderAct id="transfer.pauseAll" icon={<Pause size={15} />} />
          <HeaderAct id="transfer.resumeAll" icon={<Play size={15} />} />
          <HeaderAct id="transfer.retryAll" icon={<RotateCcw size={15} />} />
          <HeaderAct id="transfer.clearFinished" icon={<Eraser size={15} />} />
        </div>
      </div>
      {total === 0 ? (
        <div className={styles.empty}>
          <EmptyState title={filter === 'all' ? 'No transfers' : 'Nothing here'}>
            {filter === 'all' &&
              'Drop files onto the list to upload them. What goes up or down shows here.'}
          </EmptyState>
        </div>
      ) : (
        <ContextMenu
          area={<div className={styles.area} />}
          items={() => actions.menu(list.current?.selectedRows() ?? [])}
        >
          <TransferList
            ref={list}
            actions={actions}
            selected={selected}
            onSelect={setSelected}
          />
        </ContextMenu>
      )}
    </div>
  );
}

/** A button of the panel's header. */
function HeaderAct(props: { readonly id: CommandId; readonly icon: ReactNode }) {
  const { commands } = useServices();
  return (
    <IconButton
      size="small"
      label={commands.spec(props.id).label}
      icon={props.icon}
      disabled={!commands.isEnabled(props.id)}
      onClick={() => commands.run(props.id)}
    />
  );
}
