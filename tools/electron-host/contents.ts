import { EventEmitter } from 'node:events';
import type { Session } from './cdp.ts';
import { ContentsPage } from './contents-page.ts';
import type { HostContext } from './context.ts';
import { type HostEvent, hostEvent } from './event.ts';
import { createMainFrame } from './frame.ts';
import { IpcMain } from './ipc.ts';
import { complete, HostError } from './missing.ts';
import type { PageLink } from './page-link.ts';
import type { HostWindow } from './window.ts';

/** The web preferences the host reads. */
export interface ContentsPreferences {
  readonly preload?: string | undefined;
  readonly additionalArguments?: readonly string[] | undefined;
  readonly session: Electron.Session;
  readonly image: (png: Buffer) => Electron.NativeImage;
}

type OpenHandler = Parameters<Electron.WebContents['setWindowOpenHandler']>[0];

/** Electron's `webContents` on one Chromium page. */
export class HostContents extends EventEmitter {
  readonly id: number;
  readonly session: Electron.Session;
  readonly mainFrame: Electron.WebFrameMain;
  readonly ipc: Electron.IpcMain;
  /** For the host: the page's own emitter of `webContents.ipc`. */
  readonly hostIpc = new IpcMain();
  readonly hostWindow: HostWindow;
  readonly #context: HostContext;
  readonly #preferences: ContentsPreferences;
  readonly #page: ContentsPage;
  #zoomLevel = 0;
  #openHandler: OpenHandler | undefined;
  #destroyed = false;

  constructor(
    context: HostContext,
    id: number,
    hostWindow: HostWindow,
    preferences: ContentsPreferences,
  ) {
    super();
    this.setMaxListeners(0);
    this.id = id;
    this.hostWindow = hostWindow;
    this.session = preferences.session;
    this.ipc = complete<Electron.IpcMain>('webContents.ipc', this.hostIpc);
    this.#context = context;
    this.#preferences = preferences;
    this.#page = new ContentsPage(context, this);
    this.mainFrame = createMainFrame({
      url: () => this.getURL(),
      origin: () => context.schemes.originOf(this.getURL()),
      isDestroyed: () => this.#destroyed,
      executeJavaScript: (code) => this.executeJavaScript(code),
      send: (channel, ...args) => this.send(channel, ...args),
      reload: () => this.reload(),
    });
    context.contents.set(id, this);
  }

  /** For the host: Electron's view of this object. */
  get electron(): Electron.WebContents {
    return this as unknown as Electron.WebContents;
  }

  /** For the host: resolves with the page's link once Chromium has the page. */
  get link(): Promise<PageLink> {
    return this.#page.link;
  }

  /** For the host: the DevTools target. */
  get targetId(): string | undefined {
    return this.#page.targetId;
  }

  /** For the host: Chromium reports the page's title. */
  noteTitle(title: string): void {
    this.#page.noteTitle(title);
  }

  /** For the host: what the page asked to open when a new target appeared. */
  takeOpen(): { readonly url: string; readonly name: string; readonly features: string } {
    return this.#page.takeOpen();
  }

  /** For the host: takes over an attached target. */
  attach(session: Session, targetId: string): Promise<void> {
    return this.#page.attach(session, targetId, this.#preferences);
  }

  /** For the host: runs a DevTools command once the page is there; failures are dropped. */
  post(...args: Parameters<Session['post']>): void {
    void this.link.then((link) => link.session.post(...args));
  }

  /** For the host: the page is gone. */
  markDestroyed(): void {
    this.#destroyed = true;
    this.#context.contents.delete(this.id);
    this.emit('destroyed');
  }

  /** For the host: what the app decides about a window the page opens. */
  decideOpen(details: Electron.HandlerDetails): Electron.WindowOpenHandlerResponse {
    return this.#openHandler?.(details) ?? { action: 'allow' };
  }

  async loadURL(url: string): Promise<void> {
    await this.#page.load(url);
  }

