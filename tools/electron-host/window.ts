import { type ContentsPreferences, HostContents } from './contents.ts';
import type { HostContext } from './context.ts';
import { hostEvent } from './event.ts';
import type { HostMenu } from './menu.ts';
import { HostError } from './missing.ts';
import type { Targets } from './targets.ts';
import { WindowMenus } from './window-menus.ts';
import { RecordedWindow } from './window-records.ts';

type WindowState = 'normal' | 'minimized' | 'maximized' | 'fullscreen';

/** What a window needs besides the shared state. */
export interface WindowParts {
  readonly targets: Targets;
  readonly preferences: Pick<ContentsPreferences, 'session' | 'image'>;
}

const ENTERED: Readonly<Record<WindowState, string>> = {
  normal: 'restore',
  minimized: 'minimize',
  maximized: 'maximize',
  fullscreen: 'enter-full-screen',
};
const LEFT: Readonly<Record<WindowState, string>> = {
  normal: 'restore',
  minimized: 'restore',
  maximized: 'unmaximize',
  fullscreen: 'leave-full-screen',
};

/** Electron's `BrowserWindow` on a Chromium window. */
export class HostWindow extends RecordedWindow {
  readonly id: number;
  readonly webContents: Electron.WebContents;
  /** For the host: the same object with its own type. */
  readonly contents: HostContents;
  /** For the host. */
  readonly menus: WindowMenus;
  readonly #context: HostContext;
  readonly #closed = Promise.withResolvers<void>();
  readonly #options: Electron.BrowserWindowConstructorOptions;
  #bounds: Electron.Rectangle;
  #windowId: number | undefined;
  #state: WindowState = 'normal';
  #visible: boolean;
  #ready = false;
  #alive = true;
  #title: string;

