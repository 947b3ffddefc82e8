import type { Operation } from './operations.ts';

/** What a fault does to a request. */
export type FaultAction =
  /** Waits before anything else, no longer than until `faults.clear()`. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Slows the request's body (`up`) or the response's (`down`), until `faults.clear()`. */
  | {
      readonly kind: 'bandwidth';
      readonly direction: 'up' | 'down';
      readonly bytesPerSecond: number;
    }
  /** 503 SlowDown. */
  | { readonly kind: 'slowDown'; readonly retryAfterSeconds?: number }
  /** 500 InternalError. */
  | { readonly kind: 'error500' }
  /** Any other refusal. */
  | {
      readonly kind: 'error';
      readonly status: number;
      readonly code: string;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /**
   * Resets the connection: `before` the body is read; after `afterBytes` (default 0)
   * bytes of the `request`'s or `response`'s body went by; `after` the whole request
   * was read, with nothing done.
   */
  | {
      readonly kind: 'reset';
      readonly when: 'before' | 'request' | 'response' | 'after';
      readonly afterBytes?: number;
    }
  /** Does what was asked, then resets the connection instead of answering. */
  | { readonly kind: 'lostResponse' }
  /** Ends the connection in order after so many bytes of the response's body. */
  | { readonly kind: 'truncate'; readonly afterBytes: number }
  /** Flips the bits of one byte (default the first) of the request's body as it comes in,
   *  of the response's, or of the stored bytes while ETag and checksums stay those of what
   *  was sent. */
  | {
      readonly kind: 'corrupt';
      readonly what: 'request' | 'response' | 'stored';
      readonly atByte?: number;
    }
  /** Status 200 with an error document (Complete and the two copies). Nothing is done
   *  unless `done`. */
  | { readonly kind: 'errorIn200'; readonly code?: string; readonly done?: boolean }
  /** Hangs until the client gives up, `faults.clear()` or the server closes. */
  | {
      readonly kind: 'stall';
      readonly when: 'before' | 'request' | 'response';
      readonly afterBytes?: number;
    };

/** Which requests a fault is for; every field given must fit. */
export interface FaultMatch {
  readonly method?: string;
  readonly bucket?: string;
  /** The whole key, or a pattern found in it. */
  readonly keyPattern?: string | RegExp;
  readonly operation?: Operation;
  readonly partNumber?: number;
}

/** A fault to add. */
export interface FaultSpec {
  readonly match?: FaultMatch;
  /** How many requests it hits. Default: all. */
  readonly times?: number;
  /** How many matching requests pass first. Default 0. */
  readonly skip?: number;
  readonly action: FaultAction;
}

/** One time a fault struck. */
export interface FaultHit {
  readonly faultId: number;
  readonly action: FaultAction;
  readonly requestId: string;
  readonly operation: Operation | undefined;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
}

/** A fault that was added. */
export interface FaultHandle {
  readonly id: number;
  /** How often it struck. */
  readonly hits: number;
  remove(): void;
}

/** The faults of a server. */
export interface FaultController {
  /**
   * Adds a fault. Several delays and bandwidths may strike one request; of all other
   * actions the first added that fits.
   *
   * @throws RangeError for numbers that make no sense
   */
  add(spec: FaultSpec): FaultHandle;
  /** Removes all faults, forgets the hits, ends delays and slow lines, and cuts stalled
   *  connections. */
  clear(): void;
  /** What struck so far, oldest first (the last 10,000). */
  readonly hits: readonly FaultHit[];
}

/** What faults are matched against. */
interface FaultSubject {
  readonly requestId: string;
  readonly method: string;
  readonly operation: Operation | undefined;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  readonly partNumber: number | undefined;
}

const MAX_HITS = 10_000;

interface ActiveFault {
  readonly id: number;
  readonly spec: FaultSpec;
  seen: number;
  hits: number;
}

/** The faults of a server and their bookkeeping. */
export class Faults implements FaultController {
  readonly hits: FaultHit[] = [];
  #active: ActiveFault[] = [];
  #nextId = 1;
  #cleared = new AbortController();

  add(spec: FaultSpec): FaultHandle {
    checkSpec(spec);
    const fault: ActiveFault = { id: this.#nextId, spec, seen: 0, hits: 0 };
    this.#nextId += 1;
    this.#active.push(fault);
    return {
      id: fault.id,
      get hits() {
        return fault.hits;
      },
      remove: () => {
        this.#active = this.#active.filter((other) => other !== fault);
      },
    };
  }

  clear(): void {
    this.#active = [];
    this.hits.length = 0;
    this.#cleared.abort();
    this.#cleared = new AbortController();
  }

  /** Aborts with the next {@link clear}. */
  get clearedSignal(): AbortSignal {
    return this.#cleared.signal;
  }

  /** The actions that strike this request; counts them. */
  strike(subject: FaultSubject): readonly FaultAction[] {
    const actions: FaultAction[] = [];
    let decided = false;
    for (const fault of this.#active) {
      if (!matches(fault.spec.match ?? {}, subject)) continue;
      const { action, skip = 0, times = Infinity } = fault.spec;
      const modifies = action.kind === 'delay' || action.kind === 'bandwidth';
      if (fault.hits >= times || (decided && !modifies)) continue;
      fault.seen += 1;
      if (fault.seen <= skip) continue;
      fault.hits += 1;
      decided ||= !modifies;
      actions.push(action);
      const { requestId, operation, bucket, key } = subject;
      this.hits.push({ faultId: fault.id, action, requestId, operation, bucket, key });
      if (this.hits.length > MAX_HITS) this.hits.shift();
    }
    return actions;
  }
}

function matches(match: FaultMatch, subject: FaultSubject): boolean {
  const { keyPattern } = match;
  if (match.method !== undefined && match.method !== subject.method) return false;
  if (match.bucket !== undefined && match.bucket !== subject.bucket) return false;
  if (match.operation !== undefined && match.operation !== subject.operation)
    return false;
  if (match.partNumber !== undefined && match.partNumber !== subject.partNumber) {
    return false;
  }
  if (keyPattern === undefined) return true;
  if (subject.key === undefined) return false;
  if (typeof keyPattern === 'string') return keyPattern === subject.key;
  // A global pattern would remember where its last match ended.
  keyPattern.lastIndex = 0;
  return keyPattern.test(subject.key);
}

function checkSpec(spec: FaultSpec): void {
  const { action } = spec;
  requireCount('times', spec.times, 1);
  requireCount('skip', spec.skip, 0);
  if (action.kind === 'delay') requireCount('ms', action.ms, 0);
  if (action.kind === 'bandwidth')
    requireCount('bytesPerSecond', action.bytesPerSecond, 1);
  if (action.kind === 'corrupt') requireCount('atByte', action.atByte, 0);
  if (action.kind === 'error' && !(action.status >= 300 && action.status <= 599)) {
    throw new RangeError(`status must be 300 to 599, not ${action.status}`);
  }
  if ('afterBytes' in action) requireCount('afterBytes', action.afterBytes, 0);
}

function requireCount(name: string, value: number | undefined, least: number): void {
  if (value === undefined) return;
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${name} must be a whole number from ${least}, not ${value}`);
  }
}
