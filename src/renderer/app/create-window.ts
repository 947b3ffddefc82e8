import type { Bridge } from '../../shared/bridge.ts';
import type { GroupFinished, GroupProgressed } from '../../shared/contract/transfers.ts';
import { deserializeError } from '../../shared/errors/error.ts';
import { createFormat } from '../../shared/lib/format.ts';
import { naturalKey, surelyBefore } from '../../shared/lib/natural-sort.ts';
import { createApi, createSubscribe } from '../bridge/api.ts';
import { attachNativeMenu, attachShortcuts, isPopupOpen } from '../commands/attach.ts';
import { createCommands } from '../commands/registry.ts';
import { createToasts } from '../components/toasts.ts';
import { createClipboard } from '../features/browser/actions/clipboard.ts';
import { createItemActions } from '../features/browser/actions/items.ts';
import { createNavigation } from '../features/browser/actions/navigation.ts';
import { createWindowSlicer } from '../features/browser/model/sliced.ts';
import { Pane } from '../features/browser/pane/pane.ts';
import { createAspectActions } from '../features/inspector/aspect-actions.ts';
import { createRequestLog } from '../features/requests/request-log.ts';
import { groupFinishedToast, mergeGroups } from '../features/transfers/group-finished.ts';
import { createTransferStarter } from '../features/transfers/start-transfer.ts';
import { createErrorReporter } from '../lib/report-error.ts';
import { createBookmarks } from '../stores/bookmarks.ts';
import { createConnections } from '../stores/connections.ts';
import { createDialogs } from '../stores/dialogs.ts';
import { createInspectorStore } from '../stores/inspector.ts';
import { createSettings } from '../stores/settings.ts';
import { createTransfers } from '../stores/transfers.ts';
import { createUnfinished } from '../stores/unfinished.ts';
import { attachDoubleClicks } from './attach-double-clicks.ts';
import { bindCommands } from './command-bindings.ts';
import { createFocus } from './focus.ts';
import { attachLinks } from './open-location.ts';
import type { Services } from './services.ts';

/** Milliseconds in which ends of groups are gathered into one refresh. */
const REFRESH_MS = 250;
/** Longer listings are not read again while a group still runs. */
const QUICK_ROWS = 5_000;

/** A window's parts, tied together, and how to take them apart again. */
export interface WindowApp {
  readonly services: Services;
  readonly dispose: () => void;
}

