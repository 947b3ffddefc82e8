import type { AspectName } from '../../shared/domain/aspects.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import type { Api } from '../bridge/api.ts';
import type { CommandBinding, CommandBindings } from '../commands/registry.ts';
import type { Toasts } from '../components/toasts.ts';
import type { Clipboard } from '../features/browser/actions/clipboard.ts';
import type { ItemActions } from '../features/browser/actions/items.ts';
import type { Navigation } from '../features/browser/actions/navigation.ts';
import { parentLocation } from '../features/browser/model/location.ts';
import type { Pane } from '../features/browser/pane/pane.ts';
import type { AspectActions } from '../features/inspector/aspect-actions.ts';
import type { BookmarksReplica } from '../stores/bookmarks.ts';
import type { Dialogs } from '../stores/dialogs.ts';
import type { SettingsReplica } from '../stores/settings.ts';
import type { Transfers } from '../stores/transfers.ts';
import type { Focus } from './focus.ts';

/** What the commands work with. */
export interface CommandDeps {
  readonly api: Api;
  readonly pane: Pane;
  readonly navigation: Navigation;
  readonly items: ItemActions;
  readonly clipboard: Clipboard;
  readonly aspects: AspectActions;
  readonly dialogs: Dialogs;
  readonly settings: SettingsReplica;
  readonly bookmarks: BookmarksReplica;
  readonly transfers: Transfers;
  readonly toasts: Toasts;
  readonly focus: Focus;
  readonly reportError: (error: unknown) => void;
}

