import type { browse, browseTopics } from '../../../shared/contract/browse.ts';
import type { Handlers, PayloadOf, RequestOf } from '../../../shared/contract/define.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import type { ListingPage } from '../../../shared/domain/listing.ts';
import { splitRoot } from '../../../shared/domain/remote-path.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { CallContext } from '../../rpc/serve-contract.ts';
import { LinkedAbort } from '../linked-abort.ts';
import type {
  ConnectionRegistry,
  RemotePage,
  S3Connection,
} from '../s3/s3-connection.ts';
import { assertBucketName } from './bucket-name.ts';
import { countObjects } from './count-objects.ts';
import { orAborted } from './or-aborted.ts';
import { createPageCache, type ListingRef } from './page-cache.ts';
import { WideListings } from './wide-listings.ts';

type BrowseCalls = typeof browse;
type ListRequest = RequestOf<BrowseCalls, 'browse.list'>;

/** Looking around, as the engine serves it. */
export interface Browser {
  readonly handlers: Handlers<BrowseCalls, CallContext>;
  /** A transfer changed what is under a prefix: its listings must be read anew. */
  invalidate(connectionId: ConnectionId, bucket: string, prefix: string): void;
  /** Ends everything that runs. */
  stop(): void;
}

/** Options of {@link createBrowser}. */
export interface BrowserOptions {
  readonly registry: ConnectionRegistry;
  readonly onCounting: (
    progress: PayloadOf<typeof browseTopics, 'browse.counting'>,
  ) => void;
  /** Wall clock, ms since 1970. */
  readonly now: () => number;
  /** Names the cache keeps in all. */
  readonly cacheEntries?: number;
}

/** About 15 MB of keys of usual length. */
const CACHE_ENTRIES = 150_000;

/** A page that is being fetched ahead of the wish for it. */
interface Prefetch {
  readonly page: Promise<RemotePage>;
  readonly controller: AbortController;
}

