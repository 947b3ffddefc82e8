import { EventEmitter } from 'node:events';
import { complete } from './missing.ts';

/** What a frame reports of its page. */
export interface FrameSource {
  readonly url: () => string;
  readonly origin: () => string;
  readonly isDestroyed: () => boolean;
  readonly executeJavaScript: (code: string) => Promise<unknown>;
  readonly send: (channel: string, ...args: readonly unknown[]) => void;
  readonly reload: () => void;
}

class HostFrame extends EventEmitter {
  readonly parent = null;
  readonly routingId = 1;
  readonly processId = 1;
  readonly frameTreeNodeId = 1;
  readonly name = '';
  readonly #source: FrameSource;

  constructor(source: FrameSource) {
    super();
    this.#source = source;
  }

  get url(): string {
    return this.#source.url();
  }

  get origin(): string {
    return this.#source.origin();
  }

  isDestroyed(): boolean {
    return this.#source.isDestroyed();
  }

  executeJavaScript(code: string): Promise<unknown> {
    return this.#source.executeJavaScript(code);
  }

  send(channel: string, ...args: readonly unknown[]): void {
    this.#source.send(channel, ...args);
  }

  reload(): boolean {
    this.#source.reload();
    return true;
  }
}

/** The main frame of a page: one object for the page's life, so that it can be compared. */
export function createMainFrame(source: FrameSource): Electron.WebFrameMain {
  const frame = complete<Electron.WebFrameMain>('webFrameMain', new HostFrame(source));
  Object.defineProperty(frame, 'top', { value: frame });
  return frame;
}