/** The composition root of the window: makes every part and hands it what it needs. */
export function createWindowApp(bridge: Bridge, window: Window): WindowApp {
  const api = createApi(bridge);
  const subscribe = createSubscribe(bridge);
  const toasts = createToasts();
  const reportError = createErrorReporter(toasts);
  const format = createFormat();
  const dialogs = createDialogs();
  const settings = createSettings(api, subscribe, reportError);
  const bookmarks = createBookmarks(api, subscribe, reportError);
  const connections = createConnections();
  const transfers = createTransfers(api, subscribe, reportError);
  const unfinished = createUnfinished((what) => {
    api.app.setUnfinished({ what }).catch(reportError);
  });
  const starter = createTransferStarter({
    api,
    dialogs,
    settings,
    unfinished,
    later: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
  const requestLog = createRequestLog(api, reportError);
  const inspector = createInspectorStore();
  const focus = createFocus();
  const pane = new Pane({
    api,
    slicer: createWindowSlicer(),
    names: { naturalKey, surelyBefore },
    newTaskId,
    showHidden: false,
    later: (run, ms) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  });
  const navigation = createNavigation({ api, pane, connections, newTaskId });
  const items = createItemActions({
    api,
    pane,
    dialogs,
    toasts,
    settings,
    starter,
    unfinished,
    format,
    onError: reportError,
  });
  const clipboard = createClipboard({ api, pane, items, settings, toasts, format });
  const commands = createCommands(
    bindCommands({
      api,
      pane,
      navigation,
      items,
      clipboard,
      aspects: createAspectActions({ pane, items, dialogs, inspector, connections }),
      dialogs,
      settings,
      bookmarks,
      transfers,
      toasts,
      focus,
      reportError,
    }),
    () =>
      dialogs.store.getState().open === null &&
      transfers.store.getState().conflict === null,
  );
  const services: Services = {
    bridge,
    api,
    subscribe,
    format,
    toasts,
    reportError,
    dialogs,
    settings,
    bookmarks,
    connections,
    transfers,
    starter,
    unfinished,
    requestLog,
    inspector,
    pane,
    navigation,
    items,
    clipboard,
    commands,
    focus,
    newTaskId,
  };

  const mac = bridge.platform === 'darwin';
  const ends: (() => void)[] = [
    settings.dispose,
    bookmarks.dispose,
    transfers.dispose,
    requestLog.dispose,
    attachShortcuts(window, commands, mac),
    attachDoubleClicks(window),
    attachNativeMenu({
      api,
      subscribe,
      commands,
      isBusy: () => isPopupOpen(window.document),
      onError: reportError,
      onChange: (listener) => {
        const stops = [
          pane.store.subscribe(listener),
          settings.store.subscribe(listener),
          bookmarks.store.subscribe(listener),
          transfers.store.subscribe(listener),
          dialogs.store.subscribe(listener),
        ];
        return () => {
          for (const stop of stops) stop();
        };
      },
    }),
    settings.store.subscribe(({ settings: now }, { settings: before }) => {
      if (now && now.showHidden !== before?.showHidden) {
        pane.setFilter({ showHidden: now.showHidden });
      }
    }),
    subscribe('app.notice', (notice) => reportError(deserializeError(notice))),
    attachLinks(services),
    attachNetwork(services, window),
    attachTitle(services),
    attachGroups(services),
  ];
  api.app
    .info()
    .then(({ notices }) => {
      for (const notice of notices) reportError(deserializeError(notice));
      return undefined;
    })
    .catch(reportError);
  return {
    services,
    dispose: () => {
      for (const end of ends) end();
    },
  };
}

function newTaskId(): string {
  return crypto.randomUUID();
}

/**
 * Electron tells pages, not its main process, when the network comes or goes.
 * https://www.electronjs.org/docs/latest/tutorial/online-offline-events
 */
function attachNetwork({ api, reportError }: Services, window: Window): () => void {
  const tell = (): void => void api.app.networkChanged().catch(reportError);
  window.addEventListener('online', tell);
  window.addEventListener('offline', tell);
  return () => {
    window.removeEventListener('online', tell);
    window.removeEventListener('offline', tell);
  };
}

/** Keeps the window's title in step with the place on screen. */
function attachTitle({ api, pane, connections, reportError }: Services): () => void {
  let last = '';
  return pane.store.subscribe(({ location }) => {
    const connection = location && connections.get(location.connectionId);
    const place =
      location === null || location.bucket === null
        ? ''
        : `${location.bucket}/${location.prefix}`;
    const title = [place, connection?.title, 'Dipper'].filter(Boolean).join(' — ');
    if (title === last) return;
    last = title;
    api.app.setTitle({ title: title.slice(0, 500) }).catch(reportError);
  });
}

/** Tells of finished groups and shows what they changed in the folder on screen. */
function attachGroups({
  pane,
  inspector,
  transfers,
  toasts,
  format,
  dialogs,
  starter,
  reportError,
}: Services): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const affects = (group: GroupProgressed): boolean => {
    const { location } = pane.store.getState();
    if (!location || group.connectionId !== location.connectionId) return false;
    if (location.bucket !== group.bucket) return false;
    return (
      group.prefix.startsWith(location.prefix) || location.prefix.startsWith(group.prefix)
    );
  };
  /** Groups that ended and that the user has not been told of. */
  let ended: GroupFinished[] = [];
  let telling: ReturnType<typeof setTimeout> | null = null;
  const tell = (): void => {
    telling = null;
    // Nothing appears beside a dialog one is busy with; it is told afterwards.
    if (dialogs.store.getState().open !== null) return;
    for (const group of mergeGroups(ended)) {
      const toast = groupFinishedToast(group, format);
      if (!toast) continue;
      const hidden = ended
        .filter((each) => each.hidden > 0 && starter.knowsHidden(each.groupId))
        .map((each) => each.groupId);
      const uploadHidden = (): void => {
        for (const groupId of hidden) starter.uploadHidden(groupId).catch(reportError);
      };
      toasts.show(
        group.kind === 'upload' && hidden.length > 0
          ? { ...toast, action: { label: 'Upload Them', onSelect: uploadHidden } }
          : toast,
      );
    }
    ended = [];
  };
  const tellSoon = (): void => {
    telling ??= setTimeout(tell, REFRESH_MS);
  };
  const stopDialogs = dialogs.store.subscribe(() => {
    if (ended.length > 0) tellSoon();
  });
  const stop = transfers.onGroupFinished((group) => {
    ended.push(group);
    tellSoon();
    const { target = null } = group;
    if (group.kind === 'download') return;
    // The inspector may be about a bucket of the list, or about a folder's parent.
    const here = pane.store.getState().location?.connectionId;
    if (here === group.connectionId || here === target?.connectionId) inspector.changed();
    const shown = affects(group) || (target !== null && affects({ ...group, ...target }));
    if (!shown) return;
    timer ??= setTimeout(() => {
      timer = null;
      pane.refresh();
    }, REFRESH_MS);
  });
  const stopProgress = transfers.onGroupProgressed((group) => {
    const { model, phase, refreshing } = pane.store.getState();
    // A listing on its way shows it anyway; a very long one can wait for the group's end.
    const quick = phase === 'done' && !refreshing && (model?.loaded ?? 0) <= QUICK_ROWS;
    if (quick && affects(group)) pane.refresh();
  });
  return () => {
    stop();
    stopProgress();
    stopDialogs();
    if (telling !== null) clearTimeout(telling);
    if (timer !== null) clearTimeout(timer);
  };
}
