import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { S3Server } from '../../../../tools/s3-server/index.ts';
import type { RequestOf } from '../../../shared/contract/define.ts';
import type { Credentials, EngineCalls } from '../../../shared/contract/engine.ts';
import type {
  GroupFinished,
  GroupProgressed,
  TransferBatch,
} from '../../../shared/contract/transfers.ts';
import type { BulkChange } from '../../../shared/domain/aspects.ts';
import type { ConnectionDraft } from '../../../shared/domain/bookmark.ts';
import type { ConnectionId, GroupId } from '../../../shared/domain/ids.ts';
import type { TransferRow } from '../../../shared/domain/transfer.ts';
import { ObjectTurns } from '../aspects/object-turns.ts';
import type { Database } from '../database/database.ts';
import { openDatabase } from '../database/open-database.ts';
import { type ConnectionDirectory, createConnectionRegistry } from '../s3/registry.ts';
import type { S3Connection } from '../s3/s3-connection.ts';
import type { S3Target } from '../testing/s3-target.ts';
import type { CopyLimits } from './run-copy.ts';
import { createTransferService } from './transfer-service.ts';
import type { TransferService } from './transfer-service-deps.ts';

/** The connection the tests use. */
export const CONNECTION = 'test-connection' as ConnectionId;
/** A second one, for copies between connections; see `configureOther`. */
export const OTHER = 'other-connection' as ConnectionId;

/** A transfer service on a real database, a real folder and a real server. */
export interface TransferBench {
  readonly folder: string;
  readonly service: TransferService;
  readonly database: Database;
  readonly registry: ConnectionDirectory;
  readonly s3: S3Connection;
  readonly batches: TransferBatch[];
  readonly finished: GroupFinished[];
  readonly progressed: GroupProgressed[];
  /** Prefixes whose listings were called stale. */
  readonly prefixes: string[];
  /** Codes of what the user was told outside the rows. */
  readonly notices: string[];
  /** Makes a file below `folder`; returns its path. */
  file(name: string, content: string | Uint8Array): string;
  configure(draft?: Partial<ConnectionDraft>, credentials?: Credentials): void;
  /** Configures the second connection; to the same server unless told otherwise. */
  configureOther(draft?: Partial<ConnectionDraft>, credentials?: Credentials): void;
  /** Begins a bulk change; keys ending in a slash are folders. */
  edit(bucket: string, keys: readonly string[], change: BulkChange): Promise<GroupId>;
  /** Copies or moves; keys ending in a slash are folders. */
  copy(
    kind: 'copy' | 'move',
    bucket: string,
    targets: Readonly<Record<string, string>>,
    changes?: Partial<RequestOf<EngineCalls, 'transfers.copy'>>,
  ): Promise<GroupId>;
  upload(
    bucket: string,
    paths: readonly string[],
    changes?: Partial<RequestOf<EngineCalls, 'transfers.upload'>>,
  ): Promise<GroupId>;
  download(
    bucket: string,
    keys: readonly string[],
    changes?: Partial<RequestOf<EngineCalls, 'transfers.download'>>,
  ): Promise<GroupId>;
  /** Waits for a group's end. */
  end(groupId: GroupId): Promise<GroupFinished>;
  rows(): Promise<readonly TransferRow[]>;
  /** Waits until rows are as wanted. */
  until(wanted: (rows: readonly TransferRow[]) => boolean): Promise<void>;
  /** Puts an object past the queue, without a content type. */
  put(
    bucket: string,
    key: string,
    body: string | Uint8Array,
    metadata?: Readonly<Record<string, string>>,
  ): Promise<void>;
  keys(bucket: string, prefix?: string): Promise<readonly string[]>;
  read(bucket: string, key: string): Promise<Buffer>;
  /** Files below a folder, relative, sorted; folders end in `/`. */
  list(folder: string): readonly string[];
  /** Ends the service and its database, as quitting does, and starts both again. */
  restart(): Promise<void>;
  /** Starts both with what the journal has now, as after a `kill -9`; `meanwhile` before. */
  crash(meanwhile?: () => void): Promise<void>;
  close(): Promise<void>;
}

