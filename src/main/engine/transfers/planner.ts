import path from 'node:path';
import type { ConnectionId, GroupId } from '../../../shared/domain/ids.ts';
import { MULTIPART_THRESHOLD } from '../../../shared/domain/part-plan.ts';
import { readUploadRules } from '../../../shared/domain/upload-rules.ts';
import { AppError, serializeError } from '../../../shared/errors/app-error.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { CopyStore } from '../database/copy-store.ts';
import type { EditStore } from '../database/edit-store.ts';
import type { GroupPlan, GroupStore, StoredGroup } from '../database/group-store.ts';
import type { NewTransfer } from '../database/stored-transfer.ts';
import type { TransferStore } from '../database/transfer-store.ts';
import { type NameRules, numberedName } from '../files/safe-name.ts';
import { type WalkEntry, walkTogether } from '../files/walk.ts';
import type { ConnectionRegistry } from '../s3/s3-connection.ts';
import { type Clock, sleep } from './clock.ts';
import type { CredentialHold } from './credential-hold.ts';
import { NOTES } from './notes.ts';
import { planCopy } from './plan-copy.ts';
import { planDownload } from './plan-download.ts';
import { planEdit } from './plan-edit.ts';
import type { RequestGate } from './request-gate.ts';
import { WalkTurns } from './walk-turns.ts';

/** Rows of one insert. */
const BATCH_ROWS = 100;
/** A batch is inserted after so many ms even if it is not full, so that work begins. */
const BATCH_MS = 100;
/**
 * Planning pauses while a group has so many rows that have not come to their end: rows cost
 * hardly any memory, and the sooner they are there the sooner totals are known, but what
 * changes all of them at once, such as Pause All, must not take long.
 */
const MAX_OPEN_ROWS = 100_000;

/** What planning needs. */
export interface PlannerDeps {
  readonly store: TransferStore;
  readonly groups: GroupStore;
  readonly copies: CopyStore;
  readonly edits: EditStore;
  readonly registry: ConnectionRegistry;
  /** Connections whose keys were refused. */
  readonly hold: CredentialHold;
  readonly gateFor: (group: StoredGroup) => RequestGate;
  readonly rules: NameRules;
  readonly clock: Clock;
  readonly random: () => number;
  /** Default: {@link MAX_OPEN_ROWS}. */
  readonly maxOpenRows?: number | undefined;
  /** Called after rows were inserted. */
  readonly onRows: (connectionId: ConnectionId) => void;
  /** Called when a group is planned to its end. */
  readonly onPlanned: (groupId: GroupId) => void;
  /** Called when planning failed in a way that no row can show. */
  readonly onError: (error: unknown) => void;
}

/** Takes rows as they are found. */
export interface RowSink {
  /** `undefined`: more may come at once. */
  add(row: NewRow): Promise<void> | undefined;
}

/** A row without what its group already says. */
export type NewRow = Omit<
  NewTransfer,
  'groupId' | 'kind' | 'connectionId' | 'bucket' | 'createdAt' | 'state'
> & { readonly state?: 'failed' | 'skipped' };

interface Planning {
  readonly controller: AbortController;
  done: Promise<void>;
}

/** Turns what the user asked for into rows, while earlier rows already move. */
export class Planner {
  readonly #deps: PlannerDeps;
  readonly #running = new Map<GroupId, Planning>();
  readonly #turns = new WalkTurns();

  constructor(deps: PlannerDeps) {
    this.#deps = deps;
  }

  /** Groups being planned now. */
  get count(): number {
    return this.#running.size;
  }

  isPlanning(groupId: GroupId): boolean {
    return this.#running.has(groupId);
  }

  /** Plans a group in the background. */
  start(group: StoredGroup, plan: GroupPlan): void {
    const controller = new AbortController();
    const planning: Planning = { controller, done: Promise.resolve() };
    this.#running.set(group.id, planning);
    planning.done = this.#plan(group, plan, controller.signal);
  }

  /** Ends planning of a group; what is planned stays. */
  async cancel(groupId: GroupId): Promise<void> {
    const planning = this.#running.get(groupId);
    if (planning === undefined) return;
    planning.controller.abort();
    await planning.done;
    this.#deps.groups.setPlanned(groupId);
    this.#deps.onPlanned(groupId);
  }

