import path from 'node:path';
import { AppError, serializeError } from '../../../shared/errors/app-error.ts';
import type { GroupPlan, StoredGroup } from '../database/group-store.ts';
import type { S3Connection } from '../s3/s3-connection.ts';
import { sleep } from './clock.ts';
import { areKeysRefused } from './credential-hold.ts';
import { headIfThere } from './existing-keys.ts';
import { LocalNames } from './local-names.ts';
import { NOTES } from './notes.ts';
import type { NewRow, PlannerDeps, RowSink } from './planner.ts';
import { RANGED_THRESHOLD } from './ranges.ts';
import { type RemoteObject, walkRemote } from './remote-walk.ts';
import { decideRetry } from './retry-policy.ts';

type DownloadPlan = Extract<GroupPlan, { kind: 'download' }>;

/** How often a connection that is not there yet is looked for, in ms. */
const POLL_MS = 500;

/** Lists what is to be downloaded and gives every object its local path. */
export async function planDownload(
  deps: PlannerDeps,
  group: StoredGroup,
  plan: DownloadPlan,
  sink: RowSink,
  signal: AbortSignal,
): Promise<void> {
  const fresh = !deps.store.planned.hasRows(group.id);
  const names = new LocalNames(
    deps.store.planned,
    group.id,
    group.folder,
    deps.rules,
    fresh,
  );
  const add = (
    object: Omit<RemoteObject, 'size'> & { size: number | null },
    again = false,
  ): Promise<void> | undefined => {
    // After a restart the walk begins anew; what is planned keeps its name.
    const known = (again || !fresh) && deps.store.planned.hasKey(group.id, object.key);
    return known ? undefined : sink.add(downloadRow(plan.basePrefix, object, names));
  };
  for (const item of plan.items) {
    if (item.folder) {
      await planFolder(deps, group, plan, item.key, add, sink, signal);
    } else if (item.key.endsWith('/')) {
      const size = await sizeOf(deps, group, item.key, signal);
      await add({ key: item.key, size, modified: null, etag: '' });
    } else {
      await add({ key: item.key, size: null, modified: null, etag: '' });
    }
  }
}

async function planFolder(
  deps: PlannerDeps,
  group: StoredGroup,
  plan: DownloadPlan,
  prefix: string,
  add: (object: RemoteObject, again: boolean) => Promise<void> | undefined,
  sink: RowSink,
  signal: AbortSignal,
): Promise<void> {
  let again = false;
  try {
    await persist(deps, group, signal, async (connection) => {
      const gate = deps.gateFor(group);
      const { bucket } = group;
      const repeats = again;
      again = true;
      for await (const page of walkRemote({ connection, gate, bucket, prefix, signal })) {
        for (const object of page) {
          const full = add(object, repeats);
          if (full !== undefined) await full;
        }
      }
    });
  } catch (error) {
    if (signal.aborted) throw error;
    // A row says what could not be listed; the rest of the group goes on.
    const relative = relativeKey(plan.basePrefix, prefix);
    await sink.add({
      state: 'failed',
      lane: 0,
      name: path.posix.basename(relative),
      key: prefix,
      localPath: group.folder,
      bytesTotal: null,
      objectsTotal: null,
      error: serializeError(error),
    });
  }
}

async function sizeOf(
  deps: PlannerDeps,
  group: StoredGroup,
  key: string,
  signal: AbortSignal,
): Promise<number | null> {
  try {
    return await persist(deps, group, signal, async (connection) => {
      const gate = deps.gateFor(group);
      const found = await headIfThere({ connection, gate, group, key, signal });
      return found?.size ?? null;
    });
  } catch (error) {
    if (signal.aborted) throw error;
    // The download itself will run into the same error and show it in its row.
    return null;
  }
}

/** Repeats what can be repeated until it works or can work no more. */
export async function persist<T>(
  deps: PlannerDeps,
  group: StoredGroup,
  signal: AbortSignal,
  work: (connection: S3Connection) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    if (signal.aborted) throw new AppError('transfer.cancelled');
    const connection = deps.registry.get(group.connectionId);
    // Without keys that are let in it waits, as the rows do.
    const held = deps.hold.holds(group.connectionId, connection);
    if (connection === undefined || held) {
      attempt = 0;
      await sleep(POLL_MS, signal);
      continue;
    }
    try {
      return await work(connection);
    } catch (error) {
      if (signal.aborted || !(error instanceof AppError)) throw error;
      // The connection may have been configured anew under us.
      const replaced = deps.registry.get(group.connectionId) !== connection;
      const decision = decideRetry(error, attempt, deps.random);
      if (replaced) continue;
      if (await areKeysRefused(error, connection, group.bucket, signal)) {
        deps.hold.add(group.connectionId, connection);
        attempt = 0;
        continue;
      }
      if (decision.kind === 'fail') throw error;
      const gate = deps.gateFor(group);
      if (decision.kind === 'offline') {
        attempt = 0;
        gate.goDown();
        // The server may be back before that: then the gate is opened.
        do await sleep(POLL_MS, signal);
        while (gate.downUntil > deps.clock.now());
        continue;
      }
      await sleep(decision.kind === 'backoff' ? decision.delayMs : POLL_MS, signal);
    }
  }
}

function downloadRow(
  basePrefix: string,
  object: Omit<RemoteObject, 'size'> & { readonly size: number | null },
  names: LocalNames,
): NewRow {
  const relative = relativeKey(basePrefix, object.key);
  const local = names.name(relative, object.size === 0);
  const shown = relative.endsWith('/') ? relative.slice(0, -1) : relative;
  return {
    lane: (object.size ?? 0) >= RANGED_THRESHOLD ? 1 : 0,
    name: shown.slice(shown.lastIndexOf('/') + 1) || path.basename(local.path),
    key: object.key,
    localPath: local.path,
    fold: local.fold,
    bytesTotal: object.size,
    objectsTotal: 1,
    modified: object.modified,
    note: local.changed ? NOTES.nameChanged(path.basename(local.path)) : '',
  };
}

/** A key as it is named below the place the user looked at. */
export function relativeKey(basePrefix: string, key: string): string {
  return key.startsWith(basePrefix) ? key.slice(basePrefix.length) : key;
}
