import type { Exchange } from './fault-proxy.ts';

interface Sent {
  readonly generation: number;
  bytes: number;
  end: 'open' | 'whole' | 'cut' | 'killed';
}

/**
 * Counts what had to go over the wire again: bodies of parts and files to the server, and
 * ranges of objects from it, that had gone before, wholly or in part.
 */
export class Ledger {
  /** Bytes sent or fetched again, for whatever reason. */
  resentBytes = 0;
  /** Whole parts whose answer had been delivered and that a new engine sent again. */
  readonly needless: string[] = [];
  readonly #perKill = new Map<number, number>();
  readonly #sent = new Map<string, Sent>();
  readonly #open = new Map<Exchange, string>();
  #generation = 0;

  /** The most that any one kill cost, in bytes. */
  get maxResentPerKillBytes(): number {
    return Math.max(0, ...this.#perKill.values());
  }

  /** An engine was killed: what is open now was in flight. */
  killed(): void {
    for (const [exchange, name] of this.#open) {
      const sent = this.#sent.get(name);
      if (sent?.end !== 'open') continue;
      sent.bytes = bytesOf(exchange);
      sent.end = 'killed';
    }
    this.#generation += 1;
  }

  begin(exchange: Exchange): void {
    const name = nameOf(exchange);
    if (name === null) return;
    const before = this.#sent.get(name);
    const isPart = exchange.method === 'PUT';
    if (before !== undefined && (isPart || before.end !== 'whole')) {
      this.resentBytes += before.bytes;
      if (before.generation < this.#generation && before.end !== 'cut') {
        const kill = before.generation;
        this.#perKill.set(kill, (this.#perKill.get(kill) ?? 0) + before.bytes);
        const part = name.includes('partNumber=');
        if (part && before.end === 'whole') this.needless.push(name);
      }
    }
    this.#sent.set(name, { generation: this.#generation, bytes: 0, end: 'open' });
    this.#open.set(exchange, name);
  }

  end(exchange: Exchange): void {
    const name = this.#open.get(exchange);
    if (name === undefined) return;
    this.#open.delete(exchange);
    const sent = this.#sent.get(name);
    if (sent?.end !== 'open') return;
    sent.bytes = bytesOf(exchange);
    const whole = exchange.answered && exchange.status < 300 && exchange.struck === null;
    sent.end = whole ? 'whole' : 'cut';
  }
}

function bytesOf(exchange: Exchange): number {
  return exchange.method === 'PUT' ? exchange.sentBytes : exchange.receivedBytes;
}

function nameOf({ method, target, headers, bodyLength }: Exchange): string | null {
  if (method === 'PUT') return bodyLength > 0 ? `PUT ${target}` : null;
  if (method !== 'GET' || /[?&](list-type|uploads|uploadId|location)\b/.test(target)) {
    return null;
  }
  return `GET ${target} ${headers['range'] ?? ''}`;
}
