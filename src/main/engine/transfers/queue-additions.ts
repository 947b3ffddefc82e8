import path from 'node:path';
import type { RequestOf } from '../../../shared/contract/define.ts';
import type { EngineCalls } from '../../../shared/contract/engine.ts';
import type { AdvancedSettings } from '../../../shared/domain/bookmark.ts';
import type { ConnectionId, GroupId } from '../../../shared/domain/ids.ts';
import type { RemoteItem } from '../../../shared/domain/listing.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { CopyStore } from '../database/copy-store.ts';
import type { EditStore } from '../database/edit-store.ts';
import type { GroupPlan, GroupStore, NewGroup } from '../database/group-store.ts';
import type { NewTransfer } from '../database/stored-transfer.ts';
import type { TransferStore } from '../database/transfer-store.ts';
import type { ConnectionRegistry, S3Connection } from '../s3/s3-connection.ts';
import { checkChange } from './check-change.ts';
import type { Clock } from './clock.ts';
import { nameOf } from './key-name.ts';
import type { Planner } from './planner.ts';
import { isSameServer } from './same-place.ts';
import type { Scheduler } from './scheduler.ts';

/** What adding to the queue needs. */
export interface QueueAdditionsDeps {
  readonly store: TransferStore;
  readonly groups: GroupStore;
  readonly copies: CopyStore;
  readonly edits: EditStore;
  readonly planner: Planner;
  readonly registry: ConnectionRegistry;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
}

interface Queued {
  readonly groupId: GroupId;
}

/** Puts what the user asked for into the queue. Every method is one group. */
export class QueueAdditions {
  readonly #deps: QueueAdditionsDeps;

  constructor(deps: QueueAdditionsDeps) {
    this.#deps = deps;
  }

  upload(request: RequestOf<EngineCalls, 'transfers.upload'>): Queued {
    const { connectionId, bucket, prefix, paths, conflict } = request;
    requireFolderPrefix(prefix, 'prefix');
    for (const place of paths) requireAbsolute(place, 'paths');
    const group: NewGroup = {
      kind: 'upload',
      connectionId,
      bucket,
      prefix,
      folder: '',
      conflict,
      name: path.basename(paths[0] ?? ''),
      items: paths.length,
    };
    const { rules, excludeJunk } = rulesOf(this.#deps.registry.get(connectionId));
    return this.#plan(group, {
      kind: 'upload',
      paths: [...paths],
      rules: rules.filter((rule) => rule.action === 'exclude'),
      excludeJunk,
      hidden: request.hidden ?? 'leave-out',
    });
  }

  download(request: RequestOf<EngineCalls, 'transfers.download'>): Queued {
    const { connectionId, bucket, basePrefix, items, folder, conflict } = request;
    requireAbsolute(folder, 'folder');
    for (const item of items) requireFolderKey(item, 'items');
    const group: NewGroup = {
      kind: 'download',
      connectionId,
      bucket,
      prefix: basePrefix,
      folder: path.resolve(folder),
      conflict,
      name: nameOf(items[0]?.key ?? ''),
      items: items.length,
    };
    return this.#plan(group, { kind: 'download', basePrefix, items: [...items] });
  }

  remove(request: RequestOf<EngineCalls, 'transfers.remove'>): Queued {
    const { connectionId, bucket, items } = request;
    for (const item of items) requireFolderKey(item, 'items');
    const group: NewGroup = {
      kind: 'delete',
      connectionId,
      bucket,
      prefix: commonFolder(items.map((item) => item.key)),
      folder: '',
      conflict: 'overwrite',
      name: nameOf(items[0]?.key ?? ''),
      items: items.length,
    };
    const groupId = this.#open(group, { kind: 'none' });
    const now = this.#deps.clock.now();
    this.#deps.store.insert(
      items.map((item) => ({
        ...rowOf(groupId, connectionId, bucket, item.key, now),
        kind: 'delete' as const,
        objectsTotal: item.folder ? null : 1,
      })),
    );
    this.#deps.scheduler.kick();
    return { groupId };
  }

  /** A copy or a move. Throws `copy.onto-itself` and `copy.into-itself`. */
  copy(request: RequestOf<EngineCalls, 'transfers.copy'>, kind: 'copy' | 'move'): Queued {
    const { connectionId, bucket, items, conflict } = request;
    const target = {
      connectionId: request.targetConnectionId,
      bucket: request.targetBucket,
    };
    const within = bucket === target.bucket && this.#isOneServer(request);
    const keys = new Set<string>();
    const sources = new Set(items.map(({ item }) => item.key));
    for (const { item, targetKey } of items) {
      requireFolderKey(item, 'items');
      // A row is found by its source: one can go to one place only.
      const bad = item.folder !== targetKey.endsWith('/') && item.folder;
      if (bad || keys.has(item.key)) {
        throw new AppError('input.invalid', { params: { field: 'items' } });
      }
      keys.add(item.key);
      const params = { key: nameOf(item.key) };
      if (within && item.key === targetKey) {
        throw new AppError('copy.onto-itself', { params });
      }
      if (within && item.folder && targetKey.startsWith(item.key)) {
        throw new AppError('copy.into-itself', { params });
      }
      // Both at once: the one could take the place of the other before that has left.
      if (within && sources.has(targetKey)) {
        throw new AppError('input.invalid', { params: { field: 'items' } });
      }
    }
    const group: NewGroup = {
      kind,
      connectionId,
      bucket,
      prefix: commonFolder(items.map(({ item }) => item.key)),
      folder: commonFolder(items.map(({ targetKey }) => targetKey)),
      conflict,
      name: nameOf(items[0]?.item.key ?? ''),
      items: items.length,
    };
    const plan = { kind: 'copy' as const, items: [...items] };
    const groupId = this.#open(group, plan);
    this.#deps.copies.saveTarget(groupId, target);
    this.#startPlan(groupId, plan);
    return { groupId };
  }

  /** A bulk change. Throws `aspect.invalid`; see {@link checkChange}. */
  edit(request: RequestOf<EngineCalls, 'aspects.changeMany'>): Queued {
    const { connectionId, bucket, items, change } = request;
    for (const item of items) requireFolderKey(item, 'items');
    checkChange(change);
    const group: NewGroup = {
      kind: 'edit',
      connectionId,
      bucket,
      prefix: commonFolder(items.map((item) => item.key)),
      folder: change.aspect,
      conflict: 'overwrite',
      name: nameOf(items[0]?.key ?? ''),
      items: items.length,
    };
    const plan = { kind: 'edit' as const, items: [...items] };
    const groupId = this.#open(group, plan);
    this.#deps.edits.begin(groupId, change);
    this.#startPlan(groupId, plan);
    return { groupId };
  }

  #isOneServer({
    connectionId,
    targetConnectionId,
  }: RequestOf<EngineCalls, 'transfers.copy'>): boolean {
    if (connectionId === targetConnectionId) return true;
    const { registry } = this.#deps;
    const [from, to] = [registry.get(connectionId), registry.get(targetConnectionId)];
    return from !== undefined && to !== undefined && isSameServer(from, to);
  }

  #plan(group: NewGroup, plan: GroupPlan): Queued {
    const groupId = this.#open(group, plan);
    this.#startPlan(groupId, plan);
    return { groupId };
  }

  #startPlan(groupId: GroupId, plan: GroupPlan): void {
    const stored = this.#deps.groups.get(groupId);
    if (stored !== undefined) this.#deps.planner.start(stored, plan);
  }

  #open(group: NewGroup, plan: GroupPlan): GroupId {
    const { groups, store, scheduler, clock } = this.#deps;
    const groupId = groups.insert(group, plan, clock.now());
    store.tally.watch(groupId);
    scheduler.knowConnection(group.connectionId);
    return groupId;
  }
}

