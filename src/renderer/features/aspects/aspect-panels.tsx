import type { BulkChange } from '../../../shared/domain/aspects.ts';
import { useServices } from '../../app/services.ts';
import { type InspectorSubject, manyOf, placeOf } from '../inspector/subject.ts';
import { AclSummary } from './acl/acl-summary.tsx';
import styles from './aspect-summary.module.css';
import { AspectSummary, SummarySection } from './aspect-summary.tsx';
import { HeadersSummary } from './headers/headers-summary.tsx';
import { TagsSummary } from './tags/tags-summary.tsx';

interface PanelProps {
  readonly subject: InspectorSubject;
}

/** Whether a subject has objects one can change together. */
export function hasObjects(subject: InspectorSubject): boolean {
  return (
    subject.kind === 'folder' ||
    subject.kind === 'bucket' ||
    (subject.kind === 'several' && subject.location.bucket !== null)
  );
}

/** Who may do what: of the bucket or object itself, and of all that is in it. */
export function AclPanel({ subject }: PanelProps) {
  const place = placeOf(subject);
  return (
    <>
      {place !== null && (
        <AspectSummary
          place={place}
          aspect="acl"
          title="Permissions"
          Content={AclSummary}
        />
      )}
      {hasObjects(subject) && (
        <ManySection
          subject={subject}
          aspect="acl"
          title={place === null ? 'Permissions' : 'Objects’ Permissions'}
          note="Nothing inherits: each object has a list of its own."
        />
      )}
    </>
  );
}

/** Headers and user metadata of an object, or of many. */
export function HeadersPanel({ subject }: PanelProps) {
  const place = placeOf(subject);
  if (place !== null && place.key !== null) {
    return (
      <AspectSummary
        place={place}
        aspect="headers"
        title="Headers"
        Content={HeadersSummary}
      />
    );
  }
  return (
    <ManySection
      subject={subject}
      aspect="headers"
      title={place === null ? 'Headers' : 'Objects’ Headers'}
      note="Content type, caching and metadata, object by object."
    />
  );
}

/** Tags of the bucket or object itself, and of all that is in it. */
export function TagsPanel({ subject }: PanelProps) {
  const place = placeOf(subject);
  return (
    <>
      {place !== null && (
        <AspectSummary place={place} aspect="tags" title="Tags" Content={TagsSummary} />
      )}
      {hasObjects(subject) && (
        <ManySection
          subject={subject}
          aspect="tags"
          title={place === null ? 'Tags' : 'Objects’ Tags'}
          note="Added, replaced or removed on each of them."
        />
      )}
    </>
  );
}

/** Opens the sheet that changes an aspect of all objects of a subject. */
function ManySection(props: {
  readonly subject: InspectorSubject;
  readonly aspect: BulkChange['aspect'];
  readonly title: string;
  readonly note: string;
}) {
  const { subject, aspect, title } = props;
  const { dialogs, items } = useServices();
  // Its whole name begins with what can be read: that is what one says to voice control.
  const verb = subject.kind === 'several' ? 'Change' : 'Change All';
  return (
    <SummarySection
      title={title}
      action={{
        label: `${verb}…`,
        name: `${verb}: ${title}`,
        onSelect: () => {
          const many = manyOf(subject, () => items.selected()?.items ?? []);
          if (many !== null) dialogs.open({ kind: 'aspect-many', aspect, ...many });
        },
      }}
    >
      <p className={styles.note}>{props.note}</p>
    </SummarySection>
  );
}
