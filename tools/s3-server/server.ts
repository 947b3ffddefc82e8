import { mkdtemp, rm } from 'node:fs/promises';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Accounts } from './access/accounts.ts';
import type { Framing } from './auth/framing.ts';
import { type Control, createControl } from './control.ts';
import { type ServerContext, serveExchange } from './exchange.ts';
import { type FaultController, Faults } from './faults.ts';
import type { Features } from './features.ts';
import { requireBucketName } from './handlers/buckets.ts';
import { DEFAULT_LIMITS, type Limits } from './handlers/call.ts';
import { RequestLog, type RequestRecord } from './request-log.ts';
import { DEFAULT_DOMAINS } from './request-target.ts';
import { requireSeedEntry, type SeedEntry, seedObject, seedRow } from './seeding.ts';
import type { SeedRow, StoredObject } from './store/model.ts';
import { compareKeys } from './store/sorted-keys.ts';
import { Store } from './store/store.ts';
import { accountOf, DEFAULT_USERS, type S3User, type S3Users } from './users.ts';

/** How to start a server. */
export interface S3ServerOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /**
   * Where to keep data over restarts. Default: a temporary folder, removed by `close`.
   */
  readonly dataDir?: string;
  /** More users, or others in place of `full` and `limited`. */
  readonly users?: Readonly<Record<string, S3User>>;
  /** Default `us-east-1`. */
  readonly region?: string;
  /** How far the server's clock is ahead of the machine's. Default 0. */
  readonly clockSkewMs?: number;
  /** Buckets anybody may list and read. Default none. */
  readonly publicBuckets?: readonly string[];
  /** Whether Signature Version 2 in the Authorization header is taken. Default no. */
  readonly allowV2?: boolean;
  /** Host names that stand for this server beside `localhost` and `s3.localhost`. */
  readonly domains?: readonly string[];
  /** Sizes to shrink for tests. */
  readonly limits?: Partial<Limits>;
  /** Sub-resources to lack, as weak servers do. Default none. */
  readonly features?: Features;
  /** What it makes of aws-chunked bodies. Default `verified`, as AWS does. */
  readonly framing?: Framing;
  /** Serves https. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Opens `/_dipper/` to whoever knows this token. Default: closed. */
  readonly controlToken?: string;
  /** Told one line per failure of the server's own. Default: nobody. */
  readonly log?: (line: string) => void;
}

/** How to make a bucket without a request. */
export interface NewBucketOptions {
  /** Default: the server's. */
  readonly region?: string;
  /** Default: now. */
  readonly created?: Date;
}

/** What {@link S3Server.peek} tells of an object. */
export type ObjectInfo = Omit<StoredObject, 'content'>;

/** A running server. */
export interface S3Server extends AsyncDisposable {
  /** Such as `http://127.0.0.1:41234`. */
  readonly endpoint: string;
  readonly port: number;
  readonly region: string;
  readonly users: S3Users;
  readonly dataDir: string;
  readonly faults: FaultController;
  /** The latest 20,000 requests or more, oldest first, those in flight included. */
  readonly requests: readonly RequestRecord[];
  /** How far the server's clock is ahead; may be set at any time. */
  clockSkewMs: number;
  /** Sub-resources the server lacks; may be set at any time. */
  features: Features;
  /** What it makes of aws-chunked bodies; may be set at any time. */
  framing: Framing;
  clearRequests(): void;
  /**
   * Makes a bucket without a request; an existing one stays.
   *
   * @throws S3Error `InvalidBucketName`
   */
  createBucket(name: string, options?: NewBucketOptions): void;
  /**
   * Makes objects without requests, and their bucket if need be. A million take a few
   * seconds with a journal, one or two without.
   *
   * @throws RangeError for an empty or overlong key or a bad size
   */
  seed(bucket: string, entries: Iterable<SeedEntry>): void;
  /** All keys of a bucket in listing order. */
  keys(bucket: string): readonly string[];
  /** What is stored under a key. */
  peek(bucket: string, key: string): ObjectInfo | undefined;
  /**
   * The bytes stored under a key.
   *
   * @throws Error when there is no such object
   */
  read(bucket: string, key: string): Promise<Buffer>;
  /** Multipart uploads in progress: key, id and numbers of the parts there. */
  uploads(bucket: string): readonly {
    readonly key: string;
    readonly uploadId: string;
    readonly parts: readonly number[];
  }[];
  /** Stops, cutting what is in flight; data in a `dataDir` of the caller's stays. */
  close(): Promise<void>;
}

/**
 * Starts an S3 server on 127.0.0.1.
 *
 * @throws Error when the port is taken or the data folder cannot be used
 */
export async function startS3Server(options: S3ServerOptions = {}): Promise<S3Server> {
  const temporary = options.dataDir === undefined;
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'dipper-s3-')));
  const store = await Store.open(dataDir, { persistent: !temporary });
  const server = new LocalS3Server(options, dataDir, temporary, store);
  try {
    await server.listen(options.port ?? 0);
  } catch (error) {
    await server.close();
    throw error;
  }
  return server;
}

class LocalS3Server implements S3Server {
  readonly region: string;
  readonly users: S3Users;
  readonly dataDir: string;
  readonly faults = new Faults();
  clockSkewMs: number;
  features: Features;
  framing: Framing;
  readonly #log = new RequestLog();
  readonly #store: Store;
  readonly #temporary: boolean;
  readonly #tls: boolean;
  readonly #http: Server;
  readonly #sockets = new Map<number, Socket>();
  readonly #closing = new AbortController();
  readonly #inFlight = new Set<Promise<void>>();
  readonly #context: ServerContext;
  readonly #control: Control | undefined;
  #closed: Promise<void> | undefined;