/** Opens a bench on `target`. */
export function openBench(
  target: S3Target,
  options: {
    readonly copyLimits?: CopyLimits;
    readonly offlineProbeMs?: number;
    readonly maxOpenRows?: number;
  } = {},
): TransferBench {
  const folder = mkdtempSync(path.join(tmpdir(), 'dipper-transfers-'));
  const s3 = target.connect();
  const batches: TransferBatch[] = [];
  const finished: GroupFinished[] = [];
  const progressed: GroupProgressed[] = [];
  const prefixes: string[] = [];
  const notices: string[] = [];
  let running = start();

  function start(): {
    readonly database: Database;
    readonly registry: ConnectionDirectory;
    readonly service: TransferService;
  } {
    const { database } = openDatabase(path.join(folder, 'transfers.db'), Date.now);
    const registry = createConnectionRegistry();
    configure(registry);
    const service = createTransferService({
      database,
      turns: new ObjectTurns(),
      registry,
      clock: { now: Date.now },
      random: Math.random,
      ...options,
      emit: (topic, payload) => {
        if (topic === 'transfers.changed') batches.push(payload as TransferBatch);
        else if (topic === 'transfers.groupProgressed') {
          progressed.push(payload as GroupProgressed);
        } else finished.push(payload as GroupFinished);
      },
      onNotice: (error) => notices.push(error.code),
      onPrefixChanged: (_connection, _bucket, prefix) => prefixes.push(prefix),
      log: () => undefined,
    });
    return { database, registry, service };
  }

  function configure(
    registry: ConnectionDirectory,
    draft: Partial<ConnectionDraft> = {},
    credentials: Credentials = target.full,
  ): void {
    registry.configure({
      connectionId: CONNECTION,
      draft: target.draft(draft),
      credentials,
    });
  }

  async function stop(): Promise<void> {
    await running.service.stop();
    running.registry.destroy();
    running.database.close();
  }

  async function rows(): Promise<readonly TransferRow[]> {
    const { handlers } = running.service;
    const page = await handlers['transfers.page']({
      filter: 'all',
      offset: 0,
      limit: 500,
    });
    return page.rows;
  }

  const bench: TransferBench = {
    folder,
    get service() {
      return running.service;
    },
    get database() {
      return running.database;
    },
    get registry() {
      return running.registry;
    },
    s3,
    batches,
    finished,
    progressed,
    prefixes,
    notices,
    file(name, content) {
      const place = path.join(folder, name);
      mkdirSync(path.dirname(place), { recursive: true });
      writeFileSync(place, content);
      return place;
    },
    configure: (draft, credentials) => configure(running.registry, draft, credentials),
    configureOther: (draft = {}, credentials = target.full) =>
      running.registry.configure({
        connectionId: OTHER,
        draft: target.draft(draft),
        credentials,
      }),
    async copy(kind, bucket, targets, changes = {}) {
      const { groupId } = await running.service.handlers[`transfers.${kind}`]({
        connectionId: CONNECTION,
        bucket,
        items: Object.entries(targets).map(([key, targetKey]) => ({
          item: { key, folder: key.endsWith('/') },
          targetKey,
        })),
        targetConnectionId: CONNECTION,
        targetBucket: bucket,
        conflict: 'ask',
        ...changes,
      });
      return groupId;
    },
    async edit(bucket, keys, change) {
      const { groupId } = await running.service.handlers['aspects.changeMany']({
        connectionId: CONNECTION,
        bucket,
        items: keys.map((key) => ({ key, folder: key.endsWith('/') })),
        change,
      });
      return groupId;
    },
    async upload(bucket, paths, changes = {}) {
      const { groupId } = await running.service.handlers['transfers.upload']({
        connectionId: CONNECTION,
        bucket,
        prefix: '',
        paths: [...paths],
        conflict: 'ask',
        ...changes,
      });
      return groupId;
    },
    async download(bucket, keys, changes = {}) {
      const { groupId } = await running.service.handlers['transfers.download']({
        connectionId: CONNECTION,
        bucket,
        basePrefix: '',
        items: keys.map((key) => ({ key, folder: false })),
        folder: path.join(folder, 'down'),
        conflict: 'ask',
        ...changes,
      });
      return groupId;
    },
    async end(groupId) {
      return waitFor(() => finished.find((group) => group.groupId === groupId));
    },
    rows,
    async until(wanted) {
      await waitFor(async () => (wanted(await rows()) ? true : undefined));
    },
    async put(bucket, key, body, metadata = {}) {
      const bytes = Buffer.from(body);
      await s3.putObject({ bucket, key, contentType: '', metadata, body: bytes });
    },
    async keys(bucket, prefix = '') {
      const found: string[] = [];
      let cursor: string | null = null;
      do {
        const at: string | null = cursor;
        const page = await s3.listPage({ bucket, prefix, delimiter: '', cursor: at });
        found.push(...page.keys);
        cursor = page.cursor;
      } while (cursor !== null);
      return found;
    },
    async read(bucket, key) {
      const body = await s3.getObject({ bucket, key });
      return Buffer.concat(await body.stream.toArray());
    },
    list: (place) =>
      readdirSync(place, { recursive: true, encoding: 'utf8' })
        .map((name) =>
          statSync(path.join(place, name)).isDirectory() ? `${name}/` : name,
        )
        .sort(),
    async restart() {
      await stop();
      running = start();
    },
    async crash(meanwhile) {
      const { path: file } = running.database;
      const now = `${file}-now`;
      // Another connection sees only what is committed.
      const journal = new DatabaseSync(file);
      journal.prepare('VACUUM INTO ?').run(now);
      journal.close();
      await stop();
      for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
      renameSync(now, file);
      meanwhile?.();
      running = start();
    },
    async close() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return bench;
}

/** Asks again and again until there is an answer. Patient: the machine may be busy. */
export async function waitFor<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  ms = 90_000,
): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`Not within ${ms} ms.`);
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

/** Our own server with its faults; skips the test where another one was given. */
export function ownServer(target: S3Target, skip: () => never): S3Server {
  return target.server ?? skip();
}
