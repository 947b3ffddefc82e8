import type { BucketList } from '../../shared/contract/browse.ts';
import type { ConnectionInfo } from '../../shared/contract/connections.ts';
import type { EngineConnection } from '../../shared/contract/engine.ts';
import type { AppRequest } from '../../shared/contract/index.ts';
import type { ConnectionDraft, SecretInput } from '../../shared/domain/bookmark.ts';
import type { TestReport } from '../../shared/domain/connection-test.ts';
import { inferRegion } from '../../shared/domain/endpoint.ts';
import {
  type BookmarkId,
  type ConnectionId,
  isQuickConnection,
} from '../../shared/domain/ids.ts';
import { splitRoot } from '../../shared/domain/remote-path.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { BookmarkService } from '../bookmarks/bookmark-service.ts';
import { checkDraft } from '../bookmarks/check-draft.ts';
import { resolveCredentials } from '../credentials/resolve-credentials.ts';
import type { SecretStore } from '../credentials/secret-store.ts';
import type { Logger } from '../logging/logger.ts';
import type { EngineClient, EngineLine } from './engine-client.ts';
import { quickIdOf } from './quick-id.ts';

/** Most buckets one may add by name. */
const MAX_ADDED_BUCKETS = 1_000;

/**
 * What is open, and with which credentials. They stay in this process's memory, so that a
 * restarted engine gets them again.
 */
export interface Connections {
  /** Sends nothing to the server. Throws `auth.missing-secret`, `vault.unreadable`. */
  open(bookmarkId: BookmarkId): Promise<ConnectionInfo>;
  quick(draft: ConnectionDraft, secret: SecretInput | null): Promise<ConnectionInfo>;
  /** Forgets credentials, unless unfinished transfers still need them. */
  close(connectionId: ConnectionId): Promise<void>;
  test(request: AppRequest<'connections.test'>): Promise<TestReport>;
  addBucket(connectionId: ConnectionId, bucket: string): Promise<void>;
  forgetBucket(connectionId: ConnectionId, bucket: string): Promise<void>;
  /** Something was opened with keys that nobody keeps: another start needs them again. */
  readonly needsKeys: boolean;
  /** The server's buckets and those added by name. */
  buckets(connectionId: ConnectionId): Promise<BucketList>;
  /** Gives changed settings or a new secret to the engine, where they are in use. */
  bookmarkChanged(bookmarkId: BookmarkId): Promise<void>;
  /** Whether transfers wait for one of these bookmarks; `false` when the engine is gone. */
  hasTransfers(bookmarkIds: readonly BookmarkId[]): Promise<boolean>;
  /** Ends what uses a bookmark that was removed. */
  bookmarkRemoved(bookmarkId: BookmarkId): Promise<void>;
  /** Gives a new engine all that is open and what its unfinished transfers need. */
  restore(line: EngineLine): Promise<void>;
}