  constructor(
    options: S3ServerOptions,
    dataDir: string,
    temporary: boolean,
    store: Store,
  ) {
    this.region = options.region ?? 'us-east-1';
    this.users = { ...DEFAULT_USERS, ...options.users };
    this.dataDir = dataDir;
    this.clockSkewMs = options.clockSkewMs ?? 0;
    this.features = options.features ?? {};
    this.framing = options.framing ?? 'verified';
    this.#store = store;
    this.#temporary = temporary;
    this.#tls = options.tls !== undefined;
    this.#http = options.tls ? createHttpsServer({ ...options.tls }) : createHttpServer();
    const log = options.log ?? (() => undefined);
    this.#control =
      options.controlToken === undefined
        ? undefined
        : createControl(options.controlToken, this);
    this.#context = {
      store,
      faults: this.faults,
      log: this.#log,
      users: Object.values(this.users),
      accounts: new Accounts(Object.values(this.users)),
      secure: this.#tls,
      features: () => this.features,
      framing: () => this.framing,
      region: this.region,
      domains: [...(options.domains ?? []), ...DEFAULT_DOMAINS],
      limits: { ...DEFAULT_LIMITS, ...options.limits },
      publicBuckets: new Set(options.publicBuckets),
      allowV2: options.allowV2 ?? false,
      now: () => this.#now(),
      closing: this.#closing.signal,
      reset: (request) => this.#reset(request),
      report: (error) =>
        log(error instanceof Error ? (error.stack ?? '') : String(error)),
    };
  }

  get endpoint(): string {
    return `${this.#tls ? 'https' : 'http'}://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return this.#port;
  }

  #port = 0;

  get requests(): readonly RequestRecord[] {
    return this.#log.records;
  }

  async listen(port: number): Promise<void> {
    const http = this.#http;
    // Uploads may take as long as they like; idle connections outlast client pools.
    http.requestTimeout = 0;
    http.keepAliveTimeout = 60_000;
    http.on('connection', (socket: Socket) => {
      const remote = socket.remotePort ?? 0;
      this.#sockets.set(remote, socket);
      socket.once('close', () => this.#sockets.delete(remote));
    });
    http.on('request', (request, response) => this.#serve(request, response, false));
    http.on('checkContinue', (request: IncomingMessage, response: ServerResponse) =>
      this.#serve(request, response, true),
    );
    await new Promise<void>((resolve, reject) => {
      http.once('error', reject);
      http.listen(port, '127.0.0.1', () => {
        http.off('error', reject);
        resolve();
      });
    });
    this.#port = (http.address() as AddressInfo).port;
  }

  clearRequests(): void {
    this.#log.clear();
  }

  createBucket(name: string, options: NewBucketOptions = {}): void {
    if (this.#store.bucket(name)) return;
    requireBucketName(name);
    this.#store.commit({
      op: 'createBucket',
      bucket: {
        name,
        region: options.region ?? this.region,
        account: accountOf(this.users.full),
        created: options.created?.getTime() ?? this.#now(),
      },
    });
  }

  seed(bucket: string, entries: Iterable<SeedEntry>): void {
    this.createBucket(bucket);
    const now = this.#now();
    const rows: SeedRow[] = [];
    for (const entry of entries) {
      requireSeedEntry(entry);
      if (entry.body === undefined && entry.metadata === undefined) {
        rows.push(seedRow(entry, now));
      } else {
        this.#store.commit({ op: 'put', bucket, object: seedObject(bucket, entry, now) });
      }
    }
    this.#store.seed(bucket, rows);
  }

  keys(bucket: string): readonly string[] {
    const found = this.#store.bucket(bucket);
    return [...(found?.objects.keys() ?? [])].sort(compareKeys);
  }

  peek(bucket: string, key: string): ObjectInfo | undefined {
    return this.#store.bucket(bucket)?.objects.get(key);
  }

  async read(bucket: string, key: string): Promise<Buffer> {
    const object = this.#store.bucket(bucket)?.objects.get(key);
    if (!object) throw new Error(`no object "${key}" in "${bucket}"`);
    const { contents } = this.#store;
    const { content } = object;
    contents.retain(content);
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of contents.read(content)) chunks.push(chunk);
      return Buffer.concat(chunks);
    } finally {
      contents.release(content);
    }
  }

  uploads(bucket: string): ReturnType<S3Server['uploads']> {
    const uploads = this.#store.bucket(bucket)?.uploads.values() ?? [];
    return [...uploads].map(({ start, parts }) => ({
      key: start.key,
      uploadId: start.id,
      parts: [...parts.keys()].sort((a, b) => a - b),
    }));
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    if (this.#http.listening) {
      const closed = new Promise<void>((resolve) => {
        this.#http.close(() => resolve());
      });
      this.#http.closeAllConnections();
      await closed;
    }
    await Promise.all(this.#inFlight);
    await this.#store.close();
    if (this.#temporary) await rm(this.dataDir, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #now(): number {
    return Date.now() + this.clockSkewMs;
  }

  #serve(request: IncomingMessage, response: ServerResponse, expects: boolean): void {
    // A client that goes away shows up as an aborted request; the rest is noise.
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    const work = this.#control?.handles(request)
      ? this.#control.serve(request, response)
      : serveExchange(this.#context, request, response, expects);
    this.#inFlight.add(work);
    void work.finally(() => this.#inFlight.delete(work));
  }

  /** Resets the plain TCP socket, also under TLS, whose own sockets cannot. */
  #reset(request: IncomingMessage): void {
    const raw = this.#sockets.get(request.socket.remotePort ?? -1);
    if (raw) raw.resetAndDestroy();
    else request.socket.destroy();
  }
}
