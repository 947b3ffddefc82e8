import type { ConnectionId } from '../../../shared/domain/ids.ts';
import type { RemoteItem } from '../../../shared/domain/listing.ts';
import type { Api } from '../../bridge/api.ts';

/** Most links made at once; the contract's limit. */
export const MOST_LINKS = 10_000;

/** Objects among and under a selection. */
export interface GatheredKeys {
  readonly keys: readonly string[];
  /** There are more than could be taken. */
  readonly cutOff: boolean;
}

/**
 * The keys of all objects among `items` and under their folders, in the order of the list,
 * at most `most`. Folders' own marker objects are nothing to link to. `stopped` ends it
 * between two pages. Rejects with `AppError`.
 */
export async function gatherKeys(
  api: Pick<Api, 'browse'>,
  place: { readonly connectionId: ConnectionId; readonly bucket: string },
  items: readonly RemoteItem[],
  options: {
    readonly newTaskId: () => string;
    readonly stopped: () => boolean;
    readonly most?: number;
  },
): Promise<GatheredKeys> {
  const { most = MOST_LINKS, stopped } = options;
  const keys: string[] = [];
  // The last is looked at first.
  const open = items.toReversed();
  for (;;) {
    const item = open.pop();
    if (item === undefined || stopped()) return { keys, cutOff: false };
    if (!item.folder) {
      if (keys.length === most) return { keys, cutOff: true };
      keys.push(item.key);
      continue;
    }
    const folders: RemoteItem[] = [];
    let cursor: string | null = null;
    do {
      const page = await api.browse.list({
        ...place,
        prefix: item.key,
        cursor,
        fresh: cursor === null,
        taskId: options.newTaskId(),
      });
      for (const key of page.keys) {
        if (key.endsWith('/')) continue;
        if (keys.length === most) return { keys, cutOff: true };
        keys.push(key);
      }
      folders.push(...page.prefixes.map((key) => ({ key, folder: true })));
      ({ cursor } = page);
    } while (cursor !== null && !stopped());
    open.push(...folders.toReversed());
  }
}
