import { EventEmitter } from 'node:events';
import type { IpcMainInvokeEvent } from 'electron';

/** A handler of `ipcRenderer.invoke`. */
export type InvokeHandler = (event: IpcMainInvokeEvent, ...args: never[]) => unknown;

/** Electron's `ipcMain`: events are emitted on it, calls have one handler each. */
export class IpcMain extends EventEmitter {
  readonly #handlers = new Map<string, InvokeHandler>();

  /** @throws Error when the channel has a handler, TypeError when it is not a function. */
  handle(channel: string, handler: InvokeHandler): void {
    if (this.#handlers.has(channel)) {
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    }
    if (typeof handler !== 'function') {
      throw new TypeError(
        `Expected handler to be a function, but found type '${typeof handler}'`,
      );
    }
    this.#handlers.set(channel, handler);
  }

  /** Handles one call. */
  handleOnce(channel: string, handler: InvokeHandler): void {
    this.handle(channel, (event, ...args) => {
      this.removeHandler(channel);
      return handler(event, ...args);
    });
  }

  /** Forgets the channel's handler. */
  removeHandler(channel: string): void {
    this.#handlers.delete(channel);
  }

  /** For the host: runs the channel's handler. */
  async call(channel: string, event: object, args: readonly unknown[]): Promise<unknown> {
    const handler = this.#handlers.get(channel);
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    return handler(event as IpcMainInvokeEvent, ...(args as never[]));
  }
}
