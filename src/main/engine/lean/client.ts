import type { Credentials } from '../../../shared/contract/engine.ts';
import type { ConnectionDraft } from '../../../shared/domain/bookmark.ts';
import type { Traffic } from '../bandwidth/bandwidth.ts';
import type { Route } from '../s3/client-pool.ts';
import { refusalOf } from '../s3/service-failure.ts';
import type { SocketPlaces } from '../s3/socket-places.ts';
import { collect } from './bytes-sink.ts';
import { UNSIGNED_TRAILER } from './framed-source.ts';
import type { ResponseHead } from './http-reader.ts';
import type { BodySink, BodySource, Exchange, Flow, Lane } from './lane.ts';
import { createLanes, type Origin, toOrigin } from './lanes.ts';
import { PacedSink, PacedSource } from './paced.ts';
import { encodePath } from './percent.ts';
import { createSigner, type Header, UNSIGNED_PAYLOAD } from './signer.ts';

/** Error documents are small; more than this is no S3 error. */
const MAX_ERROR_BYTES = 64 * 1024;
/**
 * Only a lane that lay idle for so long can have been closed by a server without our
 * knowing; a lane in use a moment ago was cut for another reason. ms
 */
const STALE_AFTER_MS = 500;

/** Hosts that are remembered. */
const MAX_ORIGINS = 256;

const USER_AGENT: Header = ['user-agent', 'Dipper'];

/** Leave to read that is asked for before a request, bytes. */
const LEAVE_BYTES = 16 * 1_024;

/** A request before it has a lane. */
export interface LeanRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST';
  readonly route: Route;
  readonly bucket: string;
  /** Empty: the bucket itself. */
  readonly key: string;
  /** Encoded and sorted, without `?`. */
  readonly query: string;
  /** Lower-case names, without `host`, `content-length` and the signer's. */
  readonly headers: readonly Header[];
  /** Hash of the body, or `null`: not taken, TLS guards the body. */
  readonly sha256: string | null;
  /** Server's clock minus ours, ms. */
  readonly clockOffset: number;
  readonly signal: AbortSignal | undefined;
  /** Doing it twice is doing it once. */
  readonly repeatable: boolean;
  /** The body from its start; called again when the request is. `null`: none. */
  readonly body: (() => Buffer | Promise<Buffer | BodySource>) | null;
  /** Bytes of the body; `null`: none, not even the header. */
  readonly length: number | null;
  /** Bytes of the body as aws-chunked, its checksum behind it; absent: it goes as it is. */
  readonly framedLength?: number | undefined;
}

/** Where a good answer's body goes, and what the request comes to. */
export interface Opened<T> {
  readonly sink: BodySink;
  /** At once where the head says it all. */
  readonly result: T | Promise<T>;
}

/** Called with the head of a good answer. */
export type Open<T> = (head: ResponseHead, flow: Flow) => Opened<T>;

/** Sends requests over lanes. */
export interface LeanClient {
  /**
   * Rejects with `ServiceFailure` for statuses from 300, `UnsupportedAnswer`, `AppError`
   * or an error of the socket.
   */
  send<T>(request: LeanRequest, open: Open<T>): Promise<T>;
  /** Ends all connections; requests open new ones. */
  dropSockets(): void;
  destroy(): void;
}

/** Options of {@link createLeanClient}. */
export interface LeanClientOptions {
  readonly draft: ConnectionDraft;
  /** `null`: anonymous. */
  readonly credentials: Credentials | null;
  readonly now: () => number;
  /** For its sockets. */
  readonly places: SocketPlaces;
  /** Limits for the bodies of objects; default: none. */
  readonly traffic?: Traffic | undefined;
}