  /** Ends all planning; it goes on after the next start. */
  async stop(): Promise<void> {
    const all = [...this.#running.values()];
    for (const planning of all) planning.controller.abort();
    await Promise.all(all.map((planning) => planning.done));
  }

  /** Groups being planned. */
  groupIds(): readonly GroupId[] {
    return [...this.#running.keys()];
  }

  async #plan(group: StoredGroup, plan: GroupPlan, signal: AbortSignal): Promise<void> {
    const batch = new Batch(this.#deps, group, signal);
    try {
      if (plan.kind === 'upload') await this.#planUpload(group, plan, batch, signal);
      if (plan.kind === 'download') {
        await planDownload(this.#deps, group, plan, batch, signal);
      }
      if (plan.kind === 'copy') await planCopy(this.#deps, group, plan, batch, signal);
      if (plan.kind === 'edit') await planEdit(this.#deps, group, plan, signal);
      await batch.flush();
    } catch (error) {
      if (!signal.aborted) this.#deps.onError(error);
    }
    this.#running.delete(group.id);
    if (signal.aborted) return;
    this.#deps.groups.setPlanned(group.id);
    this.#deps.onPlanned(group.id);
  }

  async #planUpload(
    group: StoredGroup,
    plan: Extract<GroupPlan, { kind: 'upload' }>,
    sink: RowSink,
    signal: AbortSignal,
  ): Promise<void> {
    const end = await this.#turns.take(signal);
    try {
      await this.#walk(group, plan, sink, signal);
    } finally {
      end();
    }
  }

  async #walk(
    group: StoredGroup,
    plan: Extract<GroupPlan, { kind: 'upload' }>,
    sink: RowSink,
    signal: AbortSignal,
  ): Promise<void> {
    const { groups } = this.#deps;
    const hidden = hiddenFilter(plan);
    for (const [place, name] of uploadRoots(plan.paths)) {
      const root = path.resolve(place);
      for await (const found of walkTogether(root, name, signal, hidden.leaveOut)) {
        for (const entry of found) {
          const full = hidden.wants(entry)
            ? sink.add(uploadRow(group, entry))
            : undefined;
          if (full === undefined) continue;
          this.#turns.stir();
          await full;
        }
      }
    }
    if (hidden.count() > 0) groups.setHidden(group.id, hidden.count());
  }
}

/** The chosen paths with the names they get; equal names get a number. */
export function* uploadRoots(
  paths: readonly string[],
): Generator<readonly [place: string, name: string]> {
  const names = new Set<string>();
  for (const place of paths) {
    const plain = path.basename(place) || 'root';
    let name = plain;
    for (let number = 2; names.has(name); number += 1) name = numberedName(plain, number);
    names.add(name);
    yield [place, name];
  }
}

/** What the rules do to a walk. */
export interface HiddenFilter {
  /** For the walk: what it passes over. */
  readonly leaveOut: (relative: string) => boolean;
  /** Whether what was found is to be uploaded. */
  readonly wants: (entry: WalkEntry) => boolean;
  /** How many files and folders were passed over so far. */
  readonly count: () => number;
}

/** Makes the filter of an upload. */
export function hiddenFilter(
  plan: Pick<Extract<GroupPlan, { kind: 'upload' }>, 'rules' | 'excludeJunk' | 'hidden'>,
): HiddenFilter {
  const { excludes } = readUploadRules({
    rules: plan.rules ?? [],
    excludeJunk: plan.excludeJunk ?? false,
  });
  const mode = plan.hidden ?? 'leave-out';
  let count = 0;
  return {
    leaveOut: (relative) => {
      if (mode !== 'leave-out' || !excludes(relative)) return false;
      count += 1;
      return true;
    },
    wants: (entry) =>
      mode !== 'only' ||
      excludes(entry.kind === 'empty-folder' ? `${entry.relative}/` : entry.relative),
    count: () => count,
  };
}

function uploadRow(group: StoredGroup, entry: WalkEntry): NewRow {
  const key = group.prefix + entry.relative;
  const base = {
    lane: 0,
    name: entry.relative.slice(entry.relative.lastIndexOf('/') + 1),
    key,
    localPath: entry.path,
    bytesTotal: 0,
    objectsTotal: 1,
  } as const;
  switch (entry.kind) {
    case 'file':
      return {
        ...base,
        lane: entry.size > MULTIPART_THRESHOLD ? 1 : 0,
        bytesTotal: entry.size,
        modified: entry.modified,
      };
    case 'empty-folder':
      return { ...base, key: `${key}/` };
    case 'special':
      return { ...base, state: 'skipped', note: NOTES.notAFile };
    case 'unreadable':
      return { ...base, state: 'failed', error: serializeError(entry.error) };
    default:
      return assertNever(entry);
  }
}

/** With all that may be left out. */
type WholeRow = { readonly [K in keyof Required<NewTransfer>]: NewTransfer[K] };

/** Collects rows into inserts and holds planning back while enough is queued. */
class Batch implements RowSink {
  readonly #deps: PlannerDeps;
  readonly #group: StoredGroup;
  readonly #signal: AbortSignal;
  #rows: NewTransfer[] = [];
  #since: number;
  onFlush: (() => void) | undefined;

  constructor(deps: PlannerDeps, group: StoredGroup, signal: AbortSignal) {
    this.#deps = deps;
    this.#group = group;
    this.#signal = signal;
    this.#since = deps.clock.now();
  }

  add(row: NewRow): Promise<void> | undefined {
    const { id, kind, connectionId, bucket } = this.#group;
    const now = this.#deps.clock.now();
    if (this.#rows.length === 0) this.#since = now;
    // One shape for all rows, field by field: both are quicker than a spread.
    const whole: WholeRow = {
      groupId: id,
      kind,
      state: row.state ?? 'queued',
      lane: row.lane,
      connectionId,
      name: row.name,
      bucket,
      key: row.key,
      targetBucket: row.targetBucket,
      targetKey: row.targetKey,
      localPath: row.localPath,
      fold: row.fold,
      bytesTotal: row.bytesTotal,
      objectsTotal: row.objectsTotal,
      modified: row.modified,
      error: row.error,
      note: row.note,
      createdAt: now,
    };
    this.#rows.push(whole);
    const full = this.#rows.length >= BATCH_ROWS || now - this.#since >= BATCH_MS;
    return full ? this.flush() : undefined;
  }

  async flush(): Promise<void> {
    if (this.#signal.aborted) throw new AppError('transfer.cancelled');
    const { store, groups, onRows } = this.#deps;
    const paused = groups.get(this.#group.id)?.paused === true;
    store.plan(
      paused
        ? this.#rows.map((row) =>
            row.state === 'queued' ? { ...row, state: 'paused' as const } : row,
          )
        : this.#rows,
    );
    this.#rows = [];
    onRows(this.#group.connectionId);
    const most = this.#deps.maxOpenRows ?? MAX_OPEN_ROWS;
    while ((store.tally.group(this.#group.id)?.open ?? 0) > most) {
      await sleep(50, this.#signal);
    }
    // Lets requests and the window have their turn between two batches.
    await sleep(0, this.#signal);
  }
}