/** What each command does and when. */
export function bindCommands(deps: CommandDeps): CommandBindings {
  const { api, pane, navigation, items, dialogs, settings, transfers, focus } = deps;
  const { clipboard, aspects } = deps;
  const state = () => pane.store.getState();
  const located = () => state().location !== null;
  const inBucket = () => (state().location?.bucket ?? null) !== null;
  const selected = () => state().selection.rows.size;
  const totals = () => transfers.store.getState().totals;
  const attempt = (work: () => Promise<unknown>) => (): void => {
    work().catch(deps.reportError);
  };
  const withConnection =
    (kind: 'new-bucket' | 'add-bucket' | 'go-to-folder') => (): void => {
      const { location } = state();
      if (location) dialogs.open({ kind, connectionId: location.connectionId });
    };
  const toggle = (key: keyof Settings & `${string}Visible`): CommandBinding => ({
    when: () => settings.store.getState().settings !== null,
    checked: () => settings.store.getState().settings?.[key] ?? false,
    run: () => {
      const now = settings.store.getState().settings;
      if (now) settings.change({ [key]: !now[key] });
    },
  });

  const ofAspect = (aspect: AspectName): CommandBinding => ({
    when: () => inBucket() || selected() > 0,
    whyNot: () => aspects.whyNot(aspect),
    run: () => aspects.open(aspect),
  });

  return {
    'bookmark.new': {
      run: () => dialogs.open({ kind: 'bookmark', bookmarkId: null, folderId: null }),
    },
    'connection.quick': { run: () => dialogs.open({ kind: 'quick-connect' }) },
    'connection.close': { when: located, run: attempt(() => navigation.disconnect()) },
    'browse.newFolder': { when: inBucket, run: () => items.askNewFolder() },
    'browse.newBucket': { when: located, run: withConnection('new-bucket') },
    'browse.addBucket': { when: located, run: withConnection('add-bucket') },
    'transfer.uploadFiles': { when: inBucket, run: attempt(() => items.upload('files')) },
    'transfer.uploadFolder': {
      when: inBucket,
      run: attempt(() => items.upload('folders')),
    },
    'transfer.download': {
      when: () => inBucket() && selected() > 0,
      run: attempt(() => items.download(false)),
    },
    'transfer.downloadTo': {
      when: () => inBucket() && selected() > 0,
      run: attempt(() => items.download(true)),
    },
    'bookmark.import': {
      run: attempt(async () => {
        const { added } = await api.bookmarks.importFile();
        if (added > 0) {
          deps.toasts.show({
            tone: 'success',
            title: added === 1 ? 'Added 1 bookmark' : `Added ${added} bookmarks`,
          });
        }
      }),
    },
    'bookmark.export': {
      when: () => (deps.bookmarks.store.getState().state?.bookmarks.length ?? 0) > 0,
      run: attempt(async () => {
        const { path } = await api.bookmarks.exportAll();
        if (path !== null) {
          deps.toasts.show({
            tone: 'success',
            title: 'Exported the bookmarks',
            description: `${path} holds no secret keys.`,
          });
        }
      }),
    },
    'item.open': { when: () => selected() > 0, run: () => items.openSelection() },
    'item.copy': {
      when: () => inBucket() && selected() > 0,
      run: () => clipboard.take('copy'),
    },
    'item.cut': {
      when: () => inBucket() && selected() > 0,
      run: () => clipboard.take('cut'),
    },
    'item.paste': {
      when: () => inBucket() && clipboard.isFilled(),
      run: attempt(() => clipboard.paste()),
    },
    'item.duplicate': {
      when: () => inBucket() && selected() > 0,
      run: attempt(() => clipboard.duplicate()),
    },
    'item.rename': {
      when: () => inBucket() && selected() === 1,
      run: () => items.askRename(),
    },
    'item.delete': {
      when: () => selected() > 0 && (inBucket() || selected() === 1),
      run: () => items.askDelete(),
    },
    'item.copyUrl': {
      when: () => inBucket() || selected() > 0,
      run: attempt(() => items.copyAddress('url')),
    },
    'item.copyS3Path': {
      when: () => inBucket() || selected() > 0,
      run: attempt(() => items.copyAddress('s3')),
    },
    'item.createLink': {
      when: located,
      whyNot: () => aspects.whyNoLink(),
      run: () => aspects.openLinks(),
    },
    'item.permissions': ofAspect('acl'),
    'item.headers': ofAspect('headers'),
    'item.tags': ofAspect('tags'),
    'item.cors': ofAspect('cors'),
    'list.selectAll': {
      when: () => (state().model?.length ?? 0) > 0,
      run: () => {
        pane.select({ kind: 'all' });
        focus.to('list');
      },
    },
    'list.filter': { when: located, run: () => focus.to('filter') },
    'view.refresh': { when: located, run: () => pane.refresh() },
    'view.stop': { when: () => state().phase === 'loading', run: () => pane.stop() },
    'view.hidden': {
      checked: () => settings.store.getState().settings?.showHidden ?? false,
      run: () => {
        const now = settings.store.getState().settings;
        if (now) settings.change({ showHidden: !now.showHidden });
      },
    },
    'view.sidebar': toggle('sidebarVisible'),
    'view.inspector': toggle('inspectorVisible'),
    'view.transfers': toggle('transfersVisible'),
    'view.requests': toggle('requestsVisible'),
    'browse.verify': {
      when: () => inBucket() && verifiable(items) !== null,
      run: attempt(async () => {
        const prefix = verifiable(items);
        const { location } = state();
        if (prefix === null || !location || location.bucket === null) return;
        const title = 'Compare with';
        const { path: folder } = await api.app.chooseFolder({ title });
        if (folder === null) return;
        const { connectionId, bucket } = location;
        dialogs.open({
          kind: 'verify',
          connectionId,
          bucket,
          prefix: prefix === '' ? location.prefix : prefix,
          folder,
        });
      }),
    },
    'transfer.exportHistory': {
      run: attempt(async () => {
        const filter = { kind: null, text: '' } as const;
        const { path, rows } = await api.transfers.exportHistory({
          format: 'csv',
          filter,
        });
        if (path === null) return;
        deps.toasts.show({
          tone: 'success',
          title: rows === 1 ? 'Exported 1 transfer' : `Exported ${rows} transfers`,
          description: path,
        });
      }),
    },
    'app.preferences': { run: () => dialogs.open({ kind: 'preferences' }) },
    'go.back': {
      when: () => state().history.back.length > 0,
      run: () => pane.back(),
    },
    'go.forward': {
      when: () => state().history.forward.length > 0,
      run: () => pane.forward(),
    },
    'go.up': {
      when: () => {
        const { location } = state();
        return location !== null && parentLocation(location) !== null;
      },
      run: () => pane.up(),
    },
    'go.folder': { when: located, run: withConnection('go-to-folder') },
    'go.address': { when: located, run: () => focus.to('address') },
    'transfer.pauseAll': {
      when: () => {
        const now = totals();
        return now !== null && now.queued + now.running + now.waiting > 0;
      },
      run: attempt(() => api.transfers.pause({ ids: null })),
    },
    'transfer.resumeAll': {
      when: () => (totals()?.paused ?? 0) > 0,
      run: attempt(() => api.transfers.resume({ ids: null })),
    },
    'transfer.retryAll': {
      when: () => (totals()?.failed ?? 0) > 0,
      run: attempt(() => api.transfers.retry({ ids: null })),
    },
    'transfer.clearFinished': {
      when: () => {
        const now = totals();
        return now !== null && now.done + now.cancelled + now.skipped > 0;
      },
      run: attempt(() => api.transfers.clear({ ids: null })),
    },
    'app.shortcuts': { run: () => dialogs.open({ kind: 'shortcuts' }) },
  };
}

/**
 * The folder to compare: the one that is selected, or an empty text for the one on screen.
 * `null`: a file is selected, or several things.
 */
function verifiable(items: ItemActions): string | null {
  const [item, another] = items.rows(2);
  if (item === undefined) return '';
  return another === undefined && item.kind === 'folder' ? item.key : null;
}