function rowOf(
  groupId: GroupId,
  connectionId: ConnectionId,
  bucket: string,
  key: string,
  createdAt: number,
): Omit<NewTransfer, 'kind' | 'objectsTotal'> {
  return {
    groupId,
    connectionId,
    bucket,
    key,
    name: nameOf(key),
    state: 'queued',
    lane: 0,
    bytesTotal: null,
    createdAt,
  };
}

/** The folder a key lies in: empty, or ending in `/`. A prefix lies in its parent. */
function parentOf(key: string): string {
  const end = key.endsWith('/') ? key.length - 1 : key.length;
  return key.slice(0, key.lastIndexOf('/', end - 1) + 1);
}

function commonFolder(keys: readonly string[]): string {
  let common = parentOf(keys[0] ?? '');
  for (const key of keys) {
    while (!key.startsWith(common)) common = parentOf(common);
  }
  return common;
}

/** The rules of a bookmark; those of a new one where it is not open. */
export function rulesOf(
  connection: S3Connection | undefined,
): Pick<AdvancedSettings, 'rules' | 'excludeJunk'> {
  return connection?.draft.advanced ?? { rules: [], excludeJunk: true };
}

function requireFolderPrefix(prefix: string, field: string): void {
  if (prefix !== '' && !prefix.endsWith('/')) {
    throw new AppError('input.invalid', { params: { field } });
  }
}

/** The prefix `a` would also take `about.txt` and `a b/`. */
function requireFolderKey(item: RemoteItem, field: string): void {
  if (item.folder && !item.key.endsWith('/')) {
    throw new AppError('input.invalid', { params: { field } });
  }
}

function requireAbsolute(place: string, field: string): void {
  if (!path.isAbsolute(place)) throw new AppError('input.invalid', { params: { field } });
}
