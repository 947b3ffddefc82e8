import type { Place } from '../../../shared/domain/aspects.ts';
import type { RemoteItem } from '../../../shared/domain/listing.ts';
import type { ManyPlace } from '../../stores/dialogs.ts';
import type { Row } from '../browser/model/columns.ts';
import type { Location } from '../browser/model/location.ts';

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

/** The bucket or the object it is about; `null` where it is a folder or several things. */
export function placeOf(subject: InspectorSubject): Place | null {
  switch (subject.kind) {
    case 'bucket':
      return {
        connectionId: subject.location.connectionId,
        bucket: subject.row.key,
        key: null,
      };
    case 'object':
      return {
        connectionId: subject.location.connectionId,
        bucket: subject.bucket,
        key: subject.row.key,
      };
    case 'folder':
      // At the top of a bucket with nothing selected: the bucket itself.
      return subject.prefix === ''
        ? {
            connectionId: subject.location.connectionId,
            bucket: subject.bucket,
            key: null,
          }
        : null;
    default:
      return null;
  }
}

/**
 * The objects it is about, to change together: those of a bucket, under a folder, or what
 * is selected in a bucket. `null` where there are none, or it is one object.
 */
export function manyOf(
  subject: InspectorSubject,
  selected: () => readonly RemoteItem[],
): ManyPlace | null {
  switch (subject.kind) {
    case 'bucket':
      return {
        connectionId: subject.location.connectionId,
        bucket: subject.row.key,
        items: null,
      };
    case 'folder':
      return {
        connectionId: subject.location.connectionId,
        bucket: subject.bucket,
        items: subject.prefix === '' ? null : [{ key: subject.prefix, folder: true }],
      };
    case 'several': {
      const { connectionId, bucket } = subject.location;
      const items = selected();
      return bucket === null || items.length === 0
        ? null
        : { connectionId, bucket, items };
    }
    default:
      return null;
  }
}
