import type { Exchange } from './proxy-faults.ts';

/**
 * Whoever is killed may not have read, or not have committed, what was answered so short
 * a time before, ms.
 */
const JUST_ANSWERED_MS = 5_000;

interface Sent {
  readonly generation: number;
  /** Whoever fetched it has it in memory only: a kill takes it away. */
  readonly held: boolean;
  bytes: number;
  end: 'open' | 'whole' | 'cut' | 'killed';
  /** When it ended, as the ledger's clock says. */
  endedAt: number;
}

interface Kill {
  /** Bytes that were under way: of open requests and of those only just answered. */
  inFlight: number;
  /** Bytes that went again because of it, by target. */
  readonly resent: Map<string, number>;
}

/** What the ledger says of the kills. */
export interface KillCosts {
  /** The most that any one kill cost, in bytes. */
  readonly maxResentPerKillBytes: number;
  /** What was whole and answered in time, and was sent or fetched again all the same. */
  readonly needless: readonly string[];
  /** Kills that cost more than was in flight, in words. */
  readonly beyond: readonly string[];
}

/**
 * Counts what had to go over the wire again: bodies of parts and files to the server, and
 * ranges of objects from it, that had gone before, wholly or in part.
 */
export class Ledger {
  /** Bytes sent or fetched again, for whatever reason. */
  resentBytes = 0;
  readonly #now: () => number;
  readonly #kills: Kill[] = [];
  readonly #needless: { readonly target: string; readonly name: string }[] = [];
  readonly #sent = new Map<string, Sent>();
  readonly #open = new Map<Exchange, string>();
  /** Names of ranges by what they are of. */
  readonly #ranges = new Map<string, Set<string>>();
  /** What was spoilt on the way and may have to be fetched as a whole again. */
  readonly #spoilt = new Set<string>();
  /** Paths of what is fetched into memory only, once for each that does so. */
  readonly #held = new Set<{ readonly path: string }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** An engine was killed: what is open now was in flight. */
  killed(): void {
    let inFlight = 0;
    const now = this.#now();
    for (const sent of this.#sent.values()) {
      const late = sent.end === 'whole' && now - sent.endedAt < JUST_ANSWERED_MS;
      if (late && sent.generation === this.#kills.length) {
        sent.end = 'killed';
        if (!sent.held) inFlight += sent.bytes;
      }
    }
    for (const [exchange, name] of this.#open) {
      const sent = this.#sent.get(name);
      if (sent?.end !== 'open') continue;
      sent.bytes = bytesOf(exchange);
      sent.end = 'killed';
      if (!sent.held) inFlight += Math.max(sent.bytes, exchange.bodyLength);
    }
    this.#kills.push({ inFlight, resent: new Map() });
  }

  begin(exchange: Exchange): void {
    const name = nameOf(exchange);
    if (name === null) return;
    const generation = this.#kills.length;
    const { target } = exchange;
    if (exchange.method === 'GET') this.#noteRange(target, name, exchange);
    const before = this.#sent.get(name);
    const held = exchange.method === 'GET' && this.#isHeld(target);
    const counts =
      exchange.method === 'PUT' || 'range' in exchange.headers || before?.end !== 'whole';
    if (before !== undefined && counts) {
      this.resentBytes += before.bytes;
      const byKill = before.generation < generation && before.end !== 'cut';
      if (byKill && !(held && before.held)) {
        const resent = this.#kills[before.generation]?.resent;
        resent?.set(target, (resent.get(target) ?? 0) + before.bytes);
        if (before.end === 'whole') this.#needless.push({ target, name });
      }
    }
    this.#sent.set(name, { generation, held, bytes: 0, end: 'open', endedAt: 0 });
    this.#open.set(exchange, name);
  }

  end(exchange: Exchange): void {
    const name = this.#open.get(exchange);
    if (name === undefined) return;
    this.#open.delete(exchange);
    if (exchange.struck !== null) this.#spoilt.add(exchange.target);
    const sent = this.#sent.get(name);
    if (sent?.end !== 'open') return;
    sent.bytes = bytesOf(exchange);
    sent.endedAt = this.#now();
    const whole = exchange.answered && exchange.status < 300 && exchange.struck === null;
    sent.end = whole ? 'whole' : 'cut';
  }

  /** Objects under a path are about to be fetched anew: on purpose. */
  newReading(path: string): void {
    for (const [target, names] of this.#ranges) {
      if (!target.startsWith(path)) continue;
      for (const name of names) this.#sent.delete(name);
      this.#ranges.delete(target);
    }
    for (const target of this.#spoilt) {
      if (target.startsWith(path)) this.#spoilt.delete(target);
    }
  }

  /**
   * Objects under a path are fetched from now on by somebody who passes them on and keeps
   * nothing: what is fetched again after a kill is not the kill's cost. What is sent below
   * the path is. Returns what ends it.
   */
  heldInMemory(path: string): () => void {
    const hold = { path };
    this.#held.add(hold);
    return () => void this.#held.delete(hold);
  }

  /** What the kills cost; `excused` says of which targets more may go again. */
  costs(excused: (target: string) => boolean): KillCosts {
    const beyond: string[] = [];
    let most = 0;
    for (const [index, { inFlight, resent }] of this.#kills.entries()) {
      let sum = 0;
      for (const [target, bytes] of resent) if (!excused(target)) sum += bytes;
      most = Math.max(most, sum);
      if (sum > inFlight) {
        beyond.push(`kill ${index + 1}: ${sum} bytes went again, ${inFlight} in flight`);
      }
    }
    const needless = this.#needless
      .filter(({ target }) => !excused(target))
      .map(({ name }) => name);
    return { maxResentPerKillBytes: most, needless, beyond };
  }

  #isHeld(target: string): boolean {
    return [...this.#held].some(({ path }) => target.startsWith(path));
  }

  /** A file that is begun anew in one life of the engine has a reason other than a kill. */
  #noteRange(target: string, name: string, { headers }: Exchange): void {
    const names = this.#ranges.get(target) ?? new Set();
    this.#ranges.set(target, names);
    if ('range' in headers) {
      names.add(name);
      return;
    }
    const latest = Math.max(
      -1,
      ...[...names].map((each) => this.#sent.get(each)?.generation ?? -1),
    );
    if (latest !== this.#kills.length && !this.#spoilt.has(target)) return;
    for (const each of names) this.#sent.delete(each);
    names.clear();
    this.#spoilt.delete(target);
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