/** Serves `browse.*`: pages with a cache, the next one fetched ahead. */
export function createBrowser(options: BrowserOptions): Browser {
  const { registry, now } = options;
  const cache = createPageCache(options.cacheEntries ?? CACHE_ENTRIES);
  const tasks = new Map<string, AbortController>();
  /** At most one per listing, by connection, bucket, prefix and cursor. */
  const ahead = new Map<string, Prefetch>();
  /** Counts invalidations: a page asked for before one is not kept after it. */
  let generation = 0;

  /** Folders of many pages, read at several places. */
  const wide = new WideListings();

  const stopListening = registry.onChange((connectionId) => {
    cache.forgetConnection(connectionId);
    wide.dropWhere((ref) => ref.connectionId === connectionId);
    dropAhead((id) => id.startsWith(`${connectionId}\n`));
  });

  function dropAhead(test: (id: string) => boolean): void {
    for (const [id, prefetch] of ahead) {
      if (!test(id)) continue;
      prefetch.controller.abort();
      ahead.delete(id);
    }
  }

  /** Runs `work` so that `browse.cancel` and the caller's going away end it. */
  async function asTask<T>(
    taskId: string,
    context: CallContext,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const controller = new AbortController();
    // A caller that names a task twice means the later one.
    tasks.get(taskId)?.abort();
    tasks.set(taskId, controller);
    using abort = new LinkedAbort(controller.signal, context.signal);
    try {
      return await work(abort.signal);
    } finally {
      if (tasks.get(taskId) === controller) tasks.delete(taskId);
    }
  }

  /** The page after `page` is asked for while the window still draws this one. */
  function fetchAhead(
    connection: S3Connection,
    ref: ListingRef,
    page: ListingPage,
  ): void {
    const { cursor } = page;
    if (cursor === null) return;
    const id = aheadId(ref, cursor);
    if (ahead.has(id) || cache.has(ref, cursor)) return;
    dropAhead((other) => other.startsWith(aheadId(ref, '')));
    const controller = new AbortController();
    const prefetch = {
      page: fetchPage(connection, ref, cursor, controller.signal),
      controller,
    };
    ahead.set(id, prefetch);
    void keepPrefetch(id, ref, cursor, prefetch);
  }

  /** Whoever asks for the page gets its error; nobody may. */
  async function keepPrefetch(
    id: string,
    ref: ListingRef,
    cursor: string,
    prefetch: Prefetch,
  ): Promise<void> {
    try {
      const page = toListingPage(await prefetch.page);
      if (ahead.get(id)?.controller !== prefetch.controller) return;
      cache.put(ref, cursor, page);
      // Without its first page the cache will not have it: then it stays at hand here.
      if (cache.has(ref, cursor)) ahead.delete(id);
    } catch {
      // What failed ahead of the wish is asked for again when the wish comes.
      if (ahead.get(id)?.controller === prefetch.controller) ahead.delete(id);
    }
  }

  async function list(request: ListRequest, context: CallContext): Promise<ListingPage> {
    const { connectionId, bucket, prefix, cursor, fresh } = request;
    const connection = registry.require(connectionId);
    const ref: ListingRef = { connectionId, bucket, prefix };
    if (fresh && cursor === null) {
      cache.drop(ref);
      wide.drop(ref);
      dropAhead((id) => id.startsWith(aheadId(ref, '')));
    }
    const cached = cache.get(ref, cursor);
    if (cached !== undefined) {
      readOn(connection, ref, cursor, cached);
      return cached;
    }
    return asTask(request.taskId, context, async (signal) => {
      const before = generation;
      const page = await nextPage(connection, ref, cursor, signal);
      if (before === generation) {
        cache.put(ref, cursor, page);
        readOn(connection, ref, cursor, page);
      }
      return page;
    });
  }

  /** One page ahead at first; whoever comes back for more wants all. */
  function readOn(
    connection: S3Connection,
    ref: ListingRef,
    cursor: string | null,
    page: ListingPage,
  ): void {
    if (cursor === null) fetchAhead(connection, ref, page);
    else if (page.cursor !== null && !cache.has(ref, page.cursor)) {
      if (!wide.has(ref, page.cursor)) wide.begin(connection, ref, page, undefined);
      if (!wide.has(ref, page.cursor)) fetchAhead(connection, ref, page);
    }
  }

  async function nextPage(
    connection: S3Connection,
    ref: ListingRef,
    cursor: string | null,
    signal: AbortSignal,
  ): Promise<ListingPage> {
    const id = aheadId(ref, cursor ?? '');
    const prefetch = cursor === null ? undefined : ahead.get(id);
    if (cursor !== null && !wide.has(ref, cursor)) {
      const first = cache.get(ref, null);
      // Whoever wants the second page wants all.
      if (first?.cursor === cursor) wide.begin(connection, ref, first, prefetch?.page);
    }
    if (cursor !== null && wide.has(ref, cursor)) {
      try {
        const page = await wide.take(ref, signal);
        if (page !== null) return toListingPage(page);
      } finally {
        // Who goes away does not want the pages behind either.
        if (signal.aborted) {
          wide.drop(ref);
          dropAhead((other) => other === id);
        }
      }
    }
    if (prefetch === undefined) {
      return toListingPage(await fetchPage(connection, ref, cursor, signal));
    }
    try {
      return toListingPage(await orAborted(prefetch.page, signal));
    } finally {
      ahead.delete(id);
      if (signal.aborted) prefetch.controller.abort();
    }
  }

  function invalidate(connectionId: ConnectionId, bucket: string, prefix: string): void {
    generation += 1;
    cache.invalidate(connectionId, bucket, prefix);
    wide.dropWhere((ref) => ref.connectionId === connectionId && ref.bucket === bucket);
    dropAhead((id) => id.startsWith(`${connectionId}\n${bucket}\n`));
  }

  const handlers: Handlers<BrowseCalls, CallContext> = {
    'browse.buckets': async ({ connectionId }, { signal }) => {
      const connection = registry.require(connectionId);
      const root = splitRoot(connection.draft.root);
      try {
        return { buckets: [...(await connection.listBuckets({ signal }))], listed: true };
      } catch (error) {
        // Keys that may not list buckets are a normal case, not a failure.
        if (!isRefusedListing(error)) throw error;
        const added = root.bucket === '' ? [] : [root.bucket];
        return {
          buckets: added.map((name) => ({ name, createdAt: null, added: true })),
          listed: false,
        };
      }
    },
    'browse.list': list,
    'browse.cancel': ({ taskId }) => tasks.get(taskId)?.abort(),
    'browse.details': ({ connectionId, bucket, key }, { signal }) =>
      registry.require(connectionId).details({ bucket, key, signal }),
    'browse.urls': ({ connectionId, bucket, key }) =>
      registry.require(connectionId).urls({ bucket, key }),
    'browse.count': ({ connectionId, bucket, items, taskId, limit }, context) => {
      const connection = registry.require(connectionId);
      return asTask(taskId, context, (signal) =>
        countObjects({
          connection,
          bucket,
          items,
          limit,
          signal,
          now,
          onProgress: (objects, bytes) => options.onCounting({ taskId, objects, bytes }),
        }),
      );
    },
    'browse.createFolder': async ({ connectionId, bucket, key }, { signal }) => {
      const connection = registry.require(connectionId);
      assertFolderKey(key);
      await assertAbsent(connection, bucket, key, signal);
      await connection.putObject({
        bucket,
        key,
        contentType: 'application/x-directory',
        metadata: {},
        body: new Uint8Array(0),
        onlyIfAbsent: true,
        signal,
      });
      invalidate(connectionId, bucket, key);
    },
    'browse.createBucket': async ({ connectionId, bucket, region }, { signal }) => {
      assertBucketName(bucket);
      await registry.require(connectionId).createBucket({ bucket, region, signal });
    },
    'browse.deleteBucket': async ({ connectionId, bucket }, { signal }) => {
      await registry.require(connectionId).deleteBucket({ bucket, signal });
      invalidate(connectionId, bucket, '');
    },
  };

  return {
    handlers,
    invalidate,
    stop() {
      stopListening();
      for (const controller of tasks.values()) controller.abort();
      dropAhead(() => true);
      wide.dropWhere(() => true);
    },
  };
}

