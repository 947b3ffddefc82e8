/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/interactive-supports-focus -- the list keeps the focus, aria-activedescendant names the row */
import { ChevronRight } from 'lucide-react';
import { memo } from 'react';
import type { GroupId } from '../../../shared/domain/ids.ts';
import type { PanelEntry } from '../../../shared/domain/panel.ts';
import { useServices } from '../../app/services.ts';
import { classes } from '../../components/classes.ts';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { splitForEllipsis } from '../browser/model/display-name.ts';
import { describeGroup } from './describe-group.ts';
import { Badge, type EntryProps, Verbs } from './entry-parts.tsx';
import styles from './transfer-entry.module.css';
import { useTimeLeft } from './use-time-left.ts';

const OPEN_ICON = <ChevronRight size={14} aria-hidden="true" className={styles.arrow} />;
const FOLD_ICON = (
  <ChevronRight
    size={14}
    aria-hidden="true"
    className={classes(styles.arrow, styles.open)}
  />
);

/** Props of {@link GroupItem}. */
export interface GroupItemProps
  extends EntryProps<Extract<PanelEntry, { type: 'group' }>> {
  readonly onOpen: (groupId: GroupId, open: boolean) => void;
}

/** The head of a group: what was asked for, how much of it is done, and what can be done. */
export const GroupItem = memo(function GroupItem(props: GroupItemProps) {
  const { format } = useServices();
  const { entry, actions } = props;
  const { group, open } = entry;
  const left = useTimeLeft(group.secondsLeft, group.id);
  const text = describeGroup(group, format, left);
  const parts = splitForEllipsis(text.name);
  return (
    <div
      id={props.id}
      role="row"
      aria-selected={props.selected}
      aria-expanded={open}
      aria-level={1}
      aria-rowindex={props.line + 1}
      data-group-state={text.state}
      className={classes(
        styles.row,
        styles.group,
        props.selected && styles.selected,
        props.focused && styles.focused,
      )}
      style={{ transform: `translateY(${props.top}px)` }}
      onMouseDown={(event) => props.onMouseDown(entry, event)}
      onDoubleClick={(event) => {
        if (event.target instanceof Element && event.target.closest('button')) return;
        props.onOpen(group.id, !open);
      }}
    >
      <Badge kind={group.kind} state={text.state} />
      <div role="gridcell" aria-colindex={1} className={styles.text}>
        <div className={styles.line}>
          <button
            type="button"
            tabIndex={-1}
            aria-label={`${open ? 'Fold' : 'Open'} ${text.name}`}
            className={styles.fold}
            onClick={() => props.onOpen(group.id, !open)}
          >
            {open ? FOLD_ICON : OPEN_ICON}
          </button>
          <span className={styles.name} title={text.name}>
            <span className={styles.head}>{parts.head}</span>
            <span className={styles.tail}>{parts.tail}</span>
          </span>
          <span className={styles.route} title={text.route}>
            {text.route}
          </span>
        </div>
        {text.share !== undefined && (
          <ProgressBar
            value={text.share}
            label={`Progress of ${text.name}`}
            tone={text.state === 'running' ? 'accent' : 'paused'}
          />
        )}
        <div className={classes(styles.status, text.state === 'failed' && styles.bad)}>
          {text.status}
        </div>
      </div>
      <Verbs entry={entry} actions={actions} />
    </div>
  );
});
