import { setTimeout as delay } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Credentials } from '../../../shared/contract/engine.ts';
import type { ConnectionDraft } from '../../../shared/domain/bookmark.ts';
import { inferRegion } from '../../../shared/domain/endpoint.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { resolveQuirks } from '../../../shared/providers/profile.ts';
import { defaultRegion, getProviderProfile } from '../../../shared/providers/registry.ts';
import type { Traffic } from '../bandwidth/bandwidth.ts';
import {
  applyFacts,
  createFactBook,
  type EffectiveQuirks,
  type FactBook,
  NO_FACTS,
  type ServerFacts,
} from '../checksums/server-facts.ts';
import type { RequestSink } from '../requests/request-log.ts';
import { usesPathStyle } from './addressing.ts';
import { createClientPool, type Route } from './client-pool.ts';
import { clockOffset, isAboutClock, withSeconds } from './clock-refusal.ts';
import { mapError } from './map-error.ts';
import { namedEndpoint, namedRegion, withNamedRegion } from './named-place.ts';
import {
  isNotImplemented,
  nextToDrop,
  type OptionalFeature,
} from './optional-features.ts';
import { type ClockLead, clockLead } from './server-clock.ts';
import { ServiceFailure } from './service-failure.ts';
import { SocketPlaces } from './socket-places.ts';
import type { UnknownConditions } from './write-conditions.ts';

/** What the SDK's `send` takes besides the command. */
export interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

/** One request, as often as needed. */
export interface RequestPlan {
  readonly bucket?: string | undefined;
  readonly key?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The request names a multipart upload. */
  readonly upload?: boolean;
  /** How often to try in all when the error says that trying again may help. */
  readonly attempts: 1 | 3;
  /** Sign for this region whatever we know, for creating buckets. */
  readonly region?: string | undefined;
  /** What the request carries that a server may not know and that it can do without. */
  readonly optional?: readonly OptionalFeature[] | undefined;
  /** Called right before each attempt leaves, with what is known of the server's clock. */
  readonly onAsk?: ((lead: ClockLead | null) => void) | undefined;
}

/** Sends requests of one connection: finds region and address, corrects the clock, retries. */
export interface Requester {
  readonly draft: ConnectionDraft;
  /** The profile's, corrected by what the server showed. Read anew for each attempt. */
  readonly quirks: EffectiveQuirks;
  /** What its answers taught. */
  readonly unknownConditions: UnknownConditions;
  readonly secure: boolean;
  /** Limits for the bodies of objects; `undefined`: there never are any. */
  readonly traffic: Traffic | undefined;
  /** For the sockets of both paths. */
  readonly places: SocketPlaces;
  /** Rejects with `AppError` only. `use` runs again for every attempt. */
  run<T>(
    plan: RequestPlan,
    use: (client: S3Client, options: SendOptions) => Promise<T>,
  ): Promise<T>;
  /**
   * The same for what has no need of the SDK. `use` gets the server's clock minus ours, ms,
   * and what of the plan's `optional` this attempt is to do without.
   */
  runLean<T>(
    plan: RequestPlan,
    use: (clockOffset: number, without: readonly OptionalFeature[]) => Promise<T>,
  ): Promise<T>;
  /** Notes what the `Date` of an answer to a request sent at `sentAt` tells of the clock. */
  heardDate(date: string | undefined, sentAt: number): void;
  /** Wall clock, ms since 1970. */
  now(): number;
  /** Where requests for a bucket go, as far as is known. */
  route(bucket: string | undefined): Route;
  /** Notes what an answer taught about the server. */
  learn(facts: Partial<ServerFacts>): void;
  /** Ends all sockets; requests open new ones. */
  dropSockets(): void;
  destroy(): void;
}

/** Options of {@link createRequester}. */
export interface RequesterOptions {
  readonly draft: ConnectionDraft;
  readonly credentials: Credentials | null;
  /** Wall clock, ms since 1970. */
  readonly now: () => number;
  readonly traffic?: Traffic | undefined;
  /** Called when a server named another region than we asked with. */
  readonly onRegion?: ((bucket: string | undefined, region: string) => void) | undefined;
  /** What endpoints taught before; default: a book of its own. */
  readonly facts?: FactBook | undefined;
  readonly requestLog?: RequestSink | undefined;
}

/** Times that differ by more were not told by the same clock, ms. */
const CLOCK_MOVED_MS = 60_000;
/** How often one request follows a clock that is being set. */
const MAX_CLOCK_MOVES = 4;
/** Routes that are remembered. */
const MAX_ROUTES = 256;
/** Base of the pauses between attempts, ms. */
const PAUSE_MS = 200;
/** Longest pause that a server may ask for between our attempts, ms. */
const MAX_ASKED_PAUSE_MS = 5_000;