/** Makes the connections. */
export function createConnections(options: {
  readonly engine: () => EngineClient;
  readonly bookmarks: BookmarkService;
  readonly secrets: SecretStore;
  readonly logger: Logger;
}): Connections {
  const { engine, bookmarks, secrets, logger } = options;
  /** What the engine has, or is to get again. */
  const configured = new Map<ConnectionId, EngineConnection>();
  /** Buckets added to quick connections; those of bookmarks are in the bookmark. */
  const quickBuckets = new Map<ConnectionId, readonly string[]>();

  async function configure(connection: EngineConnection): Promise<void> {
    configured.set(connection.connectionId, connection);
    await engine().call('engine.configure', connection);
  }

  async function forBookmark(bookmarkId: BookmarkId): Promise<EngineConnection> {
    const bookmark = bookmarks.find(bookmarkId);
    const credentials = await resolveCredentials(secrets, {
      draft: bookmark,
      secret: null,
      bookmarkId,
    });
    const draft = draftOf(bookmark);
    return { connectionId: connectionOf(bookmarkId), draft, credentials };
  }

  function isQuick(connectionId: ConnectionId): boolean {
    return quickBuckets.has(connectionId);
  }

  function addedBuckets(connectionId: ConnectionId): readonly string[] {
    const quick = quickBuckets.get(connectionId);
    return quick ?? bookmarks.find(bookmarkOf(connectionId)).extraBuckets;
  }

  async function setBuckets(
    connectionId: ConnectionId,
    buckets: readonly string[],
  ): Promise<void> {
    if (isQuick(connectionId)) quickBuckets.set(connectionId, buckets);
    else await bookmarks.setExtraBuckets(bookmarkOf(connectionId), buckets);
  }

  async function forget(connectionId: ConnectionId): Promise<void> {
    if (!configured.delete(connectionId)) return;
    quickBuckets.delete(connectionId);
    await engine().call('engine.forget', { connectionId });
  }

  /**
   * Transfers of a quick connection of an earlier run get on with the keys of a bookmark
   * for the same server and access key.
   */
  async function lend(lender: EngineConnection): Promise<void> {
    const connectionId = quickIdOf(lender.draft);
    if (configured.has(connectionId)) return;
    const pending = await engine().call('engine.pendingConnections', undefined);
    if (pending.includes(connectionId)) await configure({ ...lender, connectionId });
  }

  /** The credentials a pending transfer of an earlier run needs. */
  async function forPending(id: ConnectionId): Promise<EngineConnection> {
    if (!isQuickConnection(id)) return forBookmark(bookmarkOf(id));
    const lender = bookmarks.snapshot().bookmarks.find((each) => quickIdOf(each) === id);
    if (lender === undefined) throw new AppError('auth.missing-secret');
    return { ...(await forBookmark(lender.id)), connectionId: id };
  }

  return {
    get needsKeys() {
      const { bookmarks: all } = bookmarks.snapshot();
      const session = all.filter(({ secretStorage }) => secretStorage === 'session');
      return [...quickBuckets.keys(), ...session.map(({ id }) => connectionOf(id))].some(
        (id) => configured.get(id)?.credentials,
      );
    },

    async open(bookmarkId) {
      const connection = await forBookmark(bookmarkId);
      await configure(connection);
      await lend(connection);
      return describe(connection, bookmarkId);
    },

    async quick(draft, secret) {
      checkDraft(draft);
      const credentials = await resolveCredentials(secrets, {
        draft,
        secret,
        bookmarkId: null,
      });
      const connectionId = quickIdOf(draft);
      const connection = { connectionId, draft, credentials };
      quickBuckets.set(connectionId, quickBuckets.get(connectionId) ?? []);
      await configure(connection);
      return describe(connection, null);
    },

    async close(connectionId) {
      const pending = await engine().call('engine.pendingConnections', undefined);
      if (!pending.includes(connectionId)) await forget(connectionId);
    },

    async test({ testId, draft, secret, bookmarkId }) {
      checkDraft(draft);
      const credentials = await resolveCredentials(secrets, {
        draft,
        secret,
        bookmarkId,
      });
      return engine().call('engine.test', { testId, draft, credentials });
    },

    async addBucket(connectionId, bucket) {
      const added = addedBuckets(connectionId);
      if (added.includes(bucket)) return;
      if (added.length >= MAX_ADDED_BUCKETS) {
        throw new AppError('input.invalid', { params: { field: 'bucket' } });
      }
      await setBuckets(connectionId, [...added, bucket]);
    },

    async forgetBucket(connectionId, bucket) {
      const added = addedBuckets(connectionId);
      if (!added.includes(bucket)) return;
      await setBuckets(
        connectionId,
        added.filter((each) => each !== bucket),
      );
    },

    async buckets(connectionId) {
      const connection = configured.get(connectionId);
      if (connection === undefined) throw new AppError('connection.not-open');
      const listed = await engine().call('browse.buckets', { connectionId });
      const root = splitRoot(connection.draft.root).bucket;
      const names = root === '' ? [] : [root];
      return mergeBuckets(listed, [...names, ...addedBuckets(connectionId)]);
    },

    async bookmarkChanged(bookmarkId) {
      const connectionId = connectionOf(bookmarkId);
      // Not open, but transfers of an earlier run may wait for just this secret.
      const wanted =
        configured.has(connectionId) ||
        (await engine().call('engine.pendingConnections', undefined)).includes(
          connectionId,
        );
      if (!wanted) return;
      try {
        await configure(await forBookmark(bookmarkId));
      } catch (error) {
        if (!(error instanceof AppError) || error.retry !== 'user') throw error;
        await forget(connectionId);
      }
    },

    async hasTransfers(bookmarkIds) {
      try {
        const pending = await engine().call('engine.pendingConnections', undefined);
        return bookmarkIds.some((id) => pending.includes(connectionOf(id)));
      } catch (error) {
        if (error instanceof AppError && error.code === 'engine.gone') return false;
        throw error;
      }
    },

    bookmarkRemoved: (bookmarkId) => forget(connectionOf(bookmarkId)),

    async restore(line) {
      const keyless = await line.call('engine.keylessConnections', undefined);
      for (const id of await line.call('engine.pendingConnections', undefined)) {
        if (configured.has(id)) continue;
        try {
          const known = keyless.find(({ connectionId }) => connectionId === id);
          configured.set(id, known ?? (await forPending(id)));
        } catch (error) {
          // Its bookmark or secret is gone: those transfers wait and say so.
          logger.info('pending connection without credentials', {
            connectionId: id,
            reason: error instanceof AppError ? error.code : 'internal',
          });
        }
      }
      for (const connection of configured.values()) {
        try {
          await line.call('engine.configure', connection);
        } catch (error) {
          if (error instanceof AppError && error.code === 'engine.gone') throw error;
          // One connection the engine does not take must not keep the others away.
          logger.warn('connection not restored', {
            connectionId: connection.connectionId,
            reason: error instanceof AppError ? error.code : 'internal',
          });
        }
      }
    },
  };
}

