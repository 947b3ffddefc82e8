import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type HttpHead,
  type HttpPiece,
  HttpScanner,
  requestBodyLength,
  responseBodyLength,
  statusOf,
} from './http-scanner.ts';

/** What the proxy can do to one request and its answer. */
export const PROXY_FAULTS = [
  /** TCP resets, by where they strike. */
  'resetBeforeHead',
  'resetInHead',
  'resetInRequestBody',
  /** The server did what was asked; nobody hears of it. */
  'resetAfterRequest',
  'resetInResponseHead',
  'resetInResponseBody',
  'resetAfterResponse',
  /** The connection ends in order, too early. */
  'truncatedRequest',
  'truncatedResponse',
  /** Nothing more comes, and the connection stays open. */
  'stalledRequest',
  'stalledResponse',
  'slow',
  /** One byte of an object is another one. */
  'corruptedRequest',
  'corruptedResponse',
  /** A stretch of an object comes twice, in place of what should follow. */
  'repeatedResponse',
  /** The ETag in the head is another one. */
  'wrongEtag',
] as const;

export type ProxyFaultKind = (typeof PROXY_FAULTS)[number];

/** A fault to strike one exchange. */
export interface ProxyFault {
  readonly kind: ProxyFaultKind;
  /** From 0 up to 1: where in the head or body. */
  readonly at: number;
}

/** One request and its answer as they go through. */
export interface Exchange {
  /** Counts from 0. */
  readonly ordinal: number;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: HttpHead['headers'];
  /** Bytes of the request's body. */
  readonly bodyLength: number;
  /** Bytes of the request's body that went to the server. */
  sentBytes: number;
  /** Of the final answer; 0: none yet. */
  status: number;
  /** Bytes of the answer's body that went to the client. */
  receivedBytes: number;
  /** The whole answer went to the client. */
  answered: boolean;
  /** What struck it. */
  struck: ProxyFaultKind | null;
  closed: boolean;
}

/** Options of {@link FaultProxy}. */
export interface FaultProxyOptions {
  readonly upstreamPort: number;
  /** Chooses what happens to an exchange; `null`: nothing. */
  readonly decide: (exchange: Exchange) => ProxyFault | null;
  readonly onBegin?: (exchange: Exchange) => void;
  readonly onEnd?: (exchange: Exchange) => void;
}

/** How long a stalled connection is kept, ms: longer than clients wait. */
const STALL_MS = 12_000;
/** How long a slow body takes in all, ms, at most. */
const SLOW_MS = 2_500;
/** What was written shall arrive before a reset discards it, ms. */
const SETTLE_MS = 15;

/** A TCP proxy on 127.0.0.1 that understands just enough HTTP/1.1 to spoil it. */
export class FaultProxy {
  /** How often each fault struck. */
  readonly counts = new Map<ProxyFaultKind, number>();
  readonly #options: FaultProxyOptions;
  readonly #lines = new Set<Line>();
  #server: Server | undefined;
  #port = 0;
  #ordinal = 0;

  constructor(options: FaultProxyOptions) {
    this.#options = options;
  }

  get port(): number {
    return this.#port;
  }

