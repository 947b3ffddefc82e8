import type { ConnectionId } from '../../../../shared/domain/ids.ts';
import type { RemoteItem } from '../../../../shared/domain/listing.ts';
import type { Api } from '../../../bridge/api.ts';

/**
 * What lies at the top of a bucket: a bucket has no prefix to name, its folders and objects
 * have. Lists page by page.
 */
export async function itemsOfBucket(
  api: Api,
  connectionId: ConnectionId,
  bucket: string,
  newTaskId: () => string,
): Promise<readonly RemoteItem[]> {
  const items: RemoteItem[] = [];
  let cursor: string | null = null;
  do {
    const page = await api.browse.list({
      connectionId,
      bucket,
      prefix: '',
      cursor,
      // What came meanwhile belongs to it, too.
      fresh: true,
      taskId: newTaskId(),
    });
    for (const key of page.prefixes) items.push({ key, folder: true });
    for (const key of page.keys) items.push({ key, folder: false });
    ({ cursor } = page);
  } while (cursor !== null);
  return items;
}
