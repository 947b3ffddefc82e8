import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { CDPSession } from 'playwright';

/** Playwright's types of the DevTools protocol: method names, parameters, answers. */
type Send = CDPSession['send'];
type Listen = CDPSession['on'];

interface Pending {
  readonly method: string;
  readonly sessionId: string | undefined;
  readonly resolve: (value: never) => void;
  readonly reject: (reason: Error) => void;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly sessionId?: string;
  readonly params?: { readonly sessionId?: string };
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** One conversation over a {@link Connection}: the browser's, or an attached page's. */
export class Session {
  readonly #connection: Connection;
  readonly #id: string | undefined;
  readonly #events = new EventEmitter();

  /** @param id undefined for the browser itself */
  constructor(connection: Connection, id: string | undefined) {
    this.#connection = connection;
    this.#id = id;
    this.#events.setMaxListeners(0);
  }

  /** Sends a command; rejects with the protocol's message or when the target is gone. */
  readonly send: Send = (method, params) =>
    this.#connection.request(method, params ?? {}, this.#id);

  /** Sends a command whose failure (a target that just closed) is of no interest. */
  readonly post: (...args: Parameters<Send>) => void = (method, params) => {
    this.#connection.request(method, params ?? {}, this.#id).catch(() => {});
  };

  /** Listens to one of the protocol's events. */
  readonly on: Listen = ((method: string, listener: (payload: unknown) => void) => {
    this.#events.on(method, listener);
    return this;
  }) as never;

  /** Runs `listener` once the target or the browser is gone. */
  onGone(listener: () => void): void {
    this.#events.once('gone', listener);
  }

  /** For {@link Connection} only: hands an event to the listeners. */
  deliver(method: string, params: unknown): void {
    this.#events.emit(method, params);
  }
}

/** DevTools protocol over `--remote-debugging-pipe`: JSON messages ended by a zero byte. */
export class Connection {
  /** The browser's own session. */
  readonly root = new Session(this, undefined);
  readonly #writable: Writable;
  readonly #pending = new Map<number, Pending>();
  readonly #sessions = new Map<string, Session>();
  #chunks: Buffer[] = [];
  #nextId = 1;
  #closed = false;

  constructor(writable: Writable, readable: Readable) {
    this.#writable = writable;
    readable.on('data', (data: Buffer) => this.#receive(data));
    const end = (): void => this.#close();
    for (const event of ['close', 'end', 'error']) readable.on(event, end);
    writable.on('error', end);
  }

  /** The session with the protocol's `id`, made on first use. */
  session(id: string): Session {
    const known = this.#sessions.get(id);
    if (known !== undefined) return known;
    const session = new Session(this, id);
    this.#sessions.set(id, session);
    return session;
  }

  /** Sends a command and resolves with its result. */
  request(method: string, params: object, sessionId: string | undefined): Promise<never> {
    if (this.#closed) return Promise.reject(new Error(`${method}: the browser is gone`));
    const id = this.#nextId;
    this.#nextId += 1;
    const text = JSON.stringify({ id, method, params, sessionId });
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { method, sessionId, resolve, reject });
      this.#writable.write(`${text}\0`);
    });
  }

  #receive(data: Buffer): void {
    let start = 0;
    for (let end = data.indexOf(0); end !== -1; end = data.indexOf(0, start)) {
      this.#chunks.push(data.subarray(start, end));
      const text = Buffer.concat(this.#chunks).toString('utf8');
      this.#chunks = [];
      start = end + 1;
      this.#dispatch(JSON.parse(text) as Message);
    }
    if (start < data.length) this.#chunks.push(data.subarray(start));
  }

  #dispatch(message: Message): void {
    if (message.id !== undefined) {
      const pending = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      if (message.error === undefined) pending?.resolve(message.result as never);
      else pending?.reject(new Error(`${pending.method}: ${message.error.message}`));
      return;
    }
    if (message.method === undefined) return;
    const attached = message.params?.sessionId;
    if (message.method === 'Target.detachedFromTarget' && attached !== undefined) {
      this.#drop(attached);
    }
    const session =
      message.sessionId === undefined ? this.root : this.#sessions.get(message.sessionId);
    session?.deliver(message.method, message.params);
  }

  #drop(id: string): void {
    const session = this.#sessions.get(id);
    this.#sessions.delete(id);
    for (const [key, pending] of this.#pending) {
      if (pending.sessionId !== id) continue;
      this.#pending.delete(key);
      pending.reject(new Error(`${pending.method}: the page is gone`));
    }
    session?.deliver('gone', undefined);
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const id of this.#sessions.keys()) this.#drop(id);
    for (const pending of this.#pending.values()) {
      pending.reject(new Error(`${pending.method}: the browser is gone`));
    }
    this.#pending.clear();
    this.root.deliver('gone', undefined);
  }
}
