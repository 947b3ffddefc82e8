/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a segmented control has no element of its own */
import {
  Eraser,
  FileDown,
  ListFilter,
  Pause,
  Play,
  RotateCcw,
  Search,
} from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { CommandId } from '../../../shared/commands/commands.ts';
import type { PanelKind } from '../../../shared/domain/panel.ts';
import type { TransferFilter, TransferTotals } from '../../../shared/domain/transfer.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import { useServices } from '../../app/services.ts';
import { classes } from '../../components/classes.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { Menu } from '../../components/menu.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { BandwidthButton } from './bandwidth-button.tsx';
import styles from './panel-bar.module.css';

const FILTERS: readonly { readonly id: TransferFilter; readonly label: string }[] = [
  { id: 'all', label: 'All' },
  { id: 'active', label: 'Active' },
  { id: 'failed', label: 'Failed' },
  { id: 'finished', label: 'Finished' },
];

const KINDS: readonly { readonly id: PanelKind; readonly label: string }[] = [
  { id: 'all', label: 'All Kinds' },
  { id: 'upload', label: 'Uploads' },
  { id: 'download', label: 'Downloads' },
  { id: 'other', label: 'Deletes, Moves, Copies and Changes' },
];

/** After the last key, ms. */
const SEARCH_AFTER_MS = 150;

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

/** The bar above the queue: which transfers one sees, and what to do to all of them. */
export function PanelBar({ onChange }: { readonly onChange: () => void }) {
  return (
    <div className={styles.bar}>
      <Filters onChange={onChange} />
      <div className={styles.actions}>
        <SearchField onChange={onChange} />
        <KindMenu onChange={onChange} />
        <span className={styles.gap} />
        <BarCommand id="transfer.pauseAll" icon={<Pause size={15} />} />
        <BarCommand id="transfer.resumeAll" icon={<Play size={15} />} />
        <BarCommand id="transfer.retryAll" icon={<RotateCcw size={15} />} />
        <BarCommand id="transfer.clearFinished" icon={<Eraser size={15} />} />
        <BarCommand id="transfer.exportHistory" icon={<FileDown size={15} />} />
        <span className={styles.gap} />
        <BandwidthButton />
      </div>
    </div>
  );
}

function Filters({ onChange }: { readonly onChange: () => void }) {
  const { transfers, format } = useServices();
  const filter = useStore(transfers.store, (state) => state.filter);
  const totals = useStore(transfers.store, (state) => state.totals);
  const counts = useStore(transfers.store, (state) =>
    state.kind === 'all' && state.text === '' ? null : state.counts,
  );
  function choose(next: TransferFilter): void {
    onChange();
    transfers.setView({ filter: next });
  }
  return (
    <div className={styles.filters} role="radiogroup" aria-label="Which transfers">
      {FILTERS.map(({ id, label }) => {
        const count = counts?.[id] ?? (totals === null ? 0 : countUnder(id, totals));
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
  );
}

function SearchField({ onChange }: { readonly onChange: () => void }) {
  const { transfers } = useServices();
  const text = useStore(transfers.store, (state) => state.text);
  const [typed, setTyped] = useState(text);
  useEffect(() => {
    if (typed === transfers.store.getState().text) return undefined;
    const timer = setTimeout(() => {
      onChange();
      transfers.setView({ text: typed });
    }, SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [typed, transfers, onChange]);
  return (
    <TextInput
      type="search"
      aria-label="Search transfers"
      placeholder="Search"
      maxLength={200}
      icon={<Search size={13} />}
      className={styles.search}
      value={typed}
      onChange={setTyped}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || typed === '') return;
        event.stopPropagation();
        setTyped('');
      }}
    />
  );
}

function KindMenu({ onChange }: { readonly onChange: () => void }) {
  const { transfers } = useServices();
  const kind = useStore(transfers.store, (state) => state.kind);
  const chosen = KINDS.find(({ id }) => id === kind);
  return (
    <Menu
      align="end"
      trigger={
        <IconButton
          size="small"
          label={kind === 'all' ? 'Kinds' : `Kinds: ${chosen?.label ?? ''}`}
          className={classes(kind !== 'all' && styles.on)}
          icon={<ListFilter size={15} />}
        />
      }
      items={KINDS.map(({ id, label }) => ({
        kind: 'item',
        id,
        label,
        checked: id === kind,
        onSelect: () => {
          onChange();
          transfers.setView({ kind: id });
        },
      }))}
    />
  );
}

/** A command as a button of the bar. */
function BarCommand(props: { readonly id: CommandId; readonly icon: ReactNode }) {
  const { commands, transfers } = useServices();
  // Drawn again when what can be done changes, not with every byte that moves.
  const enabled = useStore(transfers.store, () => commands.isEnabled(props.id));
  return (
    <IconButton
      size="small"
      label={commands.spec(props.id).label}
      icon={props.icon}
      // A disabled button would drop the focus it has just been pressed with.
      aria-disabled={!enabled}
      onClick={() => commands.run(props.id)}
    />
  );
}
