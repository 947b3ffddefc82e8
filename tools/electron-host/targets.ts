import type { Session } from './cdp.ts';
import type { Chromium } from './chromium.ts';
import { openAppWindow } from './chromium.ts';
import type { HostContext } from './context.ts';
import { HostError } from './missing.ts';

/** A page that Chromium opened for a window. */
export interface Target {
  readonly session: Session;
  readonly targetId: string;
}

/** Opens Chromium's pages and tells which window each belongs to. */
export class Targets {
  readonly #context: HostContext;
  readonly #awaited = new Map<string, (target: Target) => void>();

  constructor(context: HostContext) {
    this.#context = context;
  }

  /** Starts to watch a browser that has just started. */
  async watch(browser: Chromium): Promise<void> {
    const { root } = browser.connection;
    root.on(
      'Target.attachedToTarget',
      ({ sessionId, targetInfo, waitingForDebugger }) => {
        const session = browser.connection.session(sessionId);
        const { targetId, url, openerId } = targetInfo;
        const key = [...this.#awaited.keys()].find((each) => url.includes(each));
        if (key !== undefined) {
          this.#awaited.get(key)?.({ session, targetId });
          this.#awaited.delete(key);
        } else if (openerId !== undefined && this.#opened(openerId)) {
          // Held where it would load something, but running: closed while it waits for
          // its start it would now and then hang the page that opened it.
          void Promise.allSettled([
            session.send('Fetch.enable'),
            session.send('Runtime.runIfWaitingForDebugger'),
          ]).then(() => root.post('Target.closeTarget', { targetId }));
        } else if (waitingForDebugger) {
          // Not ours, such as a page the test driver opened.
          session.post('Runtime.runIfWaitingForDebugger');
        }
      },
    );
    root.on('Target.targetInfoChanged', ({ targetInfo }) => {
      for (const contents of this.#context.contents.values()) {
        if (contents.targetId === targetInfo.targetId)
          contents.noteTitle(targetInfo.title);
      }
    });
    await root.send('Target.setDiscoverTargets', { discover: true });
    await root.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: true,
      flatten: true,
      filter: [
        { type: 'page' },
        { type: 'browser_ui', exclude: true },
        { exclude: true },
      ],
    });
  }

  /** Opens a page in a window of its own. */
  open(browser: Chromium, id: number, width: number, height: number): Promise<Target> {
    const key = `host-${id}-${this.#context.secret.slice(0, 8)}`;
    const url = `data:text/html,<title>${key}</title>`;
    return new Promise((resolve, reject) => {
      this.#awaited.set(key, resolve);
      if (browser.headless) {
        browser.connection.root
          .send('Target.createTarget', { url, newWindow: true, width, height })
          .catch(reject);
      } else {
        openAppWindow(browser, url);
      }
    });
  }

  /** Whether the target was opened by one of our pages; asks the app about it. */
  #opened(openerId: string): boolean {
    const opener = [...this.#context.contents.values()].find(
      (each) => each.targetId === openerId,
    );
    if (opener === undefined) return false;
    const { url, name, features } = opener.takeOpen();
    const { action } = opener.decideOpen({
      url: this.#context.schemes.fromAlias(url),
      frameName: name,
      features,
      disposition: 'new-window',
      referrer: { url: '', policy: 'strict-origin-when-cross-origin' },
    });
    if (action === 'allow')
      console.error(new HostError('a window opened by a page').message);
    return true;
  }
}