/** The server's buckets followed by those it did not list. */
export function mergeBuckets(
  { buckets, listed }: BucketList,
  added: readonly string[],
): BucketList {
  const known = new Set(buckets.map((each) => each.name));
  const extra = [...new Set(added)].filter((name) => !known.has(name));
  return {
    listed,
    buckets: [
      ...buckets,
      ...extra.map((name) => ({ name, createdAt: null, added: true })),
    ],
  };
}

function describe(
  { connectionId, draft, credentials }: EngineConnection,
  bookmarkId: BookmarkId | null,
): ConnectionInfo {
  const { bucket, prefix } = splitRoot(draft.root);
  const { host, hostname } = new URL(draft.endpoint);
  return {
    connectionId,
    bookmarkId,
    title: draft.nickname === '' ? host : draft.nickname,
    endpoint: draft.endpoint,
    region: draft.region === '' ? inferRegion(hostname) : draft.region,
    rootBucket: bucket === '' ? null : bucket,
    rootPrefix: bucket === '' ? '' : prefix,
    anonymous: credentials === null,
  };
}

/** Only the fields of a draft: the engine refuses others. */
function draftOf(draft: ConnectionDraft): ConnectionDraft {
  const { providerId, nickname, endpoint, accessKeyId, root, region } = draft;
  const { signature, addressing, uploadAcl, advanced } = draft;
  return {
    providerId,
    nickname,
    endpoint,
    accessKeyId,
    root,
    region,
    signature,
    addressing,
    uploadAcl,
    advanced,
  };
}

/** A bookmark's connection has the bookmark's id: a queue finds its credentials again. */
function connectionOf(id: BookmarkId): ConnectionId {
  return id as string as ConnectionId;
}

function bookmarkOf(id: ConnectionId): BookmarkId {
  return id as string as BookmarkId;
}
