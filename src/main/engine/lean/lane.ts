import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { AppError } from '../../../shared/errors/app-error.ts';
import { lookup } from '../s3/agents.ts';
import type { Abortable, AbortWatch } from './abort-watch.ts';
import { HttpReader, type ResponseHead, UnsupportedAnswer } from './http-reader.ts';

/** A lane's own buffer: heads and small bodies land here. */
const OWN_BYTES = 64 * 1024;
/** Up to this many bytes a body goes out in one write with its head. */
export const JOINED_BYTES = 64 * 1024;

/** Takes the body of an answer. */
export interface BodySink {
  /**
   * Where the next bytes are to be read to; `null`: anywhere. Asked for right after every
   * read, also when that paused the lane: what arrives after the pause lands there.
   */
  room(): Buffer | null;
  /**
   * Bytes of the body: a view of a room given before, or of the lane's own buffer, which
   * is only good until this returns. `false` pauses the lane; a few more may come still.
   */
  write(bytes: Buffer): boolean;
  end(): void;
  fail(error: unknown): void;
}

/** What a sink may do to the lane its bytes come over. */
export interface Flow {
  resume(): void;
  /** Gives the rest of the body up, and the connection with it. */
  cancel(): void;
}

/** A body that is read while it is sent. */
export interface BodySource {
  readonly length: number;
  /** It waits on purpose: the silence is ours, not the server's. */
  readonly isHeld?: boolean;
  /** The next bytes, at most a slab; `null` after the last. */
  next(): Promise<Buffer | null>;
  /** So many bytes went out. */
  sent(count: number): void;
  /** Nothing refers to these bytes of `next` any more. */
  release(bytes: Buffer): void;
  close(): Promise<void>;
}

/** One request and what becomes of it. */
export interface Exchange {
  readonly method: string;
  /** Request line and headers with the empty line, latin1. */
  readonly head: string;
  readonly body: Buffer | BodySource | null;
  readonly signal: AbortSignal | undefined;
  onHead(head: ResponseHead, flow: Flow): BodySink;
  /** There will be no head. `answered`: bytes of an answer came. */
  onFail(error: unknown, answered: boolean): void;
}

/** Where a lane leads and how long it waits. */
export interface LaneOptions {
  readonly secure: boolean;
  /** Name or address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  readonly connectTimeoutMs: number;
  /** Silence that ends it, between two requests or in the middle of one. */
  readonly idleTimeoutMs: number;
  /** PEM; empty: the public authorities. */
  readonly caCertificate: string;
  readonly session: Buffer | undefined;
  readonly aborts: AbortWatch;
  onSession(session: Buffer): void;
  /** An exchange ended and the lane may take the next. */
  onIdle(lane: Lane): void;
  onGone(lane: Lane): void;
}

/** One keep-alive connection that serves one request at a time. */
export class Lane implements Abortable {
  readonly #options: LaneOptions;
  readonly #socket: Socket;
  readonly #reader: HttpReader;
  readonly #own = Buffer.allocUnsafeSlow(OWN_BYTES);
  #exchange: Exchange | null = null;
  #sink: BodySink | null = null;
  #head: ResponseHead | null = null;
  #answered = false;
  #sentAll = false;
  #paused = false;
  /** The socket was told to stop reading. */
  #halted = false;
  #reusable = true;
  #gone = false;
  /** Gives back its place among the sockets; `null`: it is not in use. */
  release: (() => void) | null = null;
  /** When the last exchange ended, ms of `performance.now()`; `null`: none yet. */
  idleSince: number | null = null;
  /** How long the server said it keeps an idle connection, ms. */
  keepAliveMs = Number.POSITIVE_INFINITY;

