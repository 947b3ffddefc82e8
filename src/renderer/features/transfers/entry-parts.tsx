/* oxlint-disable jsx-a11y/prefer-tag-over-role -- rows drawn on demand cannot be a <table> */
import {
  ArrowDown,
  ArrowRight,
  ArrowUp,
  Check,
  CircleAlert,
  Clock,
  Copy,
  FolderSearch,
  ListX,
  Minus,
  Pause,
  Play,
  RotateCcw,
  SlidersHorizontal,
  Trash2,
  X,
} from 'lucide-react';
import { type MouseEvent, memo, type ReactNode } from 'react';
import type { PanelEntry } from '../../../shared/domain/panel.ts';
import type { TransferKind, TransferState } from '../../../shared/domain/transfer.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import { classes } from '../../components/classes.ts';
import {
  type TransferActions,
  type TransferVerb,
  verbLabel,
  verbsForEntry,
} from './transfer-actions.ts';
import styles from './transfer-entry.module.css';

const VERB_ICONS: Readonly<Record<TransferVerb, ReactNode>> = {
  pause: <Pause size={14} />,
  resume: <Play size={14} />,
  cancel: <X size={14} />,
  retry: <RotateCcw size={14} />,
  clear: <ListX size={14} />,
  reveal: <FolderSearch size={14} />,
};

const KIND_ICONS: Readonly<Record<TransferKind, ReactNode>> = {
  upload: <ArrowUp size={15} />,
  download: <ArrowDown size={15} />,
  delete: <Trash2 size={14} />,
  move: <ArrowRight size={15} />,
  copy: <Copy size={14} />,
  edit: <SlidersHorizontal size={14} />,
};

/** What every entry of the list is drawn with. */
export interface EntryProps<Entry extends PanelEntry> {
  readonly id: string;
  readonly entry: Entry;
  /** Line in the list, from 0. */
  readonly line: number;
  /** Pixels from the top of the list. */
  readonly top: number;
  readonly selected: boolean;
  readonly focused: boolean;
  readonly actions: TransferActions;
  readonly onMouseDown: (entry: PanelEntry, event: MouseEvent) => void;
}

/** The round sign at the start of an entry: what it does, or how it ended. */
export const Badge = memo(function Badge(props: {
  readonly kind: TransferKind;
  readonly state: TransferState;
}) {
  return (
    <span className={classes(styles.badge, styles[props.state])} aria-hidden="true">
      {sign(props.kind, props.state)}
    </span>
  );
});

/** Buttons for what can be done to an entry. */
export function Verbs(props: {
  readonly entry: PanelEntry;
  readonly actions: TransferActions;
  readonly children?: ReactNode;
}) {
  const { entry, actions } = props;
  return (
    <div role="gridcell" aria-colindex={2} className={styles.buttons}>
      {verbsForEntry(entry).map((verb) => (
        <EntryButton
          key={verb}
          label={verbLabel(verb)}
          icon={VERB_ICONS[verb]}
          onClick={() => actions.runOn(verb, [entry])}
        />
      ))}
      {props.children}
    </div>
  );
}

/**
 * A small button of an entry. Lighter than an `IconButton`: while thousands of small files
 * move, some hundred of them come and go every second.
 */
export function EntryButton(props: {
  readonly label: string;
  readonly icon: ReactNode;
  readonly onClick: () => void;
}) {
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={props.label}
      title={props.label}
      className={styles.verb}
      onClick={props.onClick}
    >
      {props.icon}
    </button>
  );
}

function sign(kind: TransferKind, state: TransferState): ReactNode {
  switch (state) {
    case 'done':
      return <Check size={15} />;
    case 'failed':
      return <CircleAlert size={15} />;
    case 'waiting':
      return <Clock size={14} />;
    case 'paused':
      return <Pause size={13} />;
    case 'cancelled':
      return <X size={14} />;
    case 'skipped':
      return <Minus size={14} />;
    case 'queued':
    case 'running':
      return KIND_ICONS[kind];
    default:
      return assertNever(state);
  }
}
