/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/interactive-supports-focus -- the list keeps the focus, aria-activedescendant names the row */
import { Info } from 'lucide-react';
import { memo } from 'react';
import type { PanelEntry } from '../../../shared/domain/panel.ts';
import type { TransferRow } from '../../../shared/domain/transfer.ts';
import { useServices } from '../../app/services.ts';
import { classes } from '../../components/classes.ts';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { displayName, splitForEllipsis } from '../browser/model/display-name.ts';
import { describeTransfer, fullRoute, secondsFor } from './describe.ts';
import { Badge, EntryButton, type EntryProps, Verbs } from './entry-parts.tsx';
import styles from './transfer-entry.module.css';
import { useCountdown, useTimeLeft } from './use-time-left.ts';

const DETAILS_ICON = <Info size={14} />;

/** Props of {@link TransferItem}. */
export interface TransferItemProps
  extends EntryProps<Extract<PanelEntry, { type: 'row' }>> {
  readonly onDetails: (row: TransferRow) => void;
}

/** One transfer: what, how far, and buttons for what can be done. */
export const TransferItem = memo(function TransferItem(props: TransferItemProps) {
  const { format } = useServices();
  const { entry, actions } = props;
  const { row } = entry;
  const now = useCountdown(row.state === 'waiting' ? row.waitUntil : null);
  const left = useTimeLeft(secondsFor(row), row.id);
  const text = describeTransfer(row, format, now, left);
  const name = displayName(row.name);
  const parts = splitForEllipsis(name);
  const waits = row.state === 'waiting' && row.waitReason === 'backoff';
  return (
    <div
      id={props.id}
      role="row"
      aria-selected={props.selected}
      aria-level={entry.inGroup ? 2 : 1}
      aria-rowindex={props.line + 1}
      data-transfer-state={row.state}
      className={classes(
        styles.row,
        entry.inGroup && styles.inner,
        props.selected && styles.selected,
        props.focused && styles.focused,
      )}
      style={{ transform: `translateY(${props.top}px)` }}
      onMouseDown={(event) => props.onMouseDown(entry, event)}
      onDoubleClick={(event) => {
        if (event.target instanceof Element && event.target.closest('button')) return;
        props.onDetails(row);
      }}
    >
      <Badge kind={row.kind} state={row.state} />
      <div role="gridcell" aria-colindex={1} className={styles.text}>
        <div className={styles.line}>
          <span className={styles.name} title={name}>
            <span className={styles.head}>{parts.head}</span>
            <span className={styles.tail}>{parts.tail}</span>
          </span>
          <span className={styles.route} title={fullRoute(row)}>
            {text.route}
          </span>
        </div>
        {text.share !== undefined && (
          <ProgressBar
            value={text.share}
            label={`Progress of ${name}`}
            tone={row.state === 'running' ? 'accent' : 'paused'}
          />
        )}
        <div
          className={classes(styles.status, row.state === 'failed' && styles.bad)}
          title={text.problem === '' ? undefined : text.problem}
        >
          {text.problem === '' || waits ? text.status : `${text.status}. ${text.problem}`}
        </div>
      </div>
      <Verbs entry={entry} actions={actions}>
        <EntryButton
          label="Details"
          icon={DETAILS_ICON}
          onClick={() => props.onDetails(row)}
        />
      </Verbs>
    </div>
  );
});
