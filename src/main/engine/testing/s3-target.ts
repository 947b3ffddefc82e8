import { randomBytes } from 'node:crypto';
import {
  type S3Server,
  type S3User,
  startS3Server,
} from '../../../../tools/s3-server/index.ts';
import type { Credentials } from '../../../shared/contract/engine.ts';
import { ConnectionDraft } from '../../../shared/domain/bookmark.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { createS3Connection, type S3ConnectionOptions } from '../s3/create-connection.ts';
import type { S3Connection } from '../s3/s3-connection.ts';

/** A server to run integration tests against. */
export interface S3Target {
  readonly endpoint: string;
  readonly region: string;
  /** May do everything. */
  readonly full: Credentials;
  /** May list, read and write under `limitedPrefix` of `limitedBucket`; lists no buckets. */
  readonly limited: Credentials;
  readonly limitedBucket: string;
  readonly limitedPrefix: string;
  readonly isRadosgw: boolean;
  /** Our own server with its faults; `null` when another one was given. */
  readonly server: S3Server | null;
  /** Settings of a connection to this server with the full user. */
  draft(changes?: Partial<ConnectionDraft>): ConnectionDraft;
  /** A connection that `close` ends. Credentials: the full user's unless given. */
  connect(options?: ConnectOptions): S3Connection;
  /** Makes a bucket that `close` empties and deletes. */
  makeBucket(): Promise<string>;
  close(): Promise<void>;
}

/** Options of {@link S3Target.connect}. */
export interface ConnectOptions extends S3ConnectionOptions {
  readonly draft?: Partial<ConnectionDraft>;
  readonly credentials?: Credentials | null;
  readonly connectionId?: string;
}

/**
 * Our own server, started for the caller, or, with `S3_ENDPOINT` in the environment, the
 * one there (`S3_REGION`, `S3_ACCESS_KEY`, `S3_SECRET_KEY`, `S3_LIMITED_ACCESS_KEY`,
 * `S3_LIMITED_SECRET_KEY`, `S3_LIMITED_BUCKET`, `S3_LIMITED_PREFIX`). Ours also knows
 * `users`.
 */
export async function openS3Target(
  users: Readonly<Record<string, S3User>> = {},
): Promise<S3Target> {
  const endpoint = process.env['S3_ENDPOINT'];
  if (endpoint) return createTarget(environmentServer(endpoint), null);
  // The second name is this computer too, but does not say so.
  const server = await startS3Server({ allowV2: true, users, domains: ['0.0.0.0'] });
  server.createBucket('shared');
  return createTarget(
    {
      endpoint: server.endpoint,
      region: server.region,
      full: toCredentials(server.users.full),
      limited: toCredentials(server.users.limited),
      limitedBucket: 'shared',
      limitedPrefix: 'team/',
    },
    server,
  );
}

interface ServerFacts {
  readonly endpoint: string;
  readonly region: string;
  readonly full: Credentials;
  readonly limited: Credentials;
  readonly limitedBucket: string;
  readonly limitedPrefix: string;
}

function createTarget(facts: ServerFacts, server: S3Server | null): S3Target {
  const connections: S3Connection[] = [];
  const buckets: string[] = [];

  function draft(changes: Partial<ConnectionDraft> = {}): ConnectionDraft {
    return ConnectionDraft.parse({
      providerId: server === null ? 'ceph' : 'generic',
      nickname: '',
      endpoint: facts.endpoint,
      accessKeyId: facts.full.accessKeyId,
      root: '',
      region: facts.region,
      signature: 'v4',
      addressing: 'auto',
      uploadAcl: 'none',
      advanced: {},
      ...changes,
    });
  }

  function connect(options: ConnectOptions = {}): S3Connection {
    const { draft: changes, credentials, connectionId, ...rest } = options;
    const connection = createS3Connection(
      {
        connectionId: (connectionId ?? `test-${connections.length}`) as ConnectionId,
        draft: draft(changes),
        credentials: credentials === undefined ? facts.full : credentials,
      },
      rest,
    );
    connections.push(connection);
    return connection;
  }

  return {
    ...facts,
    isRadosgw: server === null,
    server,
    draft,
    connect,
    async makeBucket() {
      const bucket = `dipper-test-${randomBytes(6).toString('hex')}`;
      await connect().createBucket({ bucket, region: '' });
      buckets.push(bucket);
      return bucket;
    },
    async close() {
      // Ours forgets everything by itself.
      if (server === null) {
        const connection = connect();
        for (const bucket of buckets) await emptyAndDelete(connection, bucket);
      }
      for (const connection of connections) connection.destroy();
      await server?.close();
    },
  };
}

async function emptyAndDelete(connection: S3Connection, bucket: string): Promise<void> {
  for (;;) {
    const { keys } = await connection.listPage({
      bucket,
      prefix: '',
      delimiter: '',
      cursor: null,
    });
    if (keys.length === 0) break;
    const failed = await connection.deleteObjects({ bucket, keys });
    if (failed[0] !== undefined) throw failed[0].error;
  }
  await connection.deleteBucket({ bucket });
}

function environmentServer(endpoint: string): ServerFacts {
  return {
    endpoint,
    region: process.env['S3_REGION'] ?? 'us-east-1',
    full: environmentKeys('S3'),
    limited: environmentKeys('S3_LIMITED'),
    limitedBucket: process.env['S3_LIMITED_BUCKET'] ?? 'shared',
    limitedPrefix: process.env['S3_LIMITED_PREFIX'] ?? 'team/',
  };
}

function environmentKeys(prefix: string): Credentials {
  const accessKeyId = process.env[`${prefix}_ACCESS_KEY`];
  const secretAccessKey = process.env[`${prefix}_SECRET_KEY`];
  if (!accessKeyId || !secretAccessKey) {
    throw new Error(`S3_ENDPOINT needs ${prefix}_ACCESS_KEY and ${prefix}_SECRET_KEY`);
  }
  return { accessKeyId, secretAccessKey, sessionToken: '' };
}

function toCredentials(user: {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}): Credentials {
  const { accessKeyId, secretAccessKey } = user;
  return { accessKeyId, secretAccessKey, sessionToken: user.sessionToken ?? '' };
}
