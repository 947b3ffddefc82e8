import { join } from 'node:path';
import type { UnfinishedWork } from '../../shared/contract/app.ts';
import { appContract } from '../../shared/contract/index.ts';
import {
  AppError,
  deserializeError,
  serializeError,
} from '../../shared/errors/app-error.ts';
import { openBookmarks } from '../bookmarks/bookmark-service.ts';
import { createSecretStore } from '../credentials/secret-store.ts';
import { createConnections } from '../engine-client/connections.ts';
import {
  createEngineClient,
  type EngineClient,
  type EngineLine,
} from '../engine-client/engine-client.ts';
import type { Logger } from '../logging/logger.ts';
import type { Platform } from '../platform/platform.ts';
import { openSettings } from '../settings/settings-service.ts';
import type { FileOperations } from '../storage/file-operations.ts';
import { createConnectivity } from './connectivity.ts';
import { parseDeepLink } from './deep-link.ts';
import { createDispatcher, type Dispatch } from './dispatcher.ts';
import { createDragFolder } from './drag-folder.ts';
import { aspectHandlers } from './handlers/aspect-handlers.ts';
import { bookmarkHandlers } from './handlers/bookmark-handlers.ts';
import { connectionHandlers } from './handlers/connection-handlers.ts';
import { desktopHandlers } from './handlers/desktop-handlers.ts';
import { documentHandlers } from './handlers/document-handlers.ts';
import { recordHandlers } from './handlers/record-handlers.ts';
import { transferHandlers } from './handlers/transfer-handlers.ts';
import { createPathGrants } from './path-grants.ts';
import type { Services } from './services.ts';
import { createStorageTrouble, type StorageTrouble } from './storage-trouble.ts';
import { TEXTS } from './texts.ts';
import { createTransferWatch } from './transfer-watch.ts';
import { createUnanswered, type UnansweredWork } from './unanswered.ts';

/** Dipper without a window: what the shell drives. */
export interface DipperApp {
  /** Answers a call of the window. */
  readonly dispatch: Dispatch;
  /** Starts the engine. */
  start(): void;
  /** Transfers are running, or on their way to the engine: quitting asks first. */
  readonly busy: boolean;
  /** Asks the user if there is a reason to; `true`: go ahead. */
  confirmQuit(): Promise<boolean>;
  /** The window has something that would be lost with it: quitting asks first, too. */
  readonly hasUnfinished: boolean;
  /** As `confirmQuit`, but only about what is lost with the window. */
  confirmClose(): Promise<boolean>;
  /** The window is gone, and with it all that was unfinished in it. */
  windowGone(): void;
  /** The user dropped these on the window, which may upload them now. */
  grantDropped(paths: readonly string[]): void;
  /**
   * Asks about a link from outside and, if the user agrees, has the window go there. It
   * does nothing else; what is no link of ours is only noted in the log.
   */
  openLink(text: string): Promise<void>;
  /** Resolves when the engine answers. Throws `engine.gone`. */
  checkEngine(): Promise<void>;
  /** Ends the engine within five seconds and puts everything on the disk. */
  stop(): Promise<void>;
}

