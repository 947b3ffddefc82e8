import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { app, dialog, safeStorage, session } from 'electron';
import { AppError, serializeError } from '../../shared/errors/app-error.ts';
import { errorText } from '../../shared/messages/errors.en.ts';
import { createApp, type DipperApp } from '../app/create-app.ts';
import { findDeepLink } from '../app/deep-link.ts';
import { TEXTS } from '../app/texts.ts';
import { type Logger, openLogger, readLogLevel } from '../logging/logger.ts';
import { openWindowState } from '../settings/window-state.ts';
import { diskOperations } from '../storage/file-operations.ts';
import { watchProcesses, watchWindow } from './crash-watch.ts';
import { createDialogs } from './dialogs.ts';
import {
  createClipboard,
  createPowerBlocker,
  createShellActions,
  createSystemState,
  createThemePort,
  randomIds,
  systemClock,
  systemInfo,
  systemPaths,
} from './electron-platform.ts';
import { createEngineLauncher } from './engine-process.ts';
import { serveCalls } from './ipc.ts';
import { readLaunchOptions } from './launch-options.ts';
import { createLinkQueue, registerLinkScheme } from './links.ts';
import { installMenu } from './menu.ts';
import { createNotifier } from './notifications.ts';
import { passwordStore } from './password-store.ts';
import { registerAppScheme, serveAppScheme } from './protocol.ts';
import { guardQuit } from './quit.ts';
import { guardAllContents, guardSession } from './security.ts';
import { runSmokeTest } from './smoke-test.ts';
import { checkForUpdates } from './updater.ts';
import { openVault } from './vault.ts';
import { createMainWindow, type MainWindow } from './window.ts';

const launch = readLaunchOptions(process.argv, process.env, app.isPackaged);

// All of this must be said before the app is ready.
if (launch.userData !== null) app.setPath('userData', launch.userData);
app.setAppLogsPath(join(app.getPath('userData'), 'logs'));
app.enableSandbox();
registerAppScheme();
const store = passwordStore(process.platform, process.env['XDG_CURRENT_DESKTOP']);
if (store !== null) app.commandLine.appendSwitch('password-store', store);

const logger = openLogger({
  folder: app.getPath('logs'),
  level: readLogLevel(process.env['DIPPER_LOG']),
});
process.on('uncaughtException', (error) => logger.error('uncaught exception', { error }));
process.on('unhandledRejection', (error) =>
  logger.error('unhandled rejection', { error }),
);

const links = createLinkQueue(findDeepLink(process.argv), logger);

if (app.requestSingleInstanceLock()) {
  registerLinkScheme();
  guardAllContents(logger);
  watchProcesses(logger);
  app
    .whenReady()
    .then(() => start(logger))
    .catch(async (error: unknown) => {
      logger.error('could not start', { error });
      await logger.flush();
      const reason = reasonOf(error);
      const { title, detail } = TEXTS.startFailed;
      if (!launch.smokeTest) {
        dialog.showErrorBox(title, detail(reason, app.getPath('logs')));
      }
      app.exit(1);
    });
} else {
  // The first one comes to the front.
  app.quit();
}

async function start(log: Logger): Promise<void> {
  const root = join(import.meta.dirname, '..');
  serveAppScheme({
    root: join(root, 'renderer'),
    developmentServer: launch.developmentServer,
  });
  guardSession(session.defaultSession);

  const files = diskOperations();
  const clock = systemClock();
  const now = () => clock.now();
  const paths = systemPaths();
  const system = systemInfo();
  const { vault, notice } = await openVault({
    path: join(paths.userData, 'vault.json'),
    files,
    now,
    platform: process.platform,
    safeStorage,
  });
  const trustedIds = new Set<number>();
  const window = createMainWindow({
    preloadFolder: join(root, 'preload'),
    packaged: system.packaged,
    state: await openWindowState({
      path: join(paths.userData, 'window.json'),
      files,
      now,
    }),
    trustedIds,
    visible: !launch.smokeTest,
    onCreated: (created) => {
      watchWindow(created, {
        logger: log,
        onReloaded: () =>
          window.send('app.notice', serializeError(new AppError('window.gone'))),
      });
      quit.guardWindow(created);
    },
  });
  const dialogs = createDialogs(() => window.current());
  const dipper = await createApp(
    {
      system,
      paths,
      clock,
      ids: randomIds(),
      vault,
      dialogs,
      shell: createShellActions(),
      clipboard: createClipboard(),
      notifier: createNotifier(() => window.show()),
      power: createPowerBlocker(),
      state: createSystemState(),
      menu: installMenu({
        platform: system.platform,
        run: (id) => {
          window.show();
          window.send('app.command', { id });
        },
      }),
      theme: createThemePort(),
      window,
      engine: createEngineLauncher({
        modulePath: join(import.meta.dirname, 'engine.js'),
        userData: paths.userData,
        logger: log,
      }),
      notices: notice === null ? [] : [notice],
    },
    { logger: log, files, parseResponses: !system.packaged },
  );
  const quit = guardQuit({ dipper, logger: log });
  serveCalls({ dipper, trustedIds, logger: log });

  app.on('second-instance', (_event, argv) => {
    window.show();
    links.add(findDeepLink(argv));
  });
  app.on('activate', () => window.show());
  log.info('started', { version: system.version, platform: process.platform });
  window.show();
  dipper.start();
  if (launch.smokeTest) {
    await smokeTest(window, dipper, log);
    return;
  }
  links.open(async (link) => {
    window.show();
    // A page that is not there yet would not hear of it.
    await window.loaded();
    await dipper.openLink(link);
  });
  await checkForUpdates({ logger: log, dialogs, packageType: readPackageType() });
}

/** What went wrong, in words where we have some. */
function reasonOf(error: unknown): string {
  if (error instanceof AppError) return errorText(serializeError(error)).explanation;
  return error instanceof Error ? error.message : String(error);
}

async function smokeTest(window: MainWindow, dipper: DipperApp, log: Logger) {
  let code = 0;
  try {
    await runSmokeTest(window, dipper);
    log.info('smoke test passed');
  } catch (error) {
    code = 1;
    log.error('smoke test failed', { error });
  }
  await dipper.stop();
  app.exit(code);
}

/** `deb` or `rpm`, which electron-builder notes in the app's resources; else `null`. */
function readPackageType(): string | null {
  if (process.platform !== 'linux' || !app.isPackaged) return null;
  if (process.env['FLATPAK_ID'] !== undefined) return 'flatpak';
  try {
    return readFileSync(join(process.resourcesPath, 'package-type'), 'utf8').trim();
  } catch {
    return null;
  }
}