  send(channel: string, ...args: readonly unknown[]): void {
    if (typeof channel !== 'string') {
      throw new TypeError('Missing required channel argument');
    }
    if (this.#destroyed) throw new TypeError('Object has been destroyed');
    this.#page.send(channel, args);
  }

  getURL(): string {
    return this.#page.url;
  }

  getTitle(): string {
    return this.#page.title;
  }

  getType(): 'window' {
    return 'window';
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  isLoading(): boolean {
    return this.#page.loading;
  }

  isCrashed(): boolean {
    return this.#page.crashed;
  }

  getOSProcessId(): number {
    return this.#context.browser?.process.pid ?? 0;
  }

  getProcessId(): number {
    return 1;
  }

  isFocused(): boolean {
    return this.hostWindow.isFocused();
  }

  focus(): void {
    this.hostWindow.focus();
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  async executeJavaScript(code: string, userGesture = false): Promise<unknown> {
    const { session } = await this.link;
    const answer = await session.send('Runtime.evaluate', {
      expression: code,
      awaitPromise: true,
      returnByValue: true,
      userGesture,
      allowUnsafeEvalBlockedByCSP: true,
    });
    const failure = answer.exceptionDetails;
    if (failure !== undefined) {
      throw new Error(failure.exception?.description ?? failure.text);
    }
    return answer.result.value as unknown;
  }

  async capturePage(): Promise<Electron.NativeImage> {
    const { session } = await this.link;
    const { data } = await session.send('Page.captureScreenshot', { format: 'png' });
    return this.#preferences.image(Buffer.from(data, 'base64'));
  }

  reload(): void {
    this.#page.reload(false);
  }

  reloadIgnoringCache(): void {
    this.#page.reload(true);
  }

  forcefullyCrashRenderer(): void {
    this.post('Page.crash');
  }

  setZoomLevel(level: number): void {
    this.#zoomLevel = level;
    // CSS zoom lays the page out anew, as Electron's zoom does.
    void this.executeJavaScript(
      `document.documentElement.style.setProperty('zoom', '${this.getZoomFactor()}')`,
    ).catch(() => {});
  }

  getZoomLevel(): number {
    return this.#zoomLevel;
  }

  setZoomFactor(factor: number): void {
    this.setZoomLevel(Math.log(factor) / Math.log(1.2));
  }

  getZoomFactor(): number {
    return 1.2 ** this.#zoomLevel;
  }

  setVisualZoomLevelLimits(): Promise<void> {
    return Promise.resolve();
  }

  setBackgroundThrottling(): void {
    // Chromium decides; there is no switch for one page.
  }

  openDevTools(): void {
    this.#context.log('press Ctrl+Shift+I in the window for the developer tools');
  }

  closeDevTools(): void {
    // Chromium's own, see openDevTools.
  }

  toggleDevTools(): void {
    this.openDevTools();
  }

  isDevToolsOpened(): boolean {
    return false;
  }

  copy(): void {
    this.#edit('copy');
  }

  cut(): void {
    this.#edit('cut');
  }

  paste(): void {
    this.#edit('paste');
  }

  pasteAndMatchStyle(): void {
    this.#edit('pasteAndMatchStyle');
  }

  delete(): void {
    this.#edit('delete');
  }

  selectAll(): void {
    this.#edit('selectAll');
  }

  undo(): void {
    this.#edit('undo');
  }

  redo(): void {
    this.#edit('redo');
  }

  /** There is no drag to the desktop from here: the files are recorded for tests. */
  startDrag(item: Electron.Item): void {
    const files = item.files ?? [item.file];
    if (files.some((file) => typeof file !== 'string' || file === '')) {
      throw new TypeError("Must specify either 'file' or 'files' option");
    }
    if (item.icon === undefined) throw new TypeError("Must specify 'icon' option");
    this.#context.records.push({ method: 'webContents.startDrag', args: [files] });
  }

  close(options?: Electron.CloseOpts): void {
    if (options?.waitForBeforeUnload === true) this.post('Page.close');
    else this.#page.closeTarget();
  }

  print(): void {
    throw new HostError('webContents.print');
  }

  /** For the host: emits a navigation event and says whether the app allows it. */
  allows(name: string, event: HostEvent, ...args: readonly unknown[]): boolean {
    this.emit(name, event, ...args);
    return !event.defaultPrevented;
  }

  /** For the host: the fields of an IPC event from this page. */
  ipcEvent(extra: object = {}): HostEvent {
    return hostEvent({
      type: 'frame' as const,
      sender: this.electron,
      senderFrame: this.mainFrame,
      frameId: 1,
      processId: 1,
      ports: [],
      reply: (channel: string, ...args: readonly unknown[]) =>
        this.send(channel, ...args),
      ...extra,
    });
  }

  #edit(command: string): void {
    this.post('Input.dispatchKeyEvent', { type: 'rawKeyDown', commands: [command] });
  }
}