  /** Listens; after {@link offline} on the same port again. */
  async online(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer((client) => {
      const line = new Line(client, this.#options, this);
      this.#lines.add(line);
      void line.run().finally(() => this.#lines.delete(line));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Refuses connections and resets those there are. */
  async offline(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    for (const line of this.#lines) line.reset();
    await closed;
  }

  begin(piece: Extract<HttpPiece, { kind: 'head' }>): Exchange {
    const { head } = piece;
    const [method = '', target = ''] = head.line.split(' ');
    const exchange: Exchange = {
      ordinal: this.#ordinal,
      method,
      target,
      headers: head.headers,
      bodyLength: requestBodyLength(head),
      sentBytes: 0,
      status: 0,
      receivedBytes: 0,
      answered: false,
      struck: null,
      closed: false,
    };
    this.#ordinal += 1;
    this.#options.onBegin?.(exchange);
    return exchange;
  }

  strike(exchange: Exchange, kind: ProxyFaultKind): void {
    if (exchange.struck !== null) return;
    exchange.struck = kind;
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }
}

/** The connection was cut on purpose. */
class Cut extends Error {}

/** One client's connection and ours to the server. */
class Line {
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #options: FaultProxyOptions;
  readonly #proxy: FaultProxy;
  #exchange: Exchange | null = null;
  #fault: ProxyFault | null = null;
  #responses: HttpScanner | undefined;
  #repeat: Buffer | null = null;

  constructor(client: Socket, options: FaultProxyOptions, proxy: FaultProxy) {
    this.#client = client;
    this.#options = options;
    this.#proxy = proxy;
    this.#upstream = connect(options.upstreamPort, '127.0.0.1');
    for (const socket of [client, this.#upstream]) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
    }
    client.once('close', () => this.#upstream.destroy());
    this.#upstream.once('close', () => this.#client.destroySoon());
  }

  reset(): void {
    this.#client.resetAndDestroy();
    this.#upstream.destroy();
  }

  async run(): Promise<void> {
    try {
      await Promise.all([this.#requests(), this.#answers()]);
    } catch {
      // Either a cut of ours or one of theirs: the line is over.
      this.#client.destroy();
      this.#upstream.destroy();
    }
    this.#end();
  }

  #end(): void {
    if (this.#exchange === null || this.#exchange.closed) return;
    this.#exchange.closed = true;
    this.#options.onEnd?.(this.#exchange);
  }

  async #requests(): Promise<void> {
    const scanner = new HttpScanner(requestBodyLength);
    for await (const chunk of this.#client) {
      for (const piece of scanner.feed(chunk as Buffer)) {
        if (piece.kind === 'head') await this.#requestHead(piece);
        else await this.#requestBody(piece);
      }
    }
    this.#upstream.end();
  }

  async #requestHead(piece: Extract<HttpPiece, { kind: 'head' }>): Promise<void> {
    this.#end();
    this.#responses?.nextMessage();
    const exchange = this.#proxy.begin(piece);
    this.#exchange = exchange;
    this.#fault = this.#options.decide(exchange);
    const fault = this.#fault;
    if (fault?.kind === 'resetBeforeHead') await this.#cut(fault);
    if (fault?.kind === 'resetInHead') {
      const at = 1 + Math.floor(fault.at * (piece.bytes.length - 2));
      await write(this.#upstream, piece.bytes.subarray(0, at));
      await this.#cut(fault);
    }
    await write(this.#upstream, piece.bytes);
    if (exchange.bodyLength === 0 && fault?.kind === 'stalledRequest') {
      await this.#stall(fault);
    }
  }

  async #requestBody(piece: Extract<HttpPiece, { kind: 'body' }>): Promise<void> {
    const exchange = this.#exchange;
    const fault = this.#fault;
    if (exchange === null) return;
    const at = placeOf(fault, exchange.bodyLength);
    const within = at - piece.at;
    const here = within >= 0 && within < piece.bytes.length;
    let { bytes } = piece;
    if (here && fault !== null) {
      if (fault.kind === 'corruptedRequest') {
        bytes = flipped(bytes, within);
        this.#proxy.strike(exchange, fault.kind);
      }
      const stops =
        fault.kind === 'resetInRequestBody' ||
        fault.kind === 'truncatedRequest' ||
        fault.kind === 'stalledRequest';
      if (stops) {
        exchange.sentBytes += within;
        await write(this.#upstream, bytes.subarray(0, within));
        if (fault.kind === 'stalledRequest') await this.#stall(fault);
        await this.#cut(fault);
      }
    }
    if (fault?.kind === 'slow') {
      this.#proxy.strike(exchange, 'slow');
      await delay((SLOW_MS * bytes.length) / exchange.bodyLength);
    }
    exchange.sentBytes += bytes.length;
    await write(this.#upstream, bytes);
  }

  async #answers(): Promise<void> {
    const scanner = new HttpScanner((head) =>
      responseBodyLength(head, this.#exchange?.method ?? ''),
    );
    this.#responses = scanner;
    for await (const chunk of this.#upstream) {
      for (const piece of scanner.feed(chunk as Buffer)) {
        if (piece.kind === 'head') await this.#answerHead(piece);
        else await this.#answerBody(piece);
      }
    }
  }

  async #answerHead(piece: Extract<HttpPiece, { kind: 'head' }>): Promise<void> {
    const exchange = this.#exchange;
    const fault = this.#fault;
    const status = statusOf(piece.head);
    let { bytes } = piece;
    if (exchange === null || status < 200) {
      await write(this.#client, bytes);
      return;
    }
    exchange.status = status;
    if (fault?.kind === 'resetAfterRequest') await this.#cut(fault);
    if (fault?.kind === 'resetInResponseHead') {
      const at = 1 + Math.floor(fault.at * (bytes.length - 2));
      await write(this.#client, bytes.subarray(0, at));
      await this.#cut(fault);
    }
    if (fault?.kind === 'wrongEtag' && carriesEtag(exchange)) {
      const other = withOtherEtag(bytes);
      if (other !== null) {
        bytes = other;
        this.#proxy.strike(exchange, 'wrongEtag');
      }
    }
    const length = responseBodyLength(piece.head, exchange.method);
    if (length === 0) exchange.answered = true;
    await write(this.#client, bytes);
    if (length === 0) await this.#afterAnswer();
    // A length that is not known has no middle: the first bytes must do.
    else this.#answerLength = Number.isFinite(length) ? length : 1;
  }

  #answerLength = 0;

  async #answerBody(piece: Extract<HttpPiece, { kind: 'body' }>): Promise<void> {
    const exchange = this.#exchange;
    const fault = this.#fault;
    if (exchange === null) return;
    const within = placeOf(fault, this.#answerLength) - piece.at;
    const here = within >= 0 && within < piece.bytes.length;
    let { bytes } = piece;
    if (here && fault !== null) {
      const stops =
        fault.kind === 'resetInResponseBody' ||
        fault.kind === 'truncatedResponse' ||
        fault.kind === 'stalledResponse';
      if (stops) {
        exchange.receivedBytes += within;
        await write(this.#client, bytes.subarray(0, within));
        if (fault.kind === 'stalledResponse') await this.#stall(fault);
        await this.#cut(fault);
      }
      if (fault.kind === 'corruptedResponse' && isObjectBody(exchange)) {
        bytes = flipped(bytes, within);
        this.#proxy.strike(exchange, fault.kind);
      }
    }
    if (fault?.kind === 'repeatedResponse' && isObjectBody(exchange)) {
      bytes = this.#repeated(bytes, exchange);
    }
    if (fault?.kind === 'slow') {
      this.#proxy.strike(exchange, 'slow');
      await delay(Math.min(SLOW_MS, (SLOW_MS * bytes.length) / this.#answerLength));
    }
    exchange.receivedBytes += bytes.length;
    if (piece.last) exchange.answered = true;
    await write(this.#client, bytes);
    if (piece.last) await this.#afterAnswer();
  }

  /** The first stretch again in place of the next one of its length. */
  #repeated(bytes: Buffer, exchange: Exchange): Buffer {
    const earlier = this.#repeat;
    this.#repeat = bytes;
    const half = Math.floor(bytes.length / 2);
    if (earlier === null && half < 16) return bytes;
    const spoilt = Buffer.from(bytes);
    if (earlier === null) bytes.copy(spoilt, half, 0, half);
    else earlier.copy(spoilt, 0, 0, Math.min(earlier.length, spoilt.length));
    this.#proxy.strike(exchange, 'repeatedResponse');
    return spoilt;
  }

  async #afterAnswer(): Promise<void> {
    this.#repeat = null;
    if (this.#fault?.kind === 'resetAfterResponse') await this.#cut(this.#fault);
    this.#fault = null;
    this.#end();
  }

  async #cut({ kind }: ProxyFault): Promise<never> {
    if (this.#exchange !== null) this.#proxy.strike(this.#exchange, kind);
    await delay(SETTLE_MS);
    if (kind.startsWith('truncated')) {
      this.#client.end();
      this.#upstream.end();
      await delay(SETTLE_MS);
      this.#client.destroy();
      this.#upstream.destroy();
    } else {
      this.#client.resetAndDestroy();
      this.#upstream.resetAndDestroy();
    }
    throw new Cut();
  }

  async #stall(fault: ProxyFault): Promise<never> {
    if (this.#exchange !== null) this.#proxy.strike(this.#exchange, fault.kind);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, STALL_MS);
      this.#client.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    return this.#cut(fault);
  }
}

function placeOf(fault: ProxyFault | null, length: number): number {
  return fault === null ? -1 : Math.min(length - 1, Math.floor(fault.at * length));
}

function flipped(bytes: Buffer, index: number): Buffer {
  const out = Buffer.from(bytes);
  out[index] = (out[index] ?? 0) ^ 0xff;
  return out;
}

/**
 * Whether the answer's body is an object's content, which clients can check. Nobody can
 * tell a wrong letter in a listing sent in the clear, so those are left alone.
 */
function isObjectBody({ method, target, status }: Exchange): boolean {
  const { pathname, searchParams } = new URL(target, 'http://proxy');
  const hasKey = pathname.split('/').length > 2 && !/^\/[^/]+\/$/.test(pathname);
  const plain = [...searchParams.keys()].every((name) => name === 'x-id');
  return method === 'GET' && hasKey && plain && (status === 200 || status === 206);
}

/** Whether a wrong ETag can be told from a right one: sent or received content. */
function carriesEtag(exchange: Exchange): boolean {
  if (exchange.status !== 200 && exchange.status !== 206) return false;
  const copy = 'x-amz-copy-source' in exchange.headers;
  return (exchange.method === 'PUT' && !copy) || isObjectBody(exchange);
}

function withOtherEtag(head: Buffer): Buffer | null {
  const text = head.toString('latin1');
  const other = text.replace(
    /^(etag: "?)([0-9a-f])/im,
    (_, name: string, digit: string) => `${name}${digit === '0' ? '1' : '0'}`,
  );
  return other === text ? null : Buffer.from(other, 'latin1');
}

async function write(socket: Socket, bytes: Buffer): Promise<void> {
  if (bytes.length === 0) return;
  if (socket.destroyed) throw new Cut();
  if (socket.write(bytes)) return;
  await new Promise<void>((resolve, reject) => {
    function done(): void {
      socket.off('drain', done);
      socket.off('close', gone);
      resolve();
    }
    function gone(): void {
      socket.off('drain', done);
      reject(new Cut());
    }
    socket.once('drain', done);
    socket.once('close', gone);
  });
}
