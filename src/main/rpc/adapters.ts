import type { MessagePort } from 'node:worker_threads';
import type { Port } from './port.ts';

/** What Electron puts at `process.parentPort` in a utility process, as far as we use it. */
export interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
}

/** What `child_process.fork` adds to `process`, as far as we use it. */
export interface ForkedProcess {
  send?: (message: unknown, callback: (error: Error | null) => void) => boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'disconnect', listener: () => void): unknown;
}

/** The port of an Electron utility process. Electron ends the process with its parent. */
export function parentPortAdapter(parentPort: ParentPort): Port {
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process, no window
    post: (message) => parentPort.postMessage(message),
    onMessage: (listener) => {
      parentPort.on('message', (event) => listener(event.data));
    },
  };
}

/** The port of a process started by `child_process.fork` with `serialization: 'advanced'`. */
export function forkedProcessAdapter(process: ForkedProcess): Port {
  return {
    post: (message) => {
      // The other side may just have gone; `disconnect` tells, and losing this is fine.
      process.send?.(message, ignore);
    },
    onMessage: (listener) => {
      process.on('message', listener);
    },
    onClose: (listener) => {
      process.once('disconnect', listener);
    },
  };
}

/** A port over one end of a `MessageChannel`, for both sides within one process. */
export function messagePortAdapter(port: MessagePort): Port {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', listener);
    },
    onClose: (listener) => {
      port.once('close', listener);
    },
  };
}

function ignore(): void {}