/** What became known of a bucket (or, without one, of the service) by asking. */
interface Learnt {
  region?: string;
  endpoint?: string;
  pathStyle?: boolean;
}

/** `without`: what of the plan's `optional` this attempt is to do without. */
type Attempt<T> = (used: Route, without: readonly OptionalFeature[]) => Promise<T>;

interface Begun {
  readonly used: Route;
  /** The clock's offset it was signed with, ms. */
  readonly askedWith: number;
}

/** Throws `input.endpoint` when the endpoint is no URL. */
export function createRequester(options: RequesterOptions): Requester {
  const { draft, now } = options;
  const base = readEndpoint(draft.endpoint);
  const profile = getProviderProfile(draft.providerId);
  const profileQuirks = resolveQuirks(profile);
  const book = options.facts ?? createFactBook();
  let factsSeen = NO_FACTS;
  let quirks = applyFacts(profileQuirks, factsSeen);
  const places = new SocketPlaces(draft.advanced.maxSockets);
  const pool = createClientPool({
    places,
    draft,
    credentials: options.credentials,
    now,
    requestLog: options.requestLog,
  });
  const learnt = new Map<string, Learnt>();
  /** Where requests for a bucket go, until more is learnt. */
  const routes = new Map<string, Route>();
  /** Server's clock minus ours in ms, as far as a refusal made us ask. */
  let clock = 0;
  const baseRegion =
    draft.region || inferRegion(base.hostname) || defaultRegion(profile) || 'us-east-1';

  function route(bucket: string | undefined): Route {
    let found = routes.get(bucket ?? '');
    if (found === undefined) {
      found = findRoute(bucket);
      if (routes.size >= MAX_ROUTES) routes.clear();
      routes.set(bucket ?? '', found);
    }
    return found;
  }

  function findRoute(bucket: string | undefined): Route {
    const known = learnt.get(bucket ?? '') ?? {};
    const endpoint = known.endpoint ?? base.origin;
    return {
      endpoint,
      region: known.region ?? baseRegion,
      pathStyle:
        bucket === undefined ||
        (known.pathStyle ??
          usesPathStyle(draft.addressing, quirks.addressing, new URL(endpoint), bucket)),
    };
  }

  function remember(bucket: string | undefined, facts: Learnt): void {
    learnt.set(bucket ?? '', { ...learnt.get(bucket ?? ''), ...facts });
    routes.clear();
  }

  /** Whether something was learnt that makes another attempt worth while. */
  function learn(failure: unknown, plan: RequestPlan, used: Route): boolean {
    if (!(failure instanceof ServiceFailure)) {
      const virtual = !used.pathStyle && draft.addressing === 'auto';
      if (!virtual || plan.bucket === undefined || !isUnknownHost(failure)) return false;
      remember(plan.bucket, { pathStyle: true });
      return true;
    }
    if (plan.region !== undefined) return false;
    const region = namedRegion(failure);
    const endpoint = namedEndpoint(failure, used, plan.bucket, region);
    const facts: Learnt = {
      ...(region === null || region === used.region ? {} : { region }),
      ...(endpoint === null || endpoint === used.endpoint ? {} : { endpoint }),
    };
    if (Object.keys(facts).length === 0) return false;
    remember(plan.bucket, facts);
    if (facts.region !== undefined) options.onRegion?.(plan.bucket, facts.region);
    return true;
  }

  function quirksNow(): EffectiveQuirks {
    const known = book.read(base.origin);
    if (known !== factsSeen) {
      factsSeen = known;
      quirks = applyFacts(profileQuirks, known);
      routes.clear();
    }
    return quirks;
  }

  function learnFact(seen: Partial<ServerFacts>): void {
    const known = book.read(base.origin);
    const names = Object.keys(seen) as (keyof ServerFacts)[];
    if (names.some((name) => known[name] !== seen[name])) book.learn(base.origin, seen);
  }

  /** Nearly always the first attempt is the last, and thousands of files pass here. */
  function attempts<T>(plan: RequestPlan, use: Attempt<T>): Promise<T> {
    let first: Begun;
    let result: Promise<T>;
    try {
      first = begin(plan);
      result = use(first.used, []);
    } catch (error) {
      return Promise.reject(error);
    }
    return result.catch((error: unknown) => furtherAttempts(plan, use, first, error));
  }

  function begin(plan: RequestPlan): Begun {
    if (plan.signal?.aborted) throw new AppError('transfer.cancelled');
    const used = withRegion(route(plan.bucket), plan.region);
    plan.onAsk?.(pool.clockLead());
    // Other requests may learn another time while this one is under way.
    return { used, askedWith: clock };
  }

  async function furtherAttempts<T>(
    plan: RequestPlan,
    use: Attempt<T>,
    first: Begun,
    firstError: unknown,
  ): Promise<T> {
    const { signal } = plan;
    let corrections = 0;
    const dropped: OptionalFeature[] = [];
    let clockCorrections = 0;
    let attempt = 1;

    /** Returns when the request is worth another attempt. Throws what is to be told else. */
    async function learnFrom(error: unknown, { used, askedWith }: Begun): Promise<void> {
      const mapped = mapError(error, { ...plan, host: base.host });
      if (mapped.code === 'transfer.cancelled') throw mapped;
      if (corrections < 2 && learn(error, plan, used)) {
        corrections += 1;
        return;
      }
      const feature = nextToDrop(error, plan.optional, dropped);
      if (feature !== undefined) {
        dropped.push(feature);
        if (feature !== 'trailers') learnFact({ [feature]: 'refused' });
        return;
      }
      // It was not about that: the same refusal came without it.
      if (isNotImplemented(error)) {
        for (const each of dropped) {
          if (each !== 'trailers') learnFact({ [each]: 'unknown' });
        }
      }
      const offset = clockOffset(error, now());
      if (offset !== null && isAboutClock(mapped, offset - askedWith)) {
        // Another time than the last one means that somebody is setting a clock.
        const moved = Math.abs(offset - askedWith) > CLOCK_MOVED_MS;
        clock = offset;
        pool.setClockOffset(offset);
        clockCorrections += 1;
        if (clockCorrections === 1 || (moved && clockCorrections <= MAX_CLOCK_MOVES)) {
          return;
        }
        throw withSeconds(mapped, error, offset);
      }
      if (!isPassing(mapped) || attempt >= plan.attempts || asksForLong(mapped)) {
        throw withNamedRegion(mapped, error);
      }
      await pause(attempt, mapped, signal);
      attempt += 1;
    }

    let error = firstError;
    for (let begun = first; ; ) {
      await learnFrom(error, begun);
      begun = begin(plan);
      try {
        const result = await use(begun.used, dropped);
        // Only now it is sure what the refusal was about.
        if (dropped.at(-1) === 'trailers') learnFact({ trailers: 'refused' });
        return result;
      } catch (thrown) {
        error = thrown;
      }
    }
  }

  return {
    draft,
    get quirks() {
      return quirksNow();
    },
    learn: learnFact,
    unknownConditions: { absent: false, etag: false },
    secure: base.protocol === 'https:',
    traffic: options.traffic,
    places,
    run(plan, use) {
      const { signal } = plan;
      const send = signal === undefined ? {} : { abortSignal: signal };
      return attempts(plan, async (used) => use(await pool.client(used), send));
    },
    runLean: (plan, use) => attempts(plan, (_, without) => use(clock, without)),
    heardDate(date, sentAt) {
      const lead = clockLead(date, sentAt, now());
      if (lead !== null) pool.heard(lead);
    },
    now,
    route,
    dropSockets: () => pool.dropSockets(),
    destroy: () => pool.destroy(),
  };
}

function readEndpoint(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new AppError('input.endpoint');
  }
  return url;
}

function withRegion(route: Route, region: string | undefined): Route {
  return region === undefined || region === '' ? route : { ...route, region };
}

/** Whether the very same request may succeed a moment later. */
function isPassing(error: AppError): boolean {
  return (
    error.retry === 'paced' ||
    error.code === 'provider.internal' ||
    (error.code.startsWith('network.') && error.retry === 'auto')
  );
}

/** Whether the server wants more time than somebody who looks at a folder has. */
function asksForLong(error: AppError): boolean {
  const asked = error.params['retryAfterMs'];
  return typeof asked === 'number' && asked > MAX_ASKED_PAUSE_MS;
}

function isUnknownHost(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'ENOTFOUND';
}

/** Exponential with full jitter; ends early with `transfer.cancelled`. */
async function pause(
  attempt: number,
  error: AppError,
  signal: AbortSignal | undefined,
): Promise<void> {
  const asked = error.params['retryAfterMs'];
  const ms = typeof asked === 'number' ? asked : PAUSE_MS * 2 ** attempt * Math.random();
  try {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  } catch {
    throw new AppError('transfer.cancelled');
  }
}
