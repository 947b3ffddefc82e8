import type { KeyPress } from './accelerator.ts';
import type { Session } from './cdp.ts';
import type { ContentsPreferences, HostContents } from './contents.ts';
import type { HostContext } from './context.ts';
import { hostEvent } from './event.ts';
import type { FromPage } from './page/isolated-world.ts';
import { nodeCodec, PageLink } from './page-link.ts';
import { respond } from './respond.ts';

const LEVELS: Readonly<Record<string, 'debug' | 'info' | 'warning' | 'error'>> = {
  debug: 'debug',
  warning: 'warning',
  error: 'error',
  assert: 'error',
};

function isFirstDocument(url: string): boolean {
  return url === '' || url === 'about:blank' || url.startsWith('data:text/html,');
}

/** The DevTools side of one {@link HostContents}. */
export class ContentsPage {
  loading = false;
  crashed = false;
  title = '';
  targetId: string | undefined;
  readonly link: Promise<PageLink>;
  readonly #context: HostContext;
  readonly #contents: HostContents;
  readonly #codec = nodeCodec();
  readonly #attached = Promise.withResolvers<PageLink>();
  readonly #opens: {
    readonly url: string;
    readonly name: string;
    readonly features: string;
  }[] = [];
  #session: Session | undefined;
  #link: PageLink | undefined;
  /** As Chromium sees it. */
  #url = '';
  /** The address the host itself is loading: no permission to ask for. */
  #expected: string | undefined;

  constructor(context: HostContext, contents: HostContents) {
    this.#context = context;
    this.#contents = contents;
    this.link = this.#attached.promise;
    // Nobody may be waiting when a window is closed before Chromium had it.
    this.link.catch(() => {});
  }

  /** The page's address as Electron shows it. */
  get url(): string {
    return isFirstDocument(this.#url) ? '' : this.#context.schemes.fromAlias(this.#url);
  }

  async attach(
    session: Session,
    targetId: string,
    preferences: ContentsPreferences,
  ): Promise<void> {
    this.targetId = targetId;
    this.#session = session;
    const link = new PageLink(session, {
      message: (message) => this.#message(message),
      sendSync: (channel, wire) => this.#sendSync(channel, wire),
    });
    this.#link = link;
    this.#listen(session);
    await session.send('Fetch.enable', { patterns: this.#patterns() });
    this.#context.applyTheme(this.#contents);
    await link.attach(
      this.#context,
      preferences.preload,
      preferences.additionalArguments ?? [],
    );
    this.#attached.resolve(link);
  }

  /** For a target that never came. */
  fail(error: Error): void {
    this.#attached.reject(error);
  }

  send(channel: string, args: readonly unknown[]): void {
    const wire = this.#codec.encode(args);
    if (this.#link === undefined) {
      void this.link.then((link) => link.post(['event', channel, wire]));
    } else {
      this.#link.post(['event', channel, wire]);
    }
  }

  /** @throws Error as Electron's loadURL, with `code` such as ERR_FAILED. */
  async load(url: string): Promise<void> {
    const { session } = await this.link;
    const address = this.#context.schemes.toAlias(url);
    await this.#context.applyPermissions(this.#contents, url);
    this.#expected = address;
    const finished = new Promise<void>((resolve) => {
      this.#contents.once('did-finish-load', resolve);
      this.#contents.once('destroyed', resolve);
    });
    const { errorText, loaderId } = await session.send('Page.navigate', { url: address });
    if (errorText !== undefined) {
      const code = errorText.replace('net::', '');
      this.#contents.emit('did-fail-load', hostEvent(), -2, errorText, url, true);
      const error = new Error(`${code} (-2) loading '${url}'`);
      throw Object.assign(error, { code, errno: -2, url });
    }
    // No loader: only the fragment changed.
    if (loaderId !== undefined) await finished;
  }

  reload(ignoreCache: boolean): void {
    this.#expected = this.#url;
    this.#session?.post('Page.reload', { ignoreCache });
  }

  closeTarget(): void {
    const { targetId } = this;
    if (targetId === undefined) return;
    this.#context.browser?.connection.root.post('Target.closeTarget', { targetId });
  }

  #patterns(): { urlPattern: string; resourceType?: 'Document' }[] {
    const own = this.#context.schemes
      .names()
      .map((name) => ({ urlPattern: `https://*.${name}.invalid/*` }));
    return [...own, { urlPattern: '*', resourceType: 'Document' }];
  }

  #listen(session: Session): void {
    const contents = this.#contents;
    session.on('Runtime.consoleAPICalled', ({ type, args }) => {
      const message = args
        .map((each) => String(each.value ?? each.description ?? ''))
        .join(' ');
      this.#context.log(`page ${type}:`, message);
      const details = {
        level: LEVELS[type] ?? 'info',
        message,
        lineNumber: 0,
        sourceId: '',
        frame: contents.mainFrame,
      };
      contents.emit('console-message', hostEvent(details));
    });
    session.on('Runtime.exceptionThrown', ({ exceptionDetails }) => {
      const { exception, text } = exceptionDetails;
      this.#context.log('page exception:', exception?.description ?? text);
    });
    session.on('Page.frameNavigated', ({ frame }) => {
      if (frame.parentId !== undefined) return;
      this.#url = frame.url;
      if (isFirstDocument(frame.url)) return;
      this.#context.applyTheme(contents);
      contents.emit('did-navigate', hostEvent(), this.url, 200, 'OK');
    });
    session.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
      if (frameId !== this.#link?.frame) return;
      this.#url = url;
      contents.emit('did-navigate-in-page', hostEvent(), this.url, true);
    });
    session.on('Page.frameStartedLoading', ({ frameId }) => {
      if (frameId !== this.#link?.frame) return;
      this.loading = true;
      contents.emit('did-start-loading', hostEvent());
    });
    session.on('Page.domContentEventFired', () => {
      if (!isFirstDocument(this.#url)) contents.emit('dom-ready', hostEvent());
    });
    session.on('Page.loadEventFired', () => {
      if (isFirstDocument(this.#url)) return;
      this.loading = false;
      this.crashed = false;
      this.#context.applyTheme(contents);
      this.#expected = undefined;
      contents.emit('did-finish-load', hostEvent());
      contents.emit('did-stop-loading', hostEvent());
      contents.hostWindow.markReady();
    });
    session.on('Page.windowOpen', ({ url, windowName, windowFeatures }) => {
      this.#opens.push({ url, name: windowName, features: windowFeatures.join(',') });
    });
    session.on('Page.frameResized', () => contents.hostWindow.noteResized());
    session.on('Inspector.targetCrashed', () => {
      this.crashed = true;
      const details = { reason: 'crashed', exitCode: 1 };
      contents.emit('render-process-gone', hostEvent(), details);
      this.#context.app.emit(
        'render-process-gone',
        hostEvent(),
        contents.electron,
        details,
      );
    });
    session.on('Fetch.requestPaused', (paused) => {
      const { requestId, frameId, resourceType, request, redirectedRequestId } = paused;
      const url = this.#context.schemes.fromAlias(request.url);
      const isDocument = resourceType === 'Document';
      const isMain = frameId === this.#link?.frame;
      const isExpected =
        isMain && (this.#expected === request.url || isFirstDocument(this.#url));
      const isRedirect = redirectedRequestId !== undefined;
      if (isDocument && !isExpected && !this.#allows(url, isMain, isRedirect)) {
        session.post('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
        return;
      }
      if (!this.#context.schemes.owns(url)) {
        session.post('Fetch.continueRequest', { requestId });
        return;
      }
      if (new URL(request.url).pathname === '/favicon.ico') {
        // Electron never asks for one.
        session.post('Fetch.fulfillRequest', { requestId, responseCode: 204 });
        return;
      }
      const { method, headers, postData, postDataEntries } = request;
      const parts = postDataEntries?.map(({ bytes }) =>
        Buffer.from(bytes ?? '', 'base64'),
      );
      const text = postData === undefined ? undefined : Buffer.from(postData);
      const body = parts === undefined ? text : Buffer.concat(parts);
      respond(session, { requestId, url, method, headers, body }, this.#context).catch(
        (error: unknown) => {
          this.#context.log('request failed:', url, error);
          session.post('Fetch.failRequest', { requestId, errorReason: 'Failed' });
        },
      );
    });
    session.onGone(() => {
      this.fail(new Error('The window was closed'));
      contents.hostWindow.markDestroyed();
    });
  }

  /** Asks the app about a navigation that the page began. */
  #allows(url: string, isMainFrame: boolean, isRedirect: boolean): boolean {
    const frame = isMainFrame ? this.#contents.mainFrame : null;
    const event = hostEvent({
      url,
      isMainFrame,
      isSameDocument: false,
      frame,
      initiator: frame,
    });
    if (isRedirect)
      return this.#contents.allows('will-redirect', event, url, false, isMainFrame);
    const byFrame = this.#contents.allows('will-frame-navigate', event);
    return isMainFrame
      ? this.#contents.allows('will-navigate', event, url) && byFrame
      : byFrame;
  }

  #message([kind, id, channel, wire]: FromPage): void {
    const contents = this.#contents;
    switch (kind) {
      case 'key':
        contents.hostWindow.menus.pressed(JSON.parse(wire) as KeyPress);
        return;
      case 'menu':
        contents.hostWindow.menus.choose(id);
        return;
      case 'menu-closed':
        contents.hostWindow.menus.closed();
        return;
      case 'preload-error':
        console.error(`Unable to load preload script: ${wire}`);
        contents.emit('preload-error', hostEvent(), '', new Error(wire));
        return;
      case 'send': {
        const args = this.#codec.decode(wire) as readonly unknown[];
        const event = contents.ipcEvent();
        contents.hostIpc.emit(channel, event, ...args);
        this.#context.ipcMain.emit(channel, event, ...args);
        return;
      }
      default:
        void this.#invoke(id, channel, wire);
    }
  }

  async #invoke(id: number, channel: string, wire: string): Promise<void> {
    const world = this.#link?.world;
    const reply = (ok: boolean, value: string): void => {
      // The document that asked may be gone.
      if (this.#link?.world === world) this.#link?.post(['reply', id, ok, value]);
    };
    try {
      const args = this.#codec.decode(wire) as readonly unknown[];
      const result = await this.#context.ipcMain.call(
        channel,
        this.#contents.ipcEvent(),
        args,
      );
      reply(true, this.#codec.encode(result));
    } catch (error) {
      this.#context.log(`handler of '${channel}' failed:`, error);
      reply(false, `Error invoking remote method '${channel}': ${String(error)}`);
    }
  }

  async #sendSync(channel: string, wire: string): Promise<string> {
    const answered = Promise.withResolvers<unknown>();
    const event = this.#contents.ipcEvent();
    Object.defineProperty(event, 'returnValue', { set: answered.resolve });
    const args = this.#codec.decode(wire) as readonly unknown[];
    if (!this.#context.ipcMain.emit(channel, event, ...args)) {
      throw new Error(`No listener for sendSync('${channel}')`);
    }
    return this.#codec.encode(await answered.promise);
  }

  noteTitle(title: string): void {
    if (title === '' || title === this.title || isFirstDocument(this.#url)) return;
    this.title = title;
    const event = hostEvent();
    this.#contents.emit('page-title-updated', event, title, true);
    this.#contents.hostWindow.emit('page-title-updated', event, title, true);
  }

  /** What the page asked to open when a new target appeared. */
  takeOpen(): { readonly url: string; readonly name: string; readonly features: string } {
    return this.#opens.shift() ?? { url: '', name: '', features: '' };
  }
}