  constructor(options: LaneOptions, ready: (error: unknown) => void) {
    this.#options = options;
    this.#reader = new HttpReader({
      head: (head) => this.#onHead(head),
      body: (bytes) => {
        if (this.#sink?.write(bytes) === false) this.#paused = true;
      },
      end: () => this.#onEnd(),
    });
    this.#socket = this.#connect(ready);
  }

  get destroyed(): boolean {
    return this.#gone;
  }

  /** Sends a request. The lane must be idle. */
  start(exchange: Exchange): void {
    if (this.#gone || this.#socket.destroyed) {
      decline(exchange, hungUp());
      return;
    }
    // It aborted while a lane was found: nobody would hear of it any more.
    if (exchange.signal?.aborted) {
      decline(exchange, new AppError('transfer.cancelled'));
      this.#options.onIdle(this);
      return;
    }
    this.#exchange = exchange;
    this.#answered = false;
    this.#sentAll = false;
    this.#paused = false;
    this.#head = null;
    this.#reader.begin(exchange.method);
    this.#socket.ref();
    const { signal, head, body } = exchange;
    if (signal !== undefined) this.#options.aborts.add(signal, this);
    if (body !== null && 'next' in body) void this.#sendSource(exchange, head, body);
    else this.#sendAtOnce(head, body);
  }

  destroy(): void {
    this.#fail(hungUp());
  }

  /** Whoever sent the request under way does not want it any more. */
  onAbort(): void {
    this.#fail(new AppError('transfer.cancelled'));
  }

  #connect(ready: (error: unknown) => void): Socket {
    const { secure, host, port, connectTimeoutMs, caCertificate } = this.#options;
    const onread = {
      buffer: () => this.#sink?.room() ?? this.#own,
      callback: (count: number, buffer: Uint8Array) => this.#onBytes(count, buffer),
    };
    const shared = { host, port, lookup, noDelay: true, onread };
    const tls = {
      ...shared,
      ALPNProtocols: ['http/1.1'],
      ...(caCertificate === '' ? {} : { ca: caCertificate }),
      ...(this.#options.session === undefined ? {} : { session: this.#options.session }),
    };
    const socket: Socket = secure ? connectTls(tls) : connectTcp(shared);
    let pending = true;
    const settle = (error: unknown): void => {
      if (!pending) return;
      pending = false;
      clearTimeout(timer);
      ready(error);
    };
    const timer = setTimeout(() => {
      settle(timedOut(`No connection within ${connectTimeoutMs} ms`));
      this.#leave();
    }, connectTimeoutMs);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      // Set once: whatever is sent or comes starts it anew, the next request, too.
      socket.setTimeout(this.#options.idleTimeoutMs);
      settle(null);
    });
    socket.on('session', (session: Buffer) => this.#options.onSession(session));
    socket.on('timeout', () => this.#onTimeout());
    socket.on('end', () => this.#onEof());
    socket.on('error', (error) => {
      settle(error);
      this.#fail(error);
    });
    socket.on('close', () => {
      settle(hungUp());
      this.#fail(hungUp());
    });
    return socket;
  }

  #sendAtOnce(head: string, body: Buffer | null): void {
    this.#sentAll = true;
    if (body === null || body.length === 0) {
      this.#socket.write(head, 'latin1');
    } else if (body.length <= JOINED_BYTES) {
      const joined = Buffer.allocUnsafe(head.length + body.length);
      joined.write(head, 0, 'latin1');
      body.copy(joined, head.length);
      this.#socket.write(joined);
    } else {
      this.#socket.cork();
      this.#socket.write(head, 'latin1');
      this.#socket.write(body);
      this.#socket.uncork();
    }
  }

  async #sendSource(exchange: Exchange, head: string, source: BodySource): Promise<void> {
    const stopped = (): boolean => this.#exchange !== exchange || this.#head !== null;
    let reading: Promise<Buffer | null> = source.next();
    let left = source.length;
    try {
      this.#socket.write(head, 'latin1');
      for (;;) {
        const bytes = await reading;
        reading = NOTHING;
        if (bytes === null) break;
        if (stopped()) {
          source.release(bytes);
          break;
        }
        left -= bytes.length;
        // One read ahead; what it throws is met in the next round.
        reading = left > 0 ? source.next() : NOTHING;
        reading.catch(ignore);
        this.#sentAll = left <= 0;
        await this.#write(bytes);
        source.sent(bytes.length);
        // A socket that ends may still hold on to what was written.
        if (!this.#socket.destroyed) source.release(bytes);
      }
    } catch (error) {
      if (this.#exchange === exchange) this.#fail(error);
    } finally {
      const ahead = await reading.catch(ignore);
      if (ahead) source.release(ahead);
      await source.close().catch(ignore);
    }
  }

  #write(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** Returns whether to go on reading. */
  #onBytes(count: number, buffer: Uint8Array): boolean {
    if (this.#exchange === null) {
      // An idle server has nothing to say but good-bye.
      this.#leave();
      return true;
    }
    this.#answered = true;
    const bytes = buffer as Buffer;
    try {
      const used = this.#reader.feed(
        count === bytes.length ? bytes : bytes.subarray(0, count),
      );
      if (used < count) this.#reusable = false;
    } catch (error) {
      this.#fail(error);
      return true;
    }
    if (this.#exchange === null) this.#settle();
    if (this.#paused) this.#halted = true;
    return !this.#paused;
  }

  #onHead(head: ResponseHead): void {
    const exchange = this.#exchange;
    if (exchange === null) return;
    if (!this.#sentAll) {
      // A refusal may come early. The rest of the body is not sent then.
      if (head.status < 300) throw new UnsupportedAnswer('early');
      this.#reusable = false;
    }
    this.#head = head;
    if (!head.keepAlive) this.#reusable = false;
    const promise = head.headers['keep-alive'];
    if (promise !== undefined) this.#noteKeepAlive(promise);
    this.#sink = exchange.onHead(head, {
      resume: () => {
        if (this.#exchange !== exchange || !this.#paused) return;
        this.#paused = false;
        this.#goOn();
      },
      cancel: () => {
        if (this.#exchange === exchange) this.#fail(hungUp());
      },
    });
  }

  #noteKeepAlive(promise: string): void {
    const seconds = /(?:^|[\s,])timeout=(\d{1,6})/.exec(promise)?.[1];
    if (seconds === undefined) return;
    this.keepAliveMs = Math.max(0, Number(seconds) * 1_000 - 1_000);
  }

  #onEnd(): void {
    const sink = this.#sink;
    this.#clear();
    sink?.end();
  }

  /** After an answer: ready for the next request, or gone. */
  #settle(): void {
    if (this.#gone) return;
    if (!this.#reusable) {
      this.#leave();
      return;
    }
    // Over TLS the last bytes may come after a pause, and nobody resumes a finished body.
    this.#goOn();
    this.idleSince = performance.now();
    this.#socket.unref();
    this.#options.onIdle(this);
  }

  #goOn(): void {
    if (!this.#halted) return;
    this.#halted = false;
    this.#socket.resume();
  }

  #onEof(): void {
    this.#reusable = false;
    if (this.#exchange !== null && this.#reader.finish()) this.#leave();
    else this.#fail(hungUp());
  }

  #onTimeout(): void {
    // Who does not take what comes cannot blame the server for silence.
    const body = this.#exchange?.body;
    const held = body !== null && body !== undefined && 'next' in body && body.isHeld;
    if (this.#paused || held === true)
      this.#socket.setTimeout(this.#options.idleTimeoutMs);
    else this.#fail(timedOut(`Nothing came within ${this.#options.idleTimeoutMs} ms`));
  }

  #fail(error: unknown): void {
    const exchange = this.#exchange;
    const sink = this.#sink;
    const answered = this.#answered;
    this.#clear();
    this.#leave();
    if (sink !== null) sink.fail(error);
    else exchange?.onFail(error, answered);
  }

  #clear(): void {
    const signal = this.#exchange?.signal;
    if (signal !== undefined) this.#options.aborts.delete(signal, this);
    this.#exchange = null;
    this.#sink = null;
    this.#paused = false;
  }

  #leave(): void {
    this.#socket.destroy();
    if (this.#gone) return;
    this.#gone = true;
    this.#options.onGone(this);
  }
}

const NOTHING: Promise<Buffer | null> = Promise.resolve(null);

function ignore(): void {}

/** Ends a request that never began. */
function decline(exchange: Exchange, error: unknown): void {
  const { body } = exchange;
  if (body !== null && 'next' in body) body.close().catch(ignore);
  exchange.onFail(error, false);
}

function hungUp(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
}

function timedOut(message: string): Error {
  return Object.assign(new Error(message), { code: 'ETIMEDOUT' });
}