  constructor(
    context: HostContext,
    parts: WindowParts,
    options: Electron.BrowserWindowConstructorOptions = {},
  ) {
    if (!context.ready)
      throw new Error('Cannot create BrowserWindow before app is ready');
    super(context.records);
    this.setMaxListeners(0);
    const preferences = options.webPreferences ?? {};
    if (
      preferences.nodeIntegration === true ||
      preferences.contextIsolation === false ||
      preferences.sandbox === false
    ) {
      throw new HostError('nodeIntegration, contextIsolation: false or sandbox: false');
    }
    this.#context = context;
    this.menus = new WindowMenus(context, this);
    this.#options = options;
    this.id = context.nextId();
    this.#bounds = {
      x: options.x ?? 0,
      y: options.y ?? 0,
      width: options.width ?? 800,
      height: options.height ?? 600,
    };
    this.#visible = options.show ?? true;
    this.#title = options.title ?? context.app.getName();
    const { preload, additionalArguments } = preferences;
    const contentsPreferences = { ...parts.preferences, preload, additionalArguments };
    this.contents = new HostContents(
      context,
      context.nextId(),
      this,
      contentsPreferences,
    );
    this.webContents = this.contents.electron;
    context.windows.set(this.id, this);
    context.focused = this;
    this.#create(parts.targets).catch((error: unknown) => {
      if (this.#alive && !context.quitting)
        console.error('electron-host: window:', error);
      this.markDestroyed();
    });
    context.app.emit('web-contents-created', hostEvent(), this.webContents);
    context.app.emit('browser-window-created', hostEvent(), this);
  }

  async #create(targets: Targets): Promise<void> {
    const { browser } = this.#context;
    if (browser === undefined) throw new Error('no browser');
    const { width, height } = this.#bounds;
    const { session, targetId } = await targets.open(browser, this.id, width, height);
    await this.contents.attach(session, targetId);
    const { windowId } = await browser.connection.root.send(
      'Browser.getWindowForTarget',
      {
        targetId,
      },
    );
    this.#windowId = windowId;
    await this.#applyBounds(this.#options.x, this.#options.y);
    if (this.#state !== 'normal') this.#applyState();
    this.menus.updateBar();
  }

  async #applyBounds(left: number | undefined, top: number | undefined): Promise<void> {
    const { session } = await this.contents.link;
    const { width, height } = this.#bounds;
    if (this.#context.browser?.headless === true) {
      await session.send('Emulation.setDeviceMetricsOverride', {
        width,
        height,
        deviceScaleFactor: 0,
        mobile: false,
      });
    } else if (this.#windowId !== undefined) {
      const place = left === undefined || top === undefined ? {} : { left, top };
      const bounds = { ...place, width, height };
      await session.send('Browser.setWindowBounds', { windowId: this.#windowId, bounds });
    }
  }

  /** For the host: the page has loaded. */
  markReady(): void {
    this.menus.updateBar();
    if (this.#ready) return;
    this.#ready = true;
    this.emit('ready-to-show', hostEvent());
  }

  /** For the host: a person resized the window. */
  noteResized(): void {
    if (this.#windowId === undefined || this.#context.browser?.headless !== false) return;
    // A window that closes meanwhile needs no new size.
    void this.#readBounds(this.#windowId).catch(() => {});
  }

  async #readBounds(windowId: number): Promise<void> {
    const root = this.#context.browser?.connection.root;
    if (root === undefined) return;
    const { bounds } = await root.send('Browser.getWindowBounds', { windowId });
    const { left = 0, top = 0, width = 0, height = 0, windowState = 'normal' } = bounds;
    if (windowState !== this.#state) this.#enter(windowState);
    if (windowState === 'normal') this.#bounds = { x: left, y: top, width, height };
    this.emit('resize', hostEvent());
  }

  /** For the host: Chromium's page is gone. */
  markDestroyed(): void {
    if (!this.#alive) return;
    this.#alive = false;
    const context = this.#context;
    context.windows.delete(this.id);
    if (context.focused === this)
      context.focused = [...context.windows.values()].at(-1) ?? null;
    this.contents.markDestroyed();
    this.emit('closed');
    this.#closed.resolve();
    if (context.windows.size > 0 || context.quitting) return;
    if (context.app.listenerCount('window-all-closed') > 0) {
      context.app.emit('window-all-closed');
    } else {
      context.app.quit();
    }
  }

  /** For the host: closes as Electron's quit does; says whether the window is gone. */
  async closeForQuit(): Promise<boolean> {
    if (!this.#askToClose()) return false;
    const timeout = new Promise((resolve) => setTimeout(resolve, 1500).unref());
    await Promise.race([this.#closed.promise, timeout]);
    return !this.#alive;
  }

  close(): void {
    this.#askToClose();
  }

  /** Closes unless a listener prevents it; says whether it was let go. */
  #askToClose(): boolean {
    if (!this.#alive) return true;
    const event = hostEvent();
    this.emit('close', event);
    if (event.defaultPrevented) return false;
    this.contents.close({ waitForBeforeUnload: true });
    return true;
  }

  destroy(): void {
    void this.contents.link.then(() => this.contents.close()).catch(() => {});
    this.markDestroyed();
  }

  loadURL(url: string): Promise<void> {
    return this.contents.loadURL(url);
  }

  reload(): void {
    this.contents.reload();
  }

  show(): void {
    this.showInactive();
    this.focus();
  }

  showInactive(): void {
    this.#visible = true;
    this.emit('show', hostEvent());
  }

  hide(): void {
    this.#visible = false;
    this.emit('hide', hostEvent());
  }

  /** Bookkeeping: Chromium cannot hide a window. */
  isVisible(): boolean {
    return this.#visible;
  }

  focus(): void {
    const before = this.#context.focused;
    this.#context.focused = this;
    this.contents.post('Page.bringToFront');
    if (before !== null && before !== this) {
      before.emit('blur', hostEvent());
      this.#context.app.emit('browser-window-blur', hostEvent(), before);
    }
    this.emit('focus', hostEvent());
    this.#context.app.emit('browser-window-focus', hostEvent(), this);
  }

  blur(): void {
    this.emit('blur', hostEvent());
  }

  isFocused(): boolean {
    return this.#context.focused === this;
  }

  isDestroyed(): boolean {
    return !this.#alive;
  }

  getBounds(): Electron.Rectangle {
    return { ...this.#bounds };
  }

  getNormalBounds(): Electron.Rectangle {
    return { ...this.#bounds };
  }

  getContentBounds(): Electron.Rectangle {
    return { ...this.#bounds };
  }

  setBounds(bounds: Partial<Electron.Rectangle>): void {
    const before = this.#bounds;
    this.#bounds = { ...before, ...bounds };
    void this.#applyBounds(this.#bounds.x, this.#bounds.y).catch(() => {});
    const { x, y, width, height } = this.#bounds;
    if (width !== before.width || height !== before.height) {
      this.emit('resize', hostEvent());
      this.emit('resized', hostEvent());
    }
    if (x !== before.x || y !== before.y) {
      this.emit('move', hostEvent());
      this.emit('moved', hostEvent());
    }
  }

  getSize(): number[] {
    return [this.#bounds.width, this.#bounds.height];
  }

  setSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }

  getContentSize(): number[] {
    return this.getSize();
  }

  getPosition(): number[] {
    return [this.#bounds.x, this.#bounds.y];
  }

  setPosition(x: number, y: number): void {
    this.setBounds({ x, y });
  }

  center(): void {
    // Chromium places the window.
  }

  minimize(): void {
    this.#setState('minimized');
  }

  maximize(): void {
    this.#setState('maximized');
  }

  unmaximize(): void {
    this.#setState('normal');
  }

  restore(): void {
    this.#setState('normal');
  }

  setFullScreen(on: boolean): void {
    this.#setState(on ? 'fullscreen' : 'normal');
  }

  isMinimized(): boolean {
    return this.#state === 'minimized';
  }

  isMaximized(): boolean {
    return this.#state === 'maximized';
  }

  isFullScreen(): boolean {
    return this.#state === 'fullscreen';
  }

  isNormal(): boolean {
    return this.#state === 'normal';
  }

  #setState(state: WindowState): void {
    if (state === this.#state) return;
    this.#enter(state);
    this.#applyState();
  }

  #applyState(): void {
    if (this.#windowId === undefined || this.#context.browser?.headless !== false) return;
    const bounds = { windowState: this.#state };
    this.contents.post('Browser.setWindowBounds', { windowId: this.#windowId, bounds });
  }

  #enter(state: WindowState): void {
    const before = this.#state;
    this.#state = state;
    this.emit(state === 'normal' ? LEFT[before] : ENTERED[state], hostEvent());
  }

  setTitle(title: string): void {
    this.#title = title;
  }

  getTitle(): string {
    return this.contents.getTitle() || this.#title;
  }

  setMenu(menu: Electron.Menu | null): void {
    this.menus.setOwn(menu as unknown as HostMenu | null);
  }

  removeMenu(): void {
    this.setMenu(null);
  }

  capturePage(): Promise<Electron.NativeImage> {
    return this.contents.capturePage();
  }
}
