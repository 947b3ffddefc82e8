import { useStore } from 'zustand';
import { baseName } from '../../../shared/domain/remote-path.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import { useServices } from '../../app/services.ts';
import { Tabs } from '../../components/tabs.tsx';
import type { InspectorTab } from '../../stores/inspector.ts';
import { displayName } from '../browser/model/display-name.ts';
import { iconKind } from '../browser/name-cell.tsx';
import { ExposureBadge } from '../exposure/exposure-badge.tsx';
import styles from './inspector.module.css';
import { INSPECTOR_PANELS } from './panels.tsx';
import { Title } from './parts.tsx';
import { type InspectorSubject, placeOf, subjectOf } from './subject.ts';

/** Rows looked at one by one; beyond this the inspector only counts. */
const MOST_ROWS = 1_000;

const TABS: readonly { readonly value: InspectorTab; readonly label: string }[] = [
  { value: 'info', label: 'Info' },
  { value: 'access', label: 'Access' },
  { value: 'metadata', label: 'Metadata' },
  { value: 'links', label: 'Links' },
];

/** The drawer that tells all about what is selected. */
export function Inspector() {
  const { pane, items, inspector } = useServices();
  const location = useStore(pane.store, (state) => state.location);
  const selection = useStore(pane.store, (state) => state.selection);
  const tab = useStore(inspector.store, (state) => state.tab);
  const selected = selection.rows.size;
  const rows = items.rows(Math.min(selected, MOST_ROWS));
  const subject = subjectOf(location, rows, selected);
  const panels = INSPECTOR_PANELS.filter((panel) => panel.when(subject));
  if (subject.kind === 'nothing') {
    return <p className={styles.nothing}>Select something to see what it is.</p>;
  }
  const pages = TABS.filter(({ value }) => panels.some((panel) => panel.tab === value));
  // What was looked at last may not be there for this: then the first page is.
  const shown = pages.some(({ value }) => value === tab) ? tab : 'info';
  return (
    <div className={styles.inspector}>
      <SubjectTitle subject={subject} />
      <Tabs
        label="About it"
        value={shown}
        onChange={inspector.show}
        pages={pages.map(({ value, label }) => ({
          value,
          label,
          content: panels
            .filter((panel) => panel.tab === value)
            .map((panel) => (
              <div key={panel.id} className={styles.panel}>
                <panel.Content subject={subject} />
              </div>
            )),
        }))}
      />
    </div>
  );
}

/** What it is about, above every page. */
function SubjectTitle({
  subject,
}: {
  readonly subject: Exclude<InspectorSubject, { readonly kind: 'nothing' }>;
}) {
  const { format } = useServices();
  const place = placeOf(subject);
  const badge = place && (
    <ExposureBadge
      key={JSON.stringify(place)}
      place={place}
      version={subject.kind === 'object' ? String(subject.row.modified) : ''}
    />
  );
  switch (subject.kind) {
    case 'bucket':
      return <Title kind="bucket" name={subject.row.name} note="Bucket" badge={badge} />;
    case 'folder':
      return subject.prefix === '' ? (
        <Title kind="bucket" name={subject.bucket} note="Bucket" badge={badge} />
      ) : (
        <Title kind="folder" name={displayName(baseName(subject.prefix))} note="Folder" />
      );
    case 'object':
      return (
        <Title
          kind={iconKind(subject.row)}
          name={subject.row.name}
          note={subject.row.kindText}
          badge={badge}
        />
      );
    case 'several':
      return (
        <Title
          kind="file"
          name={`${format.count(subject.count)} items`}
          note="Selected"
        />
      );
    default:
      return assertNever(subject);
  }
}