/** Turns storage classes into indices: a page has few different ones. */
function toListingPage(page: RemotePage): ListingPage {
  const classes: string[] = [];
  const classIndex = Uint8Array.from(page.storageClasses, (name) => {
    const known = classes.indexOf(name);
    return known === -1 ? classes.push(name) - 1 : known;
  });
  return {
    prefixes: [...page.prefixes],
    keys: [...page.keys],
    // Never over shared memory: the pages come from our own parsing.
    sizes: page.sizes as Float64Array<ArrayBuffer>,
    modified: page.modified as Float64Array<ArrayBuffer>,
    classes,
    classIndex,
    cursor: page.cursor,
  };
}

function fetchPage(
  connection: S3Connection,
  { bucket, prefix }: ListingRef,
  cursor: string | null,
  signal: AbortSignal,
): Promise<RemotePage> {
  return connection.listPage({ bucket, prefix, delimiter: '/', cursor, signal });
}

function aheadId({ connectionId, bucket, prefix }: ListingRef, cursor: string): string {
  // Bucket names hold no line feed, and a length closes the prefix.
  return `${connectionId}\n${bucket}\n${prefix.length}\n${prefix}\n${cursor}`;
}

function isRefusedListing(error: unknown): boolean {
  return (
    error instanceof AppError &&
    (error.code === 'access.denied' || error.code === 'provider.unsupported')
  );
}

function assertFolderKey(key: string): void {
  if (key.endsWith('/') && Buffer.byteLength(key) <= 1_024) return;
  throw new AppError('object.name-invalid', { params: { key } });
}

/** Anything under the prefix makes the folder exist already. */
async function assertAbsent(
  connection: S3Connection,
  bucket: string,
  prefix: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    const page = await connection.listPage({
      bucket,
      prefix,
      delimiter: '',
      cursor: null,
      maxKeys: 1,
      signal,
    });
    if (page.keys.length === 0) return;
  } catch (error) {
    // Keys that may write but not list still may make folders.
    if (error instanceof AppError && error.code === 'access.denied') return;
    throw error;
  }
  throw new AppError('conflict.exists', { params: { bucket, key: prefix } });
}
