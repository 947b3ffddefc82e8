import { basename, dirname } from 'node:path';
import type { GroupId } from '../../src/shared/domain/ids.ts';
import { assertNever } from '../../src/shared/lib/assert-never.ts';
import type { Task } from '../peers/peer.ts';
import { CONNECTION, type RunningEngine } from './engine.ts';

/** What the engine used for a task: its start is not in it. */
export interface EngineRun {
  readonly wallS: number;
  readonly cpuS: number;
  readonly rssMiB: number;
  /** Names of a list; empty for other tasks. */
  readonly names: readonly string[];
  /** How the engine says it checked a file: `md5`, `crc32`, `size`, … or empty. */
  readonly integrity: string;
}

/** Does a task through the engine's contract. Throws when a single file did not make it. */
export async function runEngineTask(
  engine: RunningEngine,
  bucket: string,
  task: Task,
): Promise<EngineRun> {
  const before = engine.use();
  const start = performance.now();
  const names =
    task.kind === 'list'
      ? await listAll(engine, bucket, task.prefix)
      : await transfer(engine, bucket, task);
  const wallS = (performance.now() - start) / 1_000;
  const after = engine.use();
  return {
    wallS,
    cpuS: after.cpuS - before.cpuS,
    rssMiB: after.rssMiB,
    names,
    integrity: await integrityOf(engine),
  };
}

async function transfer(
  engine: RunningEngine,
  bucket: string,
  task: Exclude<Task, { readonly kind: 'list' }>,
): Promise<readonly string[]> {
  const groupId = await queue(engine, bucket, task);
  const { failed, skipped, cancelled, done } = await engine.finished(groupId);
  if (failed + skipped + cancelled > 0 || done === 0) {
    const { rows } = await engine.client.call('transfers.page', {
      filter: 'failed',
      offset: 0,
      limit: 1,
    });
    throw new Error(
      `${failed} failed, ${skipped} skipped, ${cancelled} cancelled, ${done} done: ${rows[0]?.error?.code ?? ''}`,
    );
  }
  return [];
}

async function queue(
  engine: RunningEngine,
  bucket: string,
  task: Exclude<Task, { readonly kind: 'list' }>,
): Promise<GroupId> {
  const to = { connectionId: CONNECTION, bucket };
  const conflict = 'overwrite';
  const { client } = engine;
  switch (task.kind) {
    case 'put':
    case 'put-folder': {
      const path = task.kind === 'put' ? task.file : task.folder;
      const key = task.kind === 'put' ? task.key : task.prefix;
      const prefix = parentPrefix(key, basename(path));
      const { groupId } = await client.call('transfers.upload', {
        ...to,
        prefix,
        paths: [path],
        conflict,
      });
      return groupId;
    }
    case 'get':
    case 'get-folder': {
      const path = task.kind === 'get' ? task.file : task.folder;
      const key = task.kind === 'get' ? task.key : task.prefix;
      const { groupId } = await client.call('transfers.download', {
        ...to,
        basePrefix: parentPrefix(key, basename(path)),
        items: [{ key, folder: task.kind === 'get-folder' }],
        folder: dirname(path),
        conflict,
      });
      return groupId;
    }
    case 'delete': {
      const { groupId } = await client.call('transfers.remove', {
        ...to,
        items: [{ key: task.prefix, folder: true }],
      });
      return groupId;
    }
    default:
      return assertNever(task);
  }
}

/** The prefix above `key`; the window keeps a file's name, so the names must agree. */
function parentPrefix(key: string, name: string): string {
  const bare = key.replace(/\/$/, '');
  if (!bare.endsWith(`/${name}`)) throw new Error(`${key} is not called ${name}.`);
  return bare.slice(0, -name.length);
}

async function listAll(
  engine: RunningEngine,
  bucket: string,
  prefix: string,
): Promise<readonly string[]> {
  const names: string[] = [];
  let cursor: string | null = null;
  do {
    const page: { readonly keys: readonly string[]; readonly cursor: string | null } =
      await engine.client.call('browse.list', {
        connectionId: CONNECTION,
        bucket: bucket,
        prefix,
        cursor,
        fresh: true,
        taskId: 'bench',
      });
    for (const key of page.keys) names.push(key);
    cursor = page.cursor;
  } while (cursor !== null);
  return names;
}

async function integrityOf(engine: RunningEngine): Promise<string> {
  const page = { filter: 'finished', offset: 0, limit: 1 } as const;
  const { rows } = await engine.client.call('transfers.page', page);
  return rows[0]?.integrity ?? '';
}
