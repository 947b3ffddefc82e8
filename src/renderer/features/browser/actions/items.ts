import type { RemoteItem } from '../../../../shared/domain/listing.ts';
import type { Format } from '../../../../shared/lib/format.ts';
import type { Api } from '../../../bridge/api.ts';
import type { Toasts } from '../../../components/toasts.ts';
import type { Dialogs } from '../../../stores/dialogs.ts';
import type { SettingsReplica } from '../../../stores/settings.ts';
import type { Unfinished } from '../../../stores/unfinished.ts';
import type { TransferStarter } from '../../transfers/start-transfer.ts';
import type { Row } from '../model/columns.ts';
import type { Location } from '../model/location.ts';
import type { Pane } from '../pane/pane.ts';

/** A location inside a bucket. */
export type BucketLocation = Location & { readonly bucket: string };

/** What is selected in a bucket, ready to act upon. */
export interface SelectedItems {
  readonly location: BucketLocation;
  readonly items: readonly RemoteItem[];
}

/** Acting on what is selected. */
export interface ItemActions {
  /** The selected rows, at most `limit` of them, in no particular order. */
  readonly rows: (limit?: number) => readonly Row[];
  /** The selected objects and folders; `null` when there are none or they are buckets. */
  readonly selected: () => SelectedItems | null;
  /** Opens a folder or bucket; downloads a file. */
  readonly activate: (row: Row) => void;
  readonly openSelection: () => void;
  readonly download: (choose: boolean) => Promise<void>;
  readonly upload: (kind: 'files' | 'folders') => Promise<void>;
  /** Uploads local paths under a prefix of the bucket on screen. */
  readonly uploadPaths: (paths: readonly string[], prefix: string) => Promise<void>;
  /** Starts dragging to the desktop. */
  readonly dragOut: (selected: SelectedItems) => Promise<void>;
  readonly askDelete: () => void;
  readonly askRename: () => void;
  readonly askNewFolder: () => void;
  readonly askMove: (selected: SelectedItems, targetPrefix: string) => void;
  readonly copyAddress: (kind: 'url' | 's3') => Promise<void>;
}

/** Most items one request may carry. */
export const ITEMS_PER_REQUEST = 100_000;
/** Most addresses copied at once. */
const MOST_ADDRESSES = 1_000;
/** Most items dragged to the desktop at once. */
const MOST_DRAGGED = 1_000;

/** A list in pieces of at most `size`. */
export function inChunks<T>(
  items: readonly T[],
  size: number,
): readonly (readonly T[])[] {
  const chunks: (readonly T[])[] = [];
  for (let from = 0; from < items.length; from += size) {
    chunks.push(items.slice(from, from + size));
  }
  return chunks;
}

/** The item a row stands for; `null` for a bucket. */
export function itemOf(row: Row): RemoteItem | null {
  return row.kind === 'bucket' ? null : { key: row.key, folder: row.kind === 'folder' };
}