/** Wires the services to a platform. Opens the files; starts nothing yet. */
export async function createApp(
  platform: Platform,
  options: {
    readonly logger: Logger;
    readonly files: FileOperations;
    /** Hold answers against the contract: development and tests. */
    readonly parseResponses: boolean;
  },
): Promise<DipperApp> {
  const { logger, files } = options;
  const { clock, ids, window, theme, paths } = platform;
  const now = () => clock.now();
  const emit: Services['emit'] = (topic, payload) => window.send(topic, payload);

  const settings = await openSettings({
    path: join(paths.userData, 'settings.json'),
    files,
    now,
    onChange: (changed) => {
      theme.setChoice(changed.theme);
      emit('settings.changed', changed);
      void sendLimits(engine).catch((error: unknown) =>
        logger.warn('engine missed a change of its limits', { error }),
      );
    },
  });
  theme.setChoice(settings.current().theme);
  theme.onChange((appearance) => emit('app.appearance', { ...appearance }));

  const secrets = createSecretStore(platform.vault);
  const bookmarks = await openBookmarks({
    path: join(paths.userData, 'bookmarks.json'),
    files,
    clock,
    ids,
    secrets,
    onChange: (state) => emit('bookmarks.changed', state),
  });
  const connections = createConnections({
    engine: () => engine,
    bookmarks,
    secrets,
    logger,
  });
  const transferWatch = createTransferWatch({
    clock,
    power: platform.power,
    notifier: platform.notifier,
    window,
    settings: () => settings.current(),
  });

  async function sendLimits(target: Pick<EngineLine, 'call'>): Promise<void> {
    const all = settings.current();
    const { maxTransfers, smallTransfers, partsPerTransfer, requestsPerConnection } = all;
    const { uploadLimitKiBs, downloadLimitKiBs, limitSchedule } = all;
    await target.call('engine.setLimits', {
      maxTransfers,
      smallTransfers,
      partsPerTransfer,
      requestsPerConnection,
      uploadLimitKiBs,
      downloadLimitKiBs,
      limitSchedule,
    });
  }

  const unanswered = createUnanswered();
  const trouble = createStorageTrouble(clock);
  let wasStarted = false;
  let unfinished: UnfinishedWork | null = null;
  const engine: EngineClient = createEngineClient({
    launcher: platform.engine,
    clock,
    logger,
    prepare: async (line) => {
      transferWatch.engineGone();
      await sendLimits(line);
      await connectivity.tell(line);
      await connections.restore(line);
      if (wasStarted && !trouble.lasts)
        emit('app.notice', serializeError(new AppError('engine.restarted')));
      wasStarted = true;
    },
    onGivenUp: () => {
      transferWatch.engineGone();
      emit('app.notice', serializeError(new AppError('engine.gone')));
    },
  });

  const connectivity = createConnectivity({
    state: platform.state,
    clock,
    engine: () => engine,
    logger,
  });

  const grants = createPathGrants(platform.system.platform);
  grants.addFolder(paths.downloads);
  // Chosen in an earlier session; a change of it goes through a dialog again.
  grants.addFolder(settings.current().downloadFolder);

  const dragFolder = createDragFolder(paths.temp);
  const notices = [...platform.notices, settings.notice, bookmarks.notice].filter(
    (notice) => notice !== null,
  );
  for (const notice of notices) logger.warn('started with a notice', { notice });
  relayEvents(engine, { emit, logger, transferWatch, connectivity, notices, trouble });
  const services: Services = {
    platform,
    logger,
    files,
    settings,
    secrets,
    bookmarks,
    engine,
    connections,
    transferWatch,
    unanswered,
    connectivity,
    dragFolder,
    grants,
    notices,
    emit,
    setUnfinished: (what) => {
      unfinished = what;
    },
  };

  let asksAboutLink = false;

  async function confirmLoss(what: UnansweredWork | null): Promise<boolean> {
    if (what === null) return true;
    const { back, quit } = TEXTS.unfinished;
    const question = { ...TEXTS.unfinished[what], buttons: [back, quit] };
    return (await platform.dialogs.ask({ ...question, cancel: 0 })) === 1;
  }

  return {
    dispatch: createDispatcher(
      appContract,
      {
        ...desktopHandlers(services),
        ...bookmarkHandlers(services),
        ...connectionHandlers(services),
        ...transferHandlers(services),
        ...recordHandlers(services),
        ...aspectHandlers(services),
        ...documentHandlers(services),
      },
      { logger, parseResponses: options.parseResponses },
    ),
    start: () => engine.start(),
    get busy() {
      return transferWatch.busy || unanswered.what !== null;
    },
    get hasUnfinished() {
      return unfinished !== null;
    },
    confirmClose: () => confirmLoss(unfinished),
    windowGone() {
      unfinished = null;
    },
    async confirmQuit() {
      if (!(await confirmLoss(unfinished ?? unanswered.what))) return false;
      if (!transferWatch.busy) return true;
      const { message, now: quitNow, keep } = TEXTS.quit;
      const detail = TEXTS.quit.detail(connections.needsKeys);
      const buttons = [quitNow, keep];
      return (await platform.dialogs.ask({ message, detail, buttons, cancel: 1 })) === 0;
    },
    grantDropped: (dropped) => grants.addSources(dropped),
    async openLink(text) {
      const place = parseDeepLink(text);
      // One question at a time: a page may fire links without end.
      if (place === null || asksAboutLink) {
        logger.warn('link refused', { valid: place !== null });
        return;
      }
      asksAboutLink = true;
      try {
        const { message, detail, open, cancel } = TEXTS.link;
        const answer = await platform.dialogs.ask({
          message,
          detail: detail(place),
          buttons: [cancel, open],
          cancel: 0,
        });
        if (answer === 1) emit('app.openLocation', place);
      } finally {
        asksAboutLink = false;
      }
    },
    async checkEngine() {
      await engine.call('transfers.totals', undefined);
    },
    async stop() {
      connectivity.stop();
      await engine.stop();
      platform.power.setActive(false);
      bookmarks.dispose();
      await Promise.all([settings.settled(), bookmarks.settled(), dragFolder.dispose()]);
      await logger.flush();
    },
  };
}

/** Passes what the engine tells on to the window, and to what main does about it. */
function relayEvents(
  engine: EngineClient,
  {
    emit,
    logger,
    transferWatch,
    connectivity,
    notices,
    trouble,
  }: Pick<Services, 'emit' | 'logger' | 'transferWatch' | 'connectivity'> & {
    readonly notices: AppError[];
    readonly trouble: StorageTrouble;
  },
): void {
  engine.subscribe('transfers.changed', (batch) => {
    transferWatch.changed(batch);
    connectivity.watch(batch.totals);
    emit('transfers.changed', batch);
  });
  engine.subscribe('transfers.groupFinished', (group) => {
    transferWatch.finished(group);
    emit('transfers.groupFinished', group);
  });
  engine.subscribe('transfers.groupProgressed', (group) =>
    emit('transfers.groupProgressed', group),
  );
  engine.subscribe('browse.counting', (count) => emit('browse.counting', count));
  engine.subscribe('connections.testProgress', (progress) =>
    emit('connections.testProgress', progress),
  );
  engine.subscribe('engine.notice', (notice) => {
    if (!trouble.isNews(notice)) return;
    // The window may not be there yet: it asks for these when it is.
    notices.push(deserializeError(notice));
    emit('app.notice', notice);
  });
  engine.subscribe('engine.log', ({ level, message, details }) =>
    logger[level](`engine: ${message}`, details),
  );
}
