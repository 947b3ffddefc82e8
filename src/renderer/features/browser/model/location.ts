import type { ConnectionId } from '../../../../shared/domain/ids.ts';
import { parentPrefix } from '../../../../shared/domain/remote-path.ts';

/** A place one can be: the buckets of a connection, or a folder of a bucket. */
export interface Location {
  readonly connectionId: ConnectionId;
  /** `null`: the list of buckets. */
  readonly bucket: string | null;
  /** Empty, or ending in `/`. Opaque. */
  readonly prefix: string;
}

/** Whether both are the same place. */
export function sameLocation(a: Location | null, b: Location | null): boolean {
  if (a === b) return true;
  if (!a || !b) return false;
  return (
    a.connectionId === b.connectionId && a.bucket === b.bucket && a.prefix === b.prefix
  );
}

/**
 * The enclosing folder: of a prefix the one above, of a bucket's root the buckets, of the
 * buckets nothing. `a//b/` lies in `a//`, which lies in `a/`.
 */
export function parentLocation(location: Location): Location | null {
  if (location.bucket === null) return null;
  if (location.prefix === '') return { ...location, bucket: null };
  return { ...location, prefix: parentPrefix(location.prefix) };
}

/** One step of the breadcrumb. */
export interface Crumb {
  readonly name: string;
  readonly location: Location;
}

/** The way from the connection's root down to a location, root first. */
export function crumbs(location: Location, connectionTitle: string): readonly Crumb[] {
  const { connectionId, bucket, prefix } = location;
  const steps: Crumb[] = [
    { name: connectionTitle, location: { connectionId, bucket: null, prefix: '' } },
  ];
  if (bucket === null) return steps;
  steps.push({ name: bucket, location: { connectionId, bucket, prefix: '' } });
  let from = 0;
  for (let slash = prefix.indexOf('/'); slash >= 0; slash = prefix.indexOf('/', from)) {
    steps.push({
      name: prefix.slice(from, slash),
      location: { connectionId, bucket, prefix: prefix.slice(0, slash + 1) },
    });
    from = slash + 1;
  }
  return steps;
}
