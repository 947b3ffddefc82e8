/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/interactive-supports-focus -- the list keeps the focus, aria-activedescendant names the row */
import {
  ArrowDown,
  ArrowRight,
  ArrowUp,
  Check,
  CircleAlert,
  Clock,
  Copy,
  FolderSearch,
  Minus,
  Pause,
  Play,
  RotateCcw,
  Trash2,
  X,
} from 'lucide-react';
import { type MouseEvent, memo, type ReactNode } from 'react';
import type { TransferRow } from '../../../shared/domain/transfer.ts';
import { useServices } from '../../app/services.ts';
import { classes } from '../../components/classes.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { displayName } from '../browser/model/display-name.ts';
import { describeTransfer } from './describe.ts';
import {
  type TransferActions,
  type TransferVerb,
  verbLabel,
  verbsFor,
} from './transfer-actions.ts';
import styles from './transfers-panel.module.css';

const VERB_ICONS: Readonly<Record<TransferVerb, ReactNode>> = {
  pause: <Pause size={14} />,
  resume: <Play size={14} />,
  cancel: <X size={14} />,
  retry: <RotateCcw size={14} />,
  clear: <Minus size={14} />,
  reveal: <FolderSearch size={14} />,
};

const KIND_ICONS: Readonly<Record<TransferRow['kind'], ReactNode>> = {
  upload: <ArrowUp size={15} />,
  download: <ArrowDown size={15} />,
  delete: <Trash2 size={14} />,
  move: <ArrowRight size={15} />,
  copy: <Copy size={14} />,
};

/** Props of {@link TransferItem}. */
export interface TransferItemProps {
  readonly id: string;
  readonly row: TransferRow;
  readonly position: number;
  /** Pixels from the top of the list. */
  readonly top: number;
  readonly selected: boolean;
  readonly focused: boolean;
  readonly actions: TransferActions;
  readonly onMouseDown: (row: TransferRow, event: MouseEvent) => void;
}

/** One transfer: what, how far, and buttons for what can be done. */
export const TransferItem = memo(function TransferItem(props: TransferItemProps) {
  const { format } = useServices();
  const { row, actions } = props;
  const text = describeTransfer(row, format, Date.now());
  return (
    <div
      id={props.id}
      role="row"
      aria-selected={props.selected}
      aria-rowindex={props.position + 1}
      data-transfer-state={row.state}
      className={classes(
        styles.row,
        props.selected && styles.selected,
        props.focused && styles.focused,
      )}
      style={{ transform: `translateY(${props.top}px)` }}
      onMouseDown={(event) => props.onMouseDown(row, event)}
    >
      <span className={classes(styles.badge, styles[row.state])} aria-hidden="true">
        {badge(row)}
      </span>
      <div role="gridcell" aria-colindex={1} className={styles.text}>
        <div className={styles.line}>
          <span className={styles.name} title={displayName(row.name)}>
            {displayName(row.name)}
          </span>
          <span className={styles.route} title={text.route}>
            {text.route}
          </span>
        </div>
        {text.share !== undefined && (
          <ProgressBar
            value={text.share}
            label={`Progress of ${displayName(row.name)}`}
            tone={row.state === 'running' ? 'accent' : 'paused'}
          />
        )}
        <div
          className={classes(styles.status, row.state === 'failed' && styles.bad)}
          title={text.problem === '' ? undefined : text.problem}
        >
          {text.problem === '' ? text.status : `${text.status}. ${text.problem}`}
        </div>
      </div>
      <div role="gridcell" aria-colindex={2} className={styles.buttons}>
        {verbsFor(row).map((verb) => (
          <IconButton
            key={verb}
            size="small"
            tabIndex={-1}
            label={verbLabel(verb)}
            icon={VERB_ICONS[verb]}
            onClick={() => actions.run(verb, [row.id])}
          />
        ))}
      </div>
    </div>
  );
});

function badge(row: TransferRow): ReactNode {
  switch (row.state) {
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
    default:
      return KIND_ICONS[row.kind];
  }
}
