import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type HttpPiece,
  HttpScanner,
  requestBodyLength,
  responseBodyLength,
  statusOf,
} from './http-scanner.ts';
import {
  carriesEtag,
  type Exchange,
  flipped,
  isObjectBody,
  type ProxyFault,
  type ProxyFaultKind,
  placeOf,
  repeated,
  slowDownAnswer,
  withOtherEtag,
} from './proxy-faults.ts';

/** How long a stalled connection is kept, ms: longer than clients wait. */
const STALL_MS = 12_000;
/** How long a slow body takes in all, ms, at most. */
const SLOW_MS = 2_500;
/** What was written shall arrive before a reset discards it, ms. */
const SETTLE_MS = 15;

/** The connection was cut on purpose. */
class Cut extends Error {}

/** What a line needs of its proxy. */
export interface LineOwner {
  readonly upstreamPort: number;
  /** Chooses what happens to an exchange; `null`: nothing. */
  readonly decide: (exchange: Exchange) => ProxyFault | null;
  readonly begin: (piece: Extract<HttpPiece, { kind: 'head' }>) => Exchange;
  readonly end: (exchange: Exchange) => void;
  readonly strike: (exchange: Exchange, kind: ProxyFaultKind) => void;
}

/** One client's connection and ours to the server. */
export class ProxyLine {
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #owner: LineOwner;
  #exchange: Exchange | null = null;
  #fault: ProxyFault | null = null;
  #responses: HttpScanner | undefined;
  #repeat: Buffer | null = null;

  constructor(client: Socket, owner: LineOwner) {
    this.#client = client;
    this.#owner = owner;
    this.#upstream = connect(owner.upstreamPort, '127.0.0.1');
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
    this.#owner.end(this.#exchange);
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
    const exchange = this.#owner.begin(piece);
    this.#exchange = exchange;
    this.#fault = this.#owner.decide(exchange);
    const fault = this.#fault;
    if (fault?.kind === 'resetBeforeHead') await this.#cut(fault);
    if (fault?.kind === 'slowDownAnswer') {
      this.#owner.strike(exchange, fault.kind);
      if (exchange.bodyLength === 0) await this.#answerSlowDown(exchange);
      return;
    }
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
    if (fault?.kind === 'slowDownAnswer') {
      if (piece.last) await this.#answerSlowDown(exchange);
      return;
    }
    const at = placeOf(fault, exchange.bodyLength);
    const within = at - piece.at;
    const here = within >= 0 && within < piece.bytes.length;
    let { bytes } = piece;
    if (here && fault !== null) {
      if (fault.kind === 'corruptedRequest') {
        bytes = flipped(bytes, within);
        this.#owner.strike(exchange, fault.kind);
      }
      if (fault.kind === 'repeatedRequest') {
        const spoilt = repeated(bytes);
        if (spoilt !== null) {
          bytes = spoilt;
          this.#owner.strike(exchange, fault.kind);
        }
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
      this.#owner.strike(exchange, 'slow');
      await delay((SLOW_MS * bytes.length) / exchange.bodyLength);
    }
    exchange.sentBytes += bytes.length;
    await write(this.#upstream, bytes);
  }

  async #answerSlowDown(exchange: Exchange): Promise<void> {
    exchange.status = 503;
    exchange.answered = true;
    await write(this.#client, slowDownAnswer(exchange.method));
    await this.#afterAnswer();
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
        this.#owner.strike(exchange, 'wrongEtag');
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
        this.#owner.strike(exchange, fault.kind);
      }
    }
    if (fault?.kind === 'repeatedResponse' && isObjectBody(exchange)) {
      bytes = this.#repeated(bytes, exchange);
    }
    if (fault?.kind === 'slow') {
      this.#owner.strike(exchange, 'slow');
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
    this.#owner.strike(exchange, 'repeatedResponse');
    return spoilt;
  }

  async #afterAnswer(): Promise<void> {
    this.#repeat = null;
    if (this.#fault?.kind === 'resetAfterResponse') await this.#cut(this.#fault);
    this.#fault = null;
    this.#end();
  }

  async #cut({ kind }: ProxyFault): Promise<never> {
    if (this.#exchange !== null) this.#owner.strike(this.#exchange, kind);
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
    if (this.#exchange !== null) this.#owner.strike(this.#exchange, fault.kind);
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
