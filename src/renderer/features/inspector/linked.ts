import type { ConnectionId } from '../../../shared/domain/ids.ts';
import type { RemoteItem } from '../../../shared/domain/listing.ts';
import type { InspectorSubject } from './subject.ts';

/** What links can be made to. */
interface Linked {
  readonly connectionId: ConnectionId;
  readonly bucket: string;
  readonly items: readonly RemoteItem[];
}

/** The objects and folders a subject stands for; `null`: there are none. */
export function linkedOf(
  subject: InspectorSubject,
  selected: () => readonly RemoteItem[],
): Linked | null {
  const { kind } = subject;
  if (kind === 'nothing' || kind === 'bucket') return null;
  const { connectionId, bucket } = subject.location;
  if (kind === 'several') {
    return bucket === null ? null : { connectionId, bucket, items: selected() };
  }
  if (kind === 'object') {
    const items = [{ key: subject.row.key, folder: false }];
    return { connectionId, bucket: subject.bucket, items };
  }
  if (subject.prefix === '') return null;
  const items = [{ key: subject.prefix, folder: true }];
  return { connectionId, bucket: subject.bucket, items };
}
