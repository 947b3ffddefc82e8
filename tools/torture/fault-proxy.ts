import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { type HttpPiece, requestBodyLength } from './http-scanner.ts';
import type { Exchange, ProxyFault, ProxyFaultKind } from './proxy-faults.ts';
import { type LineOwner, ProxyLine } from './proxy-line.ts';

/** Options of {@link FaultProxy}. */
export interface FaultProxyOptions {
  readonly upstreamPort: number;
  /** Chooses what happens to an exchange; `null`: nothing. */
  readonly decide: (exchange: Exchange) => ProxyFault | null;
  readonly onBegin?: (exchange: Exchange) => void;
  readonly onEnd?: (exchange: Exchange) => void;
}

/** A TCP proxy on 127.0.0.1 that understands just enough HTTP/1.1 to spoil it. */
export class FaultProxy {
  /** How often each fault struck. */
  readonly counts = new Map<ProxyFaultKind, number>();
  readonly #options: FaultProxyOptions;
  readonly #lines = new Set<ProxyLine>();
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
    const { upstreamPort, decide } = this.#options;
    const owner: LineOwner = {
      upstreamPort,
      decide,
      begin: (piece) => this.#begin(piece),
      end: (exchange) => this.#options.onEnd?.(exchange),
      strike: (exchange, kind) => this.#strike(exchange, kind),
    };
    const server = createServer((client) => {
      const line = new ProxyLine(client, owner);
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

  #begin(piece: Extract<HttpPiece, { kind: 'head' }>): Exchange {
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

  #strike(exchange: Exchange, kind: ProxyFaultKind): void {
    if (exchange.struck !== null) return;
    exchange.struck = kind;
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }
}
