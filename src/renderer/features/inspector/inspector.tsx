import { useStore } from 'zustand';
import { useServices } from '../../app/services.ts';
import type { Row } from '../browser/model/columns.ts';
import type { Location } from '../browser/model/location.ts';
import styles from './inspector.module.css';
import { INSPECTOR_PANELS, type InspectorSubject } from './panels.tsx';

/** Rows looked at one by one; beyond this the inspector only counts. */
const MOST_ROWS = 1_000;

/** What the inspector is about, from where one is and what is selected. */
export function subjectOf(
  location: Location | null,
  rows: readonly Row[],
  selected: number,
): InspectorSubject {
  if (!location) return { kind: 'nothing' };
  const only = rows[0];
  if (selected > 1) return { kind: 'several', location, count: selected };
  if (!only) {
    return location.bucket === null
      ? { kind: 'nothing' }
      : { kind: 'folder', location, bucket: location.bucket, prefix: location.prefix };
  }
  if (only.kind === 'bucket') return { kind: 'bucket', location, row: only };
  if (location.bucket === null) return { kind: 'nothing' };
  return only.kind === 'folder'
    ? { kind: 'folder', location, bucket: location.bucket, prefix: only.key }
    : { kind: 'object', location, bucket: location.bucket, row: only };
}

/** The drawer that tells all about what is selected. */
export function Inspector() {
  const { pane, items } = useServices();
  const location = useStore(pane.store, (state) => state.location);
  const selection = useStore(pane.store, (state) => state.selection);
  const selected = selection.rows.size;
  const rows = items.rows(Math.min(selected, MOST_ROWS));
  const subject = subjectOf(location, rows, selected);
  const panels = INSPECTOR_PANELS.filter((panel) => panel.when(subject));
  if (subject.kind === 'nothing') {
    return <p className={styles.nothing}>Select something to see what it is.</p>;
  }
  return (
    <div className={styles.inspector}>
      {panels.map((panel) => (
        <section key={panel.id} className={styles.panel} aria-label={panel.label}>
          <panel.Content subject={subject} />
        </section>
      ))}
    </div>
  );
}
