import { EventEmitter } from 'node:events';
import { pathToFileURL } from 'node:url';

/** What runs first in a forked utility process: gives it Electron's `process.parentPort`. */
class ParentPort extends EventEmitter {
  readonly #send: (message: unknown) => void;
  #held: unknown[] | undefined = [];

  constructor(send: (message: unknown) => void) {
    super();
    this.#send = send;
    this.on('newListener', (name: string) => {
      if (name === 'message') queueMicrotask(() => this.start());
    });
  }

  postMessage(message: unknown): void {
    this.#send(message);
  }

  /** Hands out what came before anyone listened. */
  start(): void {
    const held = this.#held;
    this.#held = undefined;
    for (const data of held ?? []) this.emit('message', { data, ports: [] });
  }

  receive(data: unknown): void {
    if (this.#held === undefined) this.emit('message', { data, ports: [] });
    else this.#held.push(data);
  }
}

function failNow(error: unknown): never {
  console.error(error);
  process.exit(1);
}

const [, , modulePath = '', ...args] = process.argv;
const port = new ParentPort((message) => process.send?.(message));
process.on('message', (data) => port.receive(data));
// The host is gone, also when it was killed.
process.on('disconnect', () => process.exit(0));
Object.defineProperty(process, 'parentPort', { value: port, enumerable: true });
Object.defineProperty(process, 'type', { value: 'utility', enumerable: true });
Object.defineProperty(process.versions, 'electron', {
  value: process.env['HOST_ELECTRON_VERSION'],
  enumerable: true,
});
delete process.env['HOST_ELECTRON_VERSION'];
process.argv = [process.execPath, modulePath, ...args];
import(pathToFileURL(modulePath).href).catch(failNow);
