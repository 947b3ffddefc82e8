import { MIB } from '../../../shared/domain/part-plan.ts';
import { AppError, serializeError } from '../../../shared/errors/app-error.ts';
import type { GroupPlan, StoredGroup } from '../database/group-store.ts';
import { nameOf } from './key-name.ts';
import { persist } from './plan-download.ts';
import type { NewRow, PlannerDeps, RowSink } from './planner.ts';
import { walkRemote } from './remote-walk.ts';
import { isSameServer } from './same-place.ts';

type CopyPlan = Extract<GroupPlan, { kind: 'copy' }>;

/** From this size on a copy counts as a large one. */
const LARGE_BYTES = 64 * MIB;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const MAX_KEY_BYTES = 1_024;

/** Lists what is to be copied or moved: every object becomes a row of its own. */
export async function planCopy(
  deps: PlannerDeps,
  group: StoredGroup,
  plan: CopyPlan,
  sink: RowSink,
  signal: AbortSignal,
): Promise<void> {
  const targetBucket = deps.copies.target(group.id)?.bucket ?? group.bucket;
  const add = async (key: string, targetKey: string, known: Known): Promise<void> => {
    // After a restart the walk begins anew.
    if (deps.store.planned.hasKey(group.id, key)) return;
    await sink.add(copyRow(key, targetBucket, targetKey, known));
  };
  for (const { item, targetKey } of plan.items) {
    if (!item.folder) {
      await add(item.key, targetKey, { size: null, modified: null });
      continue;
    }
    const prefix = item.key;
    try {
      await refuseOverlap(deps, group, prefix, targetKey, signal);
      await persist(deps, group, signal, async (connection) => {
        const gate = deps.gateFor(group);
        const { bucket } = group;
        const pages = walkRemote({ connection, gate, bucket, prefix, signal });
        for await (const page of pages) {
          for (const object of page) {
            await add(object.key, targetKey + object.key.slice(prefix.length), object);
          }
        }
      });
    } catch (error) {
      if (signal.aborted) throw error;
      // A row says what could not be listed; the rest of the group goes on.
      await sink.add({
        state: 'failed',
        lane: 0,
        name: nameOf(prefix),
        key: prefix,
        targetBucket,
        targetKey,
        bytesTotal: null,
        objectsTotal: null,
        error: serializeError(error),
      });
    }
  }
}

interface Known {
  readonly size: number | null;
  readonly modified: number | null;
}

function copyRow(
  key: string,
  targetBucket: string,
  targetKey: string,
  known: Known,
): NewRow {
  const row: NewRow = {
    lane: (known.size ?? 0) >= LARGE_BYTES ? 1 : 0,
    name: nameOf(key),
    key,
    targetBucket,
    targetKey,
    bytesTotal: known.size,
    objectsTotal: 1,
    modified: known.modified,
  };
  if (Buffer.byteLength(targetKey) <= MAX_KEY_BYTES) return row;
  const error = new AppError('object.name-invalid', { params: { key: targetKey } });
  return { ...row, state: 'failed', error: serializeError(error) };
}

/**
 * Moving `a/a/` up to `a/` takes `a/a/a/x` to `a/a/x`: back among the objects still to be
 * moved, perhaps over one of them. Throws `conflict.exists` where that would happen.
 */
async function refuseOverlap(
  deps: PlannerDeps,
  group: StoredGroup,
  prefix: string,
  targetKey: string,
  signal: AbortSignal,
): Promise<void> {
  const target = deps.copies.target(group.id);
  if (target?.bucket !== group.bucket) return;
  const { registry } = deps;
  const [from, to] = [group, target].map((side) => registry.get(side.connectionId));
  const within =
    target.connectionId === group.connectionId ||
    (from !== undefined && to !== undefined && isSameServer(from, to));
  if (!within) return;
  // The queue may have been filled before the other connection was there to be looked at.
  if (targetKey.startsWith(prefix)) {
    throw new AppError('copy.into-itself', { params: { key: nameOf(prefix) } });
  }
  if (!prefix.startsWith(targetKey)) return;
  const key = prefix + prefix.slice(targetKey.length);
  const page = await persist(deps, group, signal, (connection) =>
    deps.gateFor(group).request(0, signal, () =>
      connection.listPage({
        bucket: group.bucket,
        prefix: key,
        delimiter: '',
        cursor: null,
        maxKeys: 1,
        signal,
      }),
    ),
  );
  if (page.keys.length > 0) throw new AppError('conflict.exists', { params: { key } });
}
