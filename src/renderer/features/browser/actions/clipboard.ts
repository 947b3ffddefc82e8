import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RemoteItem } from '../../../../shared/domain/listing.ts';
import type { Format } from '../../../../shared/lib/format.ts';
import type { Api } from '../../../bridge/api.ts';
import type { Toasts } from '../../../components/toasts.ts';
import type { SettingsReplica } from '../../../stores/settings.ts';
import { displayName } from '../model/display-name.ts';
import { type Location, sameLocation } from '../model/location.ts';
import type { Pane } from '../pane/pane.ts';
import type { ItemActions, SelectedItems } from './items.ts';
import { type BucketLocation, ITEMS_PER_REQUEST, inChunks } from './items.ts';

/** Copy, cut and paste of objects and folders, from anywhere to anywhere. */
export interface Clipboard {
  /** What was taken last. */
  readonly store: StoreApi<{ readonly taken: Taken | null }>;
  /** Takes what is selected; `cut`: pasting moves it. */
  readonly take: (way: 'copy' | 'cut') => void;
  /** Whether something can be pasted. */
  readonly isFilled: () => boolean;
  /** Copies or moves what was taken into the folder on screen. */
  readonly paste: () => Promise<void>;
  /** Copies what is selected under other names beside it. */
  readonly duplicate: () => Promise<void>;
}

/** Items with the folder they were taken from. */
export interface Taken extends SelectedItems {
  readonly way: 'copy' | 'cut';
}

/** Keys of what was cut in a folder and not pasted yet. */
export function cutKeys(
  taken: Taken | null,
  location: Location | null,
): ReadonlySet<string> {
  const isHere = taken?.way === 'cut' && sameLocation(taken.location, location);
  return new Set(isHere ? taken.items.map(({ key }) => key) : []);
}

/** Makes the clipboard of a window. */
export function createClipboard(deps: {
  readonly api: Api;
  readonly pane: Pane;
  readonly items: ItemActions;
  readonly settings: SettingsReplica;
  readonly toasts: Toasts;
  readonly format: Format;
}): Clipboard {
  const { api, pane, items, toasts, format } = deps;
  const store = createStore<{ readonly taken: Taken | null }>(() => ({ taken: null }));

  function here(): BucketLocation | null {
    const { location } = pane.store.getState();
    if (!location || location.bucket === null) return null;
    return { ...location, bucket: location.bucket };
  }

  /** Whether a name is in the list on screen, as a file or a folder. */
  function takenNames(prefix: string): ReadonlySet<string> {
    const { model } = pane.store.getState();
    const names = new Set<string>();
    for (let row = 0; row < (model?.length ?? 0); row += 1) {
      const key = model?.columns.keyOf(row) ?? '';
      names.add(key.slice(prefix.length).replace(/\/$/, ''));
    }
    return names;
  }

  async function send(
    chosen: Taken,
    to: BucketLocation,
    nameOf: (item: RemoteItem) => string,
    conflict: 'ask' | 'rename',
  ): Promise<void> {
    const { connectionId, bucket } = chosen.location;
    const call = chosen.way === 'cut' ? api.transfers.move : api.transfers.copy;
    const targets = chosen.items.map((item) => ({
      item,
      targetKey: `${to.prefix}${nameOf(item)}${item.folder ? '/' : ''}`,
    }));
    for (const chunk of inChunks(targets, ITEMS_PER_REQUEST)) {
      await call({
        connectionId,
        bucket,
        items: [...chunk],
        targetConnectionId: to.connectionId,
        targetBucket: to.bucket,
        conflict,
      });
    }
    deps.settings.change({ transfersVisible: true });
  }

  async function copyBeside(chosen: Taken): Promise<void> {
    const { location } = chosen;
    const names = new Set(takenNames(location.prefix));
    const fresh = (item: RemoteItem): string => {
      const name = copyName(bareName(item, location.prefix), item.folder, names);
      names.add(name);
      return name;
    };
    // What the list does not show yet must not be written over either.
    await send({ ...chosen, way: 'copy' }, location, fresh, 'rename');
  }

  return {
    store,
    take: (way) => {
      const selected = items.selected();
      if (selected === null) return;
      store.setState({ taken: { ...selected, way } });
      const only = selected.items.length === 1 ? selected.items[0] : undefined;
      const what =
        only === undefined
          ? `${format.count(selected.items.length)} items`
          : `“${displayName(bareName(only, selected.location.prefix))}”`;
      toasts.show({
        title: way === 'cut' ? `${what} ready to move` : `${what} ready to copy`,
        description: 'Go to a folder, in any bucket or connection, and paste.',
      });
    },
    isFilled: () => store.getState().taken !== null,
    paste: async () => {
      const to = here();
      const chosen = store.getState().taken;
      if (to === null || chosen === null) return;
      const { prefix } = chosen.location;
      if (sameLocation(to, chosen.location) && chosen.way === 'copy') {
        await copyBeside(chosen);
        return;
      }
      // What was moved is not there any more: pasting twice in a hurry moves it once.
      if (chosen.way === 'cut') store.setState({ taken: null });
      try {
        await send(chosen, to, (item) => bareName(item, prefix), 'ask');
      } catch (error) {
        // Nothing was moved; it can still be pasted elsewhere.
        if (store.getState().taken === null) store.setState({ taken: chosen });
        throw error;
      }
    },
    duplicate: async () => {
      const selected = items.selected();
      if (selected !== null) await copyBeside({ ...selected, way: 'copy' });
    },
  };
}

function bareName(item: RemoteItem, prefix: string): string {
  const name = item.key.slice(prefix.length);
  return item.folder ? name.replace(/\/$/, '') : name;
}

/** `photo copy.jpg`, `photo copy 2.jpg`, … whichever is free. Exported for tests. */
export function copyName(
  name: string,
  folder: boolean,
  names: ReadonlySet<string>,
): string {
  const dot = folder ? -1 : name.lastIndexOf('.');
  const cut = dot > 0 ? dot : name.length;
  const [stem, ending] = [name.slice(0, cut), name.slice(cut)];
  for (let number = 1; ; number += 1) {
    const free = `${stem} copy${number === 1 ? '' : ` ${number}`}${ending}`;
    if (!names.has(free)) return free;
  }
}
