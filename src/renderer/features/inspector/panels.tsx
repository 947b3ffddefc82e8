import type { ComponentType } from 'react';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { InspectorTab } from '../../stores/inspector.ts';
import {
  AclPanel,
  HeadersPanel,
  hasObjects,
  TagsPanel,
} from '../aspects/aspect-panels.tsx';
import { CorsPanel, isAboutBucket } from '../cors/cors-panel.tsx';
import { LinksPanel } from '../links/links-panel.tsx';
import { BucketInfo } from './bucket-info.tsx';
import { FolderInfo } from './folder-info.tsx';
import { linkedOf } from './linked.ts';
import { ObjectInfo } from './object-info.tsx';
import { SeveralInfo } from './several-info.tsx';
import { type InspectorSubject, placeOf } from './subject.ts';

/** A part of the inspector. */
export interface InspectorPanel {
  readonly id: string;
  /** The page it is on. */
  readonly tab: InspectorTab;
  readonly when: (subject: InspectorSubject) => boolean;
  readonly Content: ComponentType<{ readonly subject: InspectorSubject }>;
}

/** Every part of the inspector, in order. */
export const INSPECTOR_PANELS: readonly InspectorPanel[] = [
  {
    id: 'info',
    tab: 'info',
    when: (subject) => subject.kind !== 'nothing',
    Content: Info,
  },
  {
    id: 'acl',
    tab: 'access',
    when: isAbout,
    Content: AclPanel,
  },
  {
    id: 'headers',
    tab: 'metadata',
    when: isAbout,
    Content: HeadersPanel,
  },
  {
    id: 'tags',
    tab: 'metadata',
    when: isAbout,
    Content: TagsPanel,
  },
  {
    id: 'cors',
    tab: 'access',
    when: isAboutBucket,
    Content: CorsPanel,
  },
  {
    id: 'links',
    tab: 'links',
    when: (subject) => linkedOf(subject, () => []) !== null,
    Content: LinksPanel,
  },
];

/** Whether there is a bucket, or there are objects, to ask and to change. */
function isAbout(subject: InspectorSubject): boolean {
  return placeOf(subject) !== null || hasObjects(subject);
}

function Info({ subject }: { readonly subject: InspectorSubject }) {
  switch (subject.kind) {
    case 'nothing':
      return null;
    case 'bucket':
      return (
        <BucketInfo connectionId={subject.location.connectionId} row={subject.row} />
      );
    case 'folder':
      return (
        <FolderInfo
          key={subject.bucket + subject.prefix}
          connectionId={subject.location.connectionId}
          bucket={subject.bucket}
          prefix={subject.prefix}
        />
      );
    case 'object':
      return (
        <ObjectInfo
          connectionId={subject.location.connectionId}
          bucket={subject.bucket}
          row={subject.row}
        />
      );
    case 'several':
      return <SeveralInfo location={subject.location} />;
    default:
      return assertNever(subject);
  }
}