/** A client without any connection yet. */
export function createLeanClient(options: LeanClientOptions): LeanClient {
  const { draft, credentials, now } = options;
  const lanes = createLanes({ ...draft.advanced, places: options.places });
  const signer =
    draft.signature === 'anonymous' || credentials === null
      ? null
      : createSigner(credentials);
  const unsigned = draft.signature === 'v4-unsigned-payload';
  const origins = new Map<string, Origin>();

  function payloadOf({ framedLength, sha256 }: LeanRequest): string {
    if (framedLength !== undefined) return UNSIGNED_TRAILER;
    return unsigned ? UNSIGNED_PAYLOAD : (sha256 ?? UNSIGNED_PAYLOAD);
  }

  function headOf(request: LeanRequest, origin: Origin): string {
    const { method, route, bucket, key, query } = request;
    const bodyLength = request.framedLength ?? request.length;
    const path = `${route.pathStyle ? `/${bucket}` : ''}/${encodePath(key)}`;
    // A bucket in the path has no slash after it.
    const target = key === '' && route.pathStyle ? `/${bucket}` : path;
    const headers = request.headers.slice();
    headers.push(['host', origin.authority], USER_AGENT);
    if (bodyLength !== null) headers.push(['content-length', String(bodyLength)]);
    const lines =
      signer === null
        ? headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
        : signer.sign({
            method,
            path: target,
            query,
            region: route.region,
            headers,
            payload: payloadOf(request),
            time: now() + request.clockOffset,
          });
    return `${method} ${target}${query === '' ? '' : `?${query}`} HTTP/1.1\r\n${lines}\r\n`;
  }

  /** Reading a URL costs more than all else that a head is made of. */
  function originOf({ endpoint, pathStyle }: Route, bucket: string): Origin {
    const name = pathStyle ? endpoint : `${endpoint} ${bucket}`;
    let origin = origins.get(name);
    if (origin === undefined) {
      const url = new URL(endpoint);
      if (!pathStyle) url.hostname = `${bucket}.${url.hostname}`;
      origin = toOrigin(url);
      if (origins.size >= MAX_ORIGINS) origins.clear();
      origins.set(name, origin);
    }
    return origin;
  }

  /** Listings and batches are not held up by what they talk about. */
  function trafficOf({ key, method }: LeanRequest): Traffic | undefined {
    const aside = key === '' || method === 'POST' || method === 'HEAD';
    return aside ? undefined : options.traffic;
  }

  /** Waits for nothing where nothing need be waited for: thousands of files pass here. */
  function send<T>(request: LeanRequest, open: Open<T>): Promise<T> {
    const { route, bucket, signal } = request;
    const traffic = trafficOf(request);
    const body = request.body === null ? null : request.body();
    const held = (body === null ? traffic?.down : traffic?.up)?.isLimited === true;
    const lane =
      held || body instanceof Promise
        ? undefined
        : lanes.acquireNow(originOf(route, bucket), signal);
    if (lane === undefined || body instanceof Promise) {
      return sendLater(request, open, body, false);
    }
    return converse(lane, { request, open, body, traffic, leave: 0, again: false });
  }

  async function sendLater<T>(
    request: LeanRequest,
    open: Open<T>,
    ready: Buffer | null | Promise<Buffer | BodySource>,
    again: boolean,
  ): Promise<T> {
    const { route, bucket, signal } = request;
    const traffic = trafficOf(request);
    // The body first: a lane must not wait for a disk.
    const body = await pacedBody(await ready, traffic, signal);
    let leave = 0;
    let lane: Lane;
    try {
      // Small objects come with the head: there must be leave before they are asked for.
      if (body === null && traffic?.down.isLimited === true) {
        leave = await traffic.down.some(LEAVE_BYTES, signal);
      }
      lane = await lanes.acquire(originOf(route, bucket), again, signal);
    } catch (error) {
      if (body !== null && 'next' in body) await body.close();
      traffic?.down.charge(-leave);
      throw error;
    }
    return converse(lane, { request, open, body, traffic, leave, again });
  }

  function converse<T>(lane: Lane, call: Call<T>): Promise<T> {
    const { request, traffic, again } = call;
    const idle = lane.idleSince === null ? 0 : performance.now() - lane.idleSince;
    let failure: Failure | null = null;
    const result = new Promise<T>((resolve, reject) => {
      const head = headOf(request, originOf(request.route, request.bucket));
      lane.start(
        exchangeOf(call, head, resolve, (error, answered) => {
          failure = { error, answered };
          reject(error);
        }),
      );
    });
    if (idle < STALE_AFTER_MS && call.leave === 0) return result;
    return result.catch((error: unknown) => {
      traffic?.down.charge(-call.leave);
      const stale =
        failure !== null &&
        idle >= STALE_AFTER_MS &&
        !failure.answered &&
        isReset(failure.error);
      const { body, signal, repeatable } = request;
      if (!stale || again || !repeatable || signal?.aborted) throw error;
      return sendLater(request, call.open, body?.() ?? null, true);
    });
  }

  return {
    send,
    dropSockets: () => lanes.dropAll(),
    destroy: () => lanes.destroy(),
  };
}

/** A request with all that is decided about it. */
interface Call<T> {
  readonly request: LeanRequest;
  readonly open: Open<T>;
  readonly body: Buffer | BodySource | null;
  readonly traffic: Traffic | undefined;
  /** Leave to read that was given and not used yet, bytes. */
  leave: number;
  readonly again: boolean;
}

interface Failure {
  readonly error: unknown;
  readonly answered: boolean;
}

function exchangeOf<T>(
  call: Call<T>,
  head: string,
  resolve: (result: T | Promise<T>) => void,
  onFail: (error: unknown, answered: boolean) => void,
): Exchange {
  const { request, body, traffic } = call;
  const { method, signal } = request;
  return {
    method,
    head,
    body,
    signal,
    onHead(answer, flow) {
      const { leave } = call;
      // What is soon over need not watch for a limit that may be set meanwhile.
      const brief = leave === 0 && (answer.length ?? 0) <= LEAVE_BYTES;
      const paced =
        traffic === undefined || body !== null || brief
          ? undefined
          : new PacedSink(flow, traffic.down, leave, signal);
      call.leave = 0;
      if (answer.status >= 300) {
        const sink = refusal(answer, flow, (error) => onFail(error, true));
        return paced?.into(sink) ?? sink;
      }
      const { sink, result } = call.open(answer, paced?.flow ?? flow);
      resolve(result);
      return paced?.into(sink) ?? sink;
    },
    onFail,
  };
}

/** A body as fast as it may go; a small one once all of it may. */
async function pacedBody(
  source: Buffer | BodySource | null,
  traffic: Traffic | undefined,
  signal: AbortSignal | undefined,
): Promise<Buffer | BodySource | null> {
  if (source === null || traffic === undefined) return source;
  if ('next' in source) return new PacedSource(source, traffic.up, signal);
  await traffic.up.whole(source.length, signal);
  return source;
}

function refusal(
  head: ResponseHead,
  flow: Flow,
  reject: (error: unknown) => void,
): BodySink {
  const { sink, result } = collect(MAX_ERROR_BYTES, flow);
  void result.then(({ bytes, error }) =>
    reject(
      refusalOf(
        head.status,
        head.headers,
        bytes.toString('utf8'),
        error instanceof RangeError ? null : error,
      ),
    ),
  );
  return sink;
}

function isReset(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNRESET' || code === 'EPIPE';
}
