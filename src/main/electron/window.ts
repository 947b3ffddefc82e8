import { join } from 'node:path';
import { BrowserWindow, nativeImage, nativeTheme, screen } from 'electron';
import type { AppPayload, TopicName } from '../../shared/contract/index.ts';
import type { WindowPort } from '../platform/desktop.ts';
import {
  fitToScreens,
  type WindowState,
  type WindowStateStore,
} from '../settings/window-state.ts';
import { APP_PAGE } from './app-url.ts';
import { DRAG_ICON } from './drag-icon.ts';
import { EVENT_CHANNEL } from './ipc.ts';

/** How long after the last move or resize the place is remembered, ms. */
const REMEMBER_MS = 500;

/** The one window: made, brought back, asked for. */
export interface MainWindow extends WindowPort {
  /** Opens it, or brings it to the front. */
  show(): void;
  current(): BrowserWindow | null;
  /** Resolves when its page is loaded; rejects when that failed. */
  loaded(): Promise<void>;
}

/** What the window needs of the rest of the shell. */
export interface MainWindowOptions {
  /** Folder with the compiled preload. */
  readonly preloadFolder: string;
  readonly packaged: boolean;
  readonly state: WindowStateStore;
  /** Ids of contents whose calls are answered. */
  readonly trustedIds: Set<number>;
  /** Before it is shown; watches it for trouble. */
  readonly onCreated: (window: BrowserWindow) => void;
  /** `false`: a smoke test, which shows nothing. */
  readonly visible: boolean;
}

/** Makes the holder of the window; {@link MainWindow.show} makes the window. */
export function createMainWindow(options: MainWindowOptions): MainWindow {
  let window: BrowserWindow | null = null;
  let loading: Promise<void> = Promise.resolve();

  function open(): void {
    const created = newWindow(options);
    window = created;
    const { id } = created.webContents;
    options.trustedIds.add(id);
    created.on('closed', () => {
      options.trustedIds.delete(id);
      if (window === created) window = null;
    });
    rememberPlace(created, options.state);
    options.onCreated(created);
    if (options.visible) created.once('ready-to-show', () => created.show());
    loading = created.loadURL(APP_PAGE);
    // A page that cannot be loaded also reports through did-fail-load.
    loading.catch(() => undefined);
  }

  return {
    show() {
      if (window === null) {
        open();
        return;
      }
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    current: () => window,
    loaded: () => loading,
    send<N extends TopicName>(topic: N, payload: AppPayload<N>): void {
      if (window === null || window.isDestroyed()) return;
      window.webContents.send(EVENT_CHANNEL, topic, payload);
    },
    isFocused: () => window?.isFocused() ?? false,
    setTitle: (title) => window?.setTitle(title),
    async startDrag(paths) {
      const [file] = paths;
      if (window === null || file === undefined) return;
      const icon = nativeImage.createFromDataURL(DRAG_ICON);
      window.webContents.startDrag({ file, files: [...paths], icon });
    },
  };
}

function newWindow({ preloadFolder, packaged, state }: MainWindowOptions): BrowserWindow {
  const areas = screen.getAllDisplays().map((display) => display.workArea);
  const place = fitToScreens(state.current(), areas);
  const window = new BrowserWindow({
    width: place.width,
    height: place.height,
    ...(place.x === null || place.y === null ? {} : { x: place.x, y: place.y }),
    minWidth: 720,
    minHeight: 420,
    show: false,
    title: 'Dipper',
    // What is there before the page is; the tokens of the renderer's two themes.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#1e1f22' : '#ffffff',
    webPreferences: {
      preload: join(preloadFolder, 'index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      enableWebSQL: false,
      devTools: !packaged,
    },
  });
  if (place.maximized) window.maximize();
  return window;
}

function rememberPlace(window: BrowserWindow, store: WindowStateStore): void {
  let timer: NodeJS.Timeout | undefined;

  function remember(): void {
    clearTimeout(timer);
    if (window.isDestroyed()) return;
    const { x, y, width, height } = window.getNormalBounds();
    const state: WindowState = { x, y, width, height, maximized: window.isMaximized() };
    // The next start has another place then; nothing to bother anybody with.
    store.remember(state).catch(() => undefined);
  }
  function soon(): void {
    clearTimeout(timer);
    timer = setTimeout(remember, REMEMBER_MS);
  }
  window.on('resize', soon);
  window.on('move', soon);
  window.on('close', remember);
  window.on('closed', () => clearTimeout(timer));
}
