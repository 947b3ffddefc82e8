import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { HostApp } from './api/app.ts';
import { createClipboard } from './api/clipboard.ts';
import { createDialog } from './api/dialog.ts';
import { createNativeImage, imageFrom } from './api/native-image.ts';
import { HostNativeTheme } from './api/native-theme.ts';
import { createNet, createProtocol } from './api/net.ts';
import { createSafeStorage } from './api/safe-storage.ts';
import { HostSession } from './api/session.ts';
import { createShell } from './api/shell.ts';
import {
  createCrashReporter,
  createPowerSaveBlocker,
  HostPowerMonitor,
  HostScreen,
} from './api/system.ts';
import { createUtilityProcess } from './api/utility-process.ts';
import { startChromium } from './chromium.ts';
import { createBrowserWindow, createMenuClasses, createNotification } from './classes.ts';
import { HostContents } from './contents.ts';
import type { HostContext } from './context.ts';
import { hostEvent } from './event.ts';
import { IpcMain } from './ipc.ts';
import { complete, missing } from './missing.ts';
import type { HostOptions } from './options.ts';
import { Schemes } from './schemes.ts';
import { StreamServer } from './stream-server.ts';
import { Targets } from './targets.ts';

/** Parts of Electron's main process that only throw here. */
const MISSING = [
  'autoUpdater',
  'BaseWindow',
  'BrowserView',
  'contentTracing',
  'desktopCapturer',
  'globalShortcut',
  'inAppPurchase',
  'MessageChannelMain',
  'netLog',
  'pushNotifications',
  'ServiceWorkerMain',
  'ShareMenu',
  'systemPreferences',
  'TouchBar',
  'Tray',
  'View',
  'WebContentsView',
  'webFrameMain',
  'ImageView',
] as const;

/** The stand-in, ready to run an app. */
export interface Host {
  /** What `import 'electron'` gives. */
  readonly electron: Readonly<Record<string, unknown>>;
  readonly context: HostContext;
  /** Starts Chromium and makes the app ready; `driver` resolves when a test is attached. */
  readonly boot: (driver: Promise<unknown> | undefined) => Promise<void>;
}

function createContext(options: HostOptions): {
  readonly context: HostContext;
  readonly app: HostApp;
  readonly theme: HostNativeTheme;
  readonly session: HostSession;
} {
  let lastId = 0;
  const partial = {
    options,
    secret: randomBytes(16).toString('hex'),
    schemes: new Schemes(),
    streams: new StreamServer(),
    ipcMain: new IpcMain(),
    windows: new Map(),
    contents: new Map(),
    nextId: () => {
      lastId += 1;
      return lastId;
    },
    switches: [],
    records: [],
    beforeExit: new Set<Promise<unknown>>(),
    browser: undefined,
    ready: false,
    quitting: false,
    focused: null,
    applicationMenu: null,
    log: (...parts: readonly unknown[]) => {
      if (options.debug) console.error('[electron-host]', ...parts);
    },
  };
  const context = partial as unknown as HostContext;
  const app = new HostApp(context);
  const theme = new HostNativeTheme(context);
  const session = new HostSession(context);
  context.app = app;
  context.applyTheme = (contents) => theme.applyAgain(contents);
  context.applyPermissions = (contents, url) => session.applyPermissions(contents, url);
  return { context, app, theme, session };
}

async function boot(
  context: HostContext,
  app: HostApp,
  targets: Targets,
  driver: Promise<unknown> | undefined,
): Promise<void> {
  if (context.quitting) return;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => app.quit());
  }
  const { options } = context;
  const browser = startChromium({
    profile: join(app.getPath('sessionData'), 'host-chromium'),
    headless: options.headless,
    switches: context.switches,
    debuggingPort: options.debuggingPort,
    onLine: (line) => {
      // A test driver waits for this line.
      if (line.startsWith('DevTools listening') || options.debug) console.error(line);
    },
  });
  context.browser = browser;
  process.on('exit', () => browser.process.kill('SIGKILL'));
  browser.connection.root.onGone(() => {
    if (context.quitting) return;
    context.quitting = true;
    for (const window of context.windows.values()) window.markDestroyed();
    app.emit('quit', hostEvent(), 1);
    console.error('electron-host: Chromium ended unexpectedly');
    process.exit(1);
  });
  const { product } = await browser.connection.root.send('Browser.getVersion');
  Object.defineProperty(process.versions, 'chrome', {
    value: product.split('/')[1],
    enumerable: true,
    configurable: true,
  });
  await targets.watch(browser);
  // As Playwright's own loader does: not ready before the test can see it.
  if (driver !== undefined) {
    const timeout = new Promise((resolve) => setTimeout(resolve, 10_000).unref());
    await Promise.race([driver, timeout]);
  }
  app.markReady();
}

/** Makes the `electron` module of one run. */
export function createHost(options: HostOptions): Host {
  const { context, app, theme, session } = createContext(options);
  const targets = new Targets(context);
  const defaultSession = complete<Electron.Session>('session', session);
  const parts = { targets, preferences: { session: defaultSession, image: imageFrom } };
  const menuServices = {
    nextId: context.nextId,
    focused: () => context.focused,
    quit: () => app.quit(),
    about: () => app.showAboutPanel(),
  };
  complete<Electron.WebContents>('webContents', HostContents.prototype);
  const electron: Record<string, unknown> = {
    app: complete<Electron.App>('app', app),
    BrowserWindow: createBrowserWindow(context, parts),
    clipboard: complete<Electron.Clipboard>('clipboard', createClipboard(context)),
    crashReporter: createCrashReporter(),
    dialog: complete<Electron.Dialog>('dialog', createDialog(context)),
    ipcMain: complete<Electron.IpcMain>('ipcMain', context.ipcMain),
    ...createMenuClasses(context, menuServices),
    nativeImage: complete<typeof Electron.nativeImage>(
      'nativeImage',
      createNativeImage(),
    ),
    nativeTheme: complete<Electron.NativeTheme>('nativeTheme', theme),
    net: complete<Electron.Net>('net', createNet()),
    Notification: createNotification(context),
    powerMonitor: complete<Electron.PowerMonitor>('powerMonitor', new HostPowerMonitor()),
    powerSaveBlocker: createPowerSaveBlocker(context.nextId),
    protocol: complete<Electron.Protocol>('protocol', createProtocol(context)),
    safeStorage: complete<Electron.SafeStorage>(
      'safeStorage',
      createSafeStorage(context),
    ),
    screen: complete<Electron.Screen>('screen', new HostScreen()),
    session: complete<typeof Electron.session>('session', { defaultSession }),
    shell: complete<Electron.Shell>('shell', createShell(context)),
    utilityProcess: complete<typeof Electron.utilityProcess>(
      'utilityProcess',
      createUtilityProcess(context),
    ),
    webContents: complete<typeof Electron.webContents>('webContents', {
      getAllWebContents: () =>
        [...context.contents.values()].map((each) => each.electron),
      fromId: (id) => context.contents.get(id)?.electron,
      getFocusedWebContents: () => context.focused?.webContents ?? null,
      fromDevToolsTargetId: (id) =>
        [...context.contents.values()].find((each) => each.targetId === id)?.electron,
    }),
  };
  for (const name of MISSING) electron[name] = missing(name);
  return { electron, context, boot: (driver) => boot(context, app, targets, driver) };
}
