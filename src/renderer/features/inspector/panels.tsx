import type { ComponentType } from 'react';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { Row } from '../browser/model/columns.ts';
import type { Location } from '../browser/model/location.ts';
import { BucketInfo } from './bucket-info.tsx';
import { FolderInfo } from './folder-info.tsx';
import { ObjectInfo } from './object-info.tsx';
import { SeveralInfo } from './several-info.tsx';

/** What the inspector is about. */
export type InspectorSubject =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'bucket'; readonly location: Location; readonly row: Row }
  | {
      readonly kind: 'folder';
      readonly location: Location;
      readonly bucket: string;
      readonly prefix: string;
    }
  | {
      readonly kind: 'object';
      readonly location: Location;
      readonly bucket: string;
      readonly row: Row;
    }
  | { readonly kind: 'several'; readonly location: Location; readonly count: number };

/** A part of the inspector. */
export interface InspectorPanel {
  readonly id: string;
  readonly label: string;
  readonly when: (subject: InspectorSubject) => boolean;
  readonly Content: ComponentType<{ readonly subject: InspectorSubject }>;
}

/** Every part of the inspector, in order. */
export const INSPECTOR_PANELS: readonly InspectorPanel[] = [
  {
    id: 'info',
    label: 'Info',
    when: (subject) => subject.kind !== 'nothing',
    Content: Info,
  },
];

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
      return <SeveralInfo location={subject.location} count={subject.count} />;
    default:
      return assertNever(subject);
  }
}