/** Makes the item actions of a window. */
export function createItemActions(deps: {
  readonly api: Api;
  readonly pane: Pane;
  readonly dialogs: Dialogs;
  readonly toasts: Toasts;
  readonly settings: SettingsReplica;
  readonly starter: TransferStarter;
  readonly unfinished: Unfinished;
  readonly format: Format;
  readonly onError: (error: unknown) => void;
}): ItemActions {
  const { api, pane, dialogs, toasts, unfinished } = deps;

  function rows(limit = Number.POSITIVE_INFINITY): readonly Row[] {
    const { model, selection } = pane.store.getState();
    const result: Row[] = [];
    if (!model) return result;
    for (const row of selection.rows) {
      if (result.length >= limit) break;
      result.push(model.columns.row(row));
    }
    return result;
  }

  function here(): BucketLocation | null {
    const { location } = pane.store.getState();
    if (!location || location.bucket === null) return null;
    return { ...location, bucket: location.bucket };
  }

  function selected(): SelectedItems | null {
    const { model, selection } = pane.store.getState();
    const location = here();
    if (!location || !model || selection.rows.size === 0) return null;
    const items = Array.from(selection.rows, (row) => ({
      key: model.columns.keyOf(row),
      folder: model.columns.kindOf(row) === 'folder',
    }));
    return { location, items };
  }

  async function chosenFolder(): Promise<string | null> {
    return (await api.app.chooseFolder({ title: 'Download to' })).path;
  }

  async function downloadsFolder(): Promise<string> {
    const own = deps.settings.store.getState().settings?.downloadFolder ?? '';
    return own === '' ? (await api.app.info()).downloadsFolder : own;
  }

  async function downloadItems(chosen: SelectedItems, choose: boolean): Promise<void> {
    const folder = choose ? await chosenFolder() : await downloadsFolder();
    if (folder === null) return;
    const { connectionId, bucket, prefix } = chosen.location;
    await deps.starter.start({
      kind: 'download',
      connectionId,
      bucket,
      basePrefix: prefix,
      items: chosen.items,
      folder,
    });
  }

  async function uploadPaths(paths: readonly string[], prefix: string): Promise<void> {
    const location = here();
    const usable = paths.filter((path) => path !== '');
    if (!location || usable.length === 0) return;
    await deps.starter.start({
      kind: 'upload',
      connectionId: location.connectionId,
      bucket: location.bucket,
      prefix,
      paths: usable,
    });
  }

  async function removeItems(chosen: SelectedItems): Promise<void> {
    const { connectionId, bucket } = chosen.location;
    for (const items of inChunks(chosen.items, ITEMS_PER_REQUEST)) {
      await api.transfers.remove({ connectionId, bucket, items: [...items] });
    }
    pane.select({ kind: 'none' });
  }

  function activate(row: Row): void {
    const { location } = pane.store.getState();
    if (!location) return;
    const { connectionId, bucket } = location;
    if (row.kind === 'bucket') {
      pane.navigate({ connectionId, bucket: row.key, prefix: '' });
    } else if (row.kind === 'folder') {
      pane.navigate({ connectionId, bucket, prefix: row.key });
    } else {
      const item = itemOf(row);
      const inside = here();
      if (!item || !inside) return;
      downloadItems({ location: inside, items: [item] }, false).catch(report);
    }
  }

  function report(error: unknown): void {
    deps.onError(error);
  }

  return {
    rows,
    selected,
    activate,
    uploadPaths,
    openSelection: () => {
      const chosen = rows(2);
      const only = chosen[0];
      if (only && chosen.length === 1) activate(only);
      else {
        const items = selected();
        if (items) downloadItems(items, false).catch(report);
      }
    },
    download: async (choose) => {
      const items = selected();
      if (items) await downloadItems(items, choose);
    },
    upload: async (kind) => {
      const location = here();
      if (!location) return;
      const { paths } = await api.app.chooseFiles({ kind });
      await uploadPaths(paths, location.prefix);
    },
    dragOut: async ({ location, items }) => {
      if (items.length > MOST_DRAGGED) {
        // Some of them only would be worse than none.
        toasts.show({
          tone: 'warning',
          title: `At most ${deps.format.count(MOST_DRAGGED)} items can be dragged to the desktop`,
          description: `${deps.format.count(items.length)} are selected. Download To… takes any number, and so does a folder of this list.`,
        });
        return;
      }
      const release = unfinished.hold('drag');
      try {
        await api.app.startDrag({
          connectionId: location.connectionId,
          bucket: location.bucket,
          basePrefix: location.prefix,
          items: [...items],
        });
      } finally {
        release();
      }
    },
    askDelete: () => {
      const { location } = pane.store.getState();
      if (!location) return;
      if (location.bucket === null) {
        const only = rows(1)[0];
        if (only) {
          dialogs.open({
            kind: 'delete-bucket',
            connectionId: location.connectionId,
            bucket: only.key,
          });
        }
        return;
      }
      const items = selected();
      if (!items) return;
      const { settings } = deps.settings.store.getState();
      // A folder may hold any number of objects: that is always asked about.
      if (
        settings?.confirmDelete === false &&
        items.items.every((item) => !item.folder)
      ) {
        removeItems(items).catch(report);
        return;
      }
      dialogs.open({
        kind: 'delete',
        connectionId: location.connectionId,
        bucket: location.bucket,
        items: items.items,
      });
    },
    askRename: () => {
      const chosen = selected();
      const item = chosen?.items[0];
      if (!chosen || !item || chosen.items.length !== 1) return;
      dialogs.open({
        kind: 'rename',
        connectionId: chosen.location.connectionId,
        bucket: chosen.location.bucket,
        prefix: chosen.location.prefix,
        item,
      });
    },
    askNewFolder: () => {
      const location = here();
      if (!location) return;
      dialogs.open({
        kind: 'new-folder',
        connectionId: location.connectionId,
        bucket: location.bucket,
        prefix: location.prefix,
      });
    },
    askMove: ({ location, items }, targetPrefix) => {
      dialogs.open({
        kind: 'move',
        connectionId: location.connectionId,
        bucket: location.bucket,
        prefix: location.prefix,
        items,
        targetPrefix,
      });
    },
    copyAddress: async (kind) => {
      const { location } = pane.store.getState();
      if (!location) return;
      const { connectionId } = location;
      const chosen = rows(MOST_ADDRESSES);
      const left = pane.store.getState().selection.rows.size - chosen.length;
      const targets =
        chosen.length > 0
          ? chosen.map((row) =>
              row.kind === 'bucket'
                ? { bucket: row.key, key: '' }
                : { bucket: location.bucket ?? '', key: row.key },
            )
          : [{ bucket: location.bucket ?? '', key: location.prefix }];
      const addresses = await Promise.all(
        targets
          .filter(({ bucket }) => bucket !== '')
          .map((target) => api.browse.urls({ connectionId, ...target })),
      );
      if (addresses.length === 0) return;
      const lines = addresses.map((urls) => (kind === 'url' ? urls.https : urls.s3));
      await api.app.copyText({ text: lines.join('\n') });
      const what = kind === 'url' ? 'URL' : 's3:// path';
      toasts.show({
        title:
          lines.length === 1
            ? `Copied the ${what}`
            : `Copied ${deps.format.count(lines.length)} ${what}s`,
        description:
          left > 0
            ? `${deps.format.count(left)} more are selected: only the first ${deps.format.count(MOST_ADDRESSES)} were copied.`
            : lines.length === 1
              ? lines[0]
              : undefined,
        tone: left > 0 ? 'warning' : 'success',
      });
    },
  };
}
