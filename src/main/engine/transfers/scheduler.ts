import type { ConnectionId, TransferId } from '../../../shared/domain/ids.ts';
import { AppError, serializeError } from '../../../shared/errors/app-error.ts';
import type { Lane, StoredTransfer } from '../database/stored-transfer.ts';
import { createDiskPace } from '../files/disk-pace.ts';
import type { S3Connection } from '../s3/s3-connection.ts';
import { areKeysRefused } from './credential-hold.ts';
import { TransferMeter } from './progress.ts';
import { decideRetry } from './retry-policy.ts';
import type { RunOutcome } from './run-context.ts';
import { runTransfer } from './run-transfer.ts';
import type { SchedulerDeps, TransferLimits } from './scheduler-deps.ts';

/** Why a task was told to stop. */
type Intent = 'pause' | 'cancel' | 'interrupt';

const WEIGHT: Readonly<Record<Intent, number>> = { interrupt: 0, pause: 1, cancel: 2 };

interface Task {
  readonly row: StoredTransfer;
  readonly lane: Lane;
  readonly connection: S3Connection;
  readonly controller: AbortController;
  readonly meter: TransferMeter;
  /** Bytes done when it began: more at its end is progress, and resets the attempts. */
  readonly startBytes: number;
  intent: Intent | undefined;
  done: Promise<void>;
}

/** Samples of speed, per ms. */
const SAMPLE_MS = 250;

/**
 * Gives slots to queued rows. The queue is the table: only what runs is in memory. Large
 * files hold at most half of the slots, so small ones always move; a large file gets the
 * next free slot of its half, so it never waits for thousands of small ones.
 */
export class Scheduler {
  readonly #deps: SchedulerDeps;
  readonly #tasks = new Map<TransferId, Task>();
  readonly #connections = new Set<ConnectionId>();
  readonly #disk = createDiskPace(() => performance.now());
  #limits: TransferLimits = { maxTransfers: 8, partsPerTransfer: 4 };
  #pumpQueued = false;
  #stopped = false;
  #alarm: NodeJS.Timeout | undefined;
  #sampler: NodeJS.Timeout | undefined;

  constructor(deps: SchedulerDeps) {
    this.#deps = deps;
  }

  get limits(): TransferLimits {
    return this.#limits;
  }

  setLimits(limits: TransferLimits): void {
    this.#limits = limits;
    this.kick();
  }

  /** Rows of this connection may be queued. */
  knowConnection(connectionId: ConnectionId): void {
    this.#connections.add(connectionId);
    this.kick();
  }

  /** Looks for work soon. */
  kick(): void {
    if (this.#pumpQueued || this.#stopped) return;
    this.#pumpQueued = true;
    setImmediate(() => {
      this.#pumpQueued = false;
      this.#pump();
    });
  }

  *meters(): Generator<readonly [TransferId, TransferMeter]> {
    for (const [id, task] of this.#tasks) yield [id, task.meter];
  }

  /** The row of a running transfer, the one object that may be changed. */
  running(id: TransferId): StoredTransfer | undefined {
    return this.#tasks.get(id)?.row;
  }

  meter(id: TransferId): TransferMeter | undefined {
    return this.#tasks.get(id)?.meter;
  }

  /** Ids of running transfers that fit. */
  runningIds(fits: (row: StoredTransfer) => boolean): readonly TransferId[] {
    return [...this.#tasks.values()]
      .filter((task) => fits(task.row))
      .map((task) => task.row.id);
  }

  /** Stops running transfers and waits until they have. */
  async halt(ids: readonly TransferId[], intent: Intent): Promise<void> {
    const tasks = ids.flatMap((id) => this.#tasks.get(id) ?? []);
    for (const task of tasks) {
      // Quitting or pausing must not bring back what the user cancelled.
      if (WEIGHT[intent] > WEIGHT[task.intent ?? 'interrupt']) task.intent = intent;
      task.intent ??= intent;
      task.controller.abort();
    }
    await Promise.all(tasks.map((task) => task.done));
  }

  /** Resumes running transfers that are about to pause. */
  unpause(fits: (row: StoredTransfer) => boolean): void {
    for (const task of this.#tasks.values()) {
      if (task.intent === 'pause' && fits(task.row)) task.intent = 'interrupt';
    }
  }

  /** A connection was configured, replaced or forgotten. */
  connectionChanged(connectionId: ConnectionId): void {
    const { registry, gateOf, hold } = this.#deps;
    const now = registry.get(connectionId);
    const stale = this.runningIds((row) => {
      if (row.connectionId !== connectionId) return false;
      return this.#tasks.get(row.id)?.connection !== now;
    });
    void this.halt(stale, 'interrupt');
    // The same keys again would only be refused again.
    const held = hold.holds(connectionId, now);
    if (!held) hold.release(connectionId);
    if (now === undefined) return;
    gateOf(connectionId).reopen();
    if (!held) this.#wake(connectionId, 'credentials');
    this.#wake(connectionId, 'offline');
  }

  /** The user wants what waits for new keys tried with the old ones; `null`: all. */
  tryHeld(connectionIds: readonly ConnectionId[] | null): void {
    const { hold } = this.#deps;
    for (const connectionId of connectionIds ?? hold.ids()) {
      if (hold.release(connectionId)) this.#wake(connectionId, 'credentials');
    }
  }

  #wake(connectionId: ConnectionId, reason: 'credentials' | 'offline'): void {
    this.#deps.store.stepAll('wake', {
      sql: 'AND wait_reason = ? AND connection_id = ?',
      values: [reason, connectionId],
    });
    this.knowConnection(connectionId);
  }

  /** Stops everything; running rows are queued again. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#alarm);
    clearInterval(this.#sampler);
    await this.halt([...this.#tasks.keys()], 'interrupt');
  }

  #pump(): void {
    if (this.#stopped) return;
    const { store, clock } = this.#deps;
    store.wakeDue(clock.now());
    while (this.#tasks.size < this.#limits.maxTransfers) {
      const next = this.#next();
      if (next === undefined) break;
      this.#start(next.row, next.connection);
    }
    this.#armWake();
  }

  #next(): { row: StoredTransfer; connection: S3Connection } | undefined {
    const large = this.#count((task) => task.lane === 1);
    const half = Math.max(1, Math.floor(this.#limits.maxTransfers / 2));
    const lanes: readonly Lane[] = large < half ? [1, 0] : [0];
    for (const lane of lanes) {
      // The connection with the fewest running transfers comes first.
      const order = [...this.#connections].sort(
        (a, b) => this.#countOf(a) - this.#countOf(b),
      );
      for (const connectionId of order) {
        const found = this.#nextOf(connectionId, lane);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  #nextOf(
    connectionId: ConnectionId,
    lane: Lane,
  ): { row: StoredTransfer; connection: S3Connection } | undefined {
    const { store, registry, gateOf, clock, hold } = this.#deps;
    const connection = registry.get(connectionId);
    if (connection === undefined) {
      this.#park(connectionId);
      this.#connections.delete(connectionId);
      return undefined;
    }
    if (hold.holds(connectionId, connection)) {
      this.#park(connectionId);
      return undefined;
    }
    const gate = gateOf(connectionId);
    // While the server is out of reach a single transfer looks whether it is back.
    if (gate.isDown && gate.downUntil > clock.now()) return undefined;
    if (gate.isDown && this.#countOf(connectionId) > 0) return undefined;
    const row = store.nextRunnable(connectionId, lane, (id) => this.#tasks.has(id));
    return row === undefined ? undefined : { row, connection };
  }

  #park(connectionId: ConnectionId): void {
    this.#deps.store.stepAll(
      'wait',
      { sql: 'AND connection_id = ?', values: [connectionId] },
      `, wait_reason = 'credentials'`,
    );
  }

  #count(fits: (task: Task) => boolean): number {
    let count = 0;
    for (const task of this.#tasks.values()) if (fits(task)) count += 1;
    return count;
  }

  #countOf(connectionId: ConnectionId): number {
    return this.#count((task) => task.row.connectionId === connectionId);
  }

  #start(row: StoredTransfer, connection: S3Connection): void {
    const { store, clock } = this.#deps;
    store.step(row, 'start');
    const task: Task = {
      row,
      lane: row.lane,
      connection,
      controller: new AbortController(),
      meter: new TransferMeter(clock.now(), row.bytesDone),
      startBytes: row.bytesDone,
      intent: undefined,
      done: Promise.resolve(),
    };
    this.#tasks.set(row.id, task);
    this.#sampler ??= setInterval(() => this.#sample(), SAMPLE_MS);
    task.done = this.#run(task);
  }

  async #run(task: Task): Promise<void> {
    const { row } = task;
    let outcome: RunOutcome | undefined;
    let error: unknown;
    let refused = false;
    try {
      outcome = await this.#runRow(task);
    } catch (thrown) {
      error = thrown;
      const { connection, controller } = task;
      refused = await areKeysRefused(thrown, connection, row.bucket, controller.signal);
    }
    this.#tasks.delete(row.id);
    if (this.#tasks.size === 0) {
      clearInterval(this.#sampler);
      this.#sampler = undefined;
    }
    try {
      // A question that came up while it was being stopped need not be asked.
      const asks = outcome?.kind === 'conflict' && task.intent !== undefined;
      if (outcome !== undefined && !asks) this.#finish(row, outcome);
      else if (task.intent !== undefined) this.#obey(row, task.intent);
      else this.#fail(task, error, refused);
      this.#deps.onSettled(row);
    } catch (defect) {
      this.#deps.log('A transfer could not be settled.', { error: String(defect) });
    }
    this.kick();
  }

  async #runRow(task: Task): Promise<RunOutcome> {
    const { row, connection, meter, controller } = task;
    const { store, groups, parts, gateOf, existing, rules, clock, random } = this.#deps;
    const group = groups.get(row.groupId);
    if (group === undefined)
      throw new AppError('internal', { params: { missing: 'group' } });
    return runTransfer({
      row,
      group,
      connection,
      store,
      parts,
      gate: gateOf(row.connectionId),
      meter,
      existing,
      rules,
      clock,
      disk: this.#disk,
      random,
      partsAtOnce: () => this.#limits.partsPerTransfer,
      signal: controller.signal,
    });
  }

  #finish(row: StoredTransfer, outcome: RunOutcome): void {
    const { store, clock } = this.#deps;
    const finishedAt = clock.now();
    switch (outcome.kind) {
      case 'done':
        store.step(row, 'finish', {
          finishedAt,
          bytesDone: row.bytesTotal ?? row.bytesDone,
          objectsDone: Math.max(row.objectsDone, row.objectsTotal ?? 0),
          integrity: outcome.integrity,
          error: null,
          conflict: null,
          ...(outcome.note === undefined ? {} : { note: outcome.note }),
        });
        return;
      case 'skipped':
        store.step(row, 'skip', { finishedAt, error: null, conflict: null });
        return;
      case 'conflict':
        // "For all" may have been answered since this row asked.
        if (this.#deps.groups.get(row.groupId)?.conflict !== 'ask' && row.answer === '') {
          store.step(row, 'interrupt');
          return;
        }
        store.step(row, 'wait', { waitReason: 'conflict', conflict: outcome.info });
    }
  }

  #obey(row: StoredTransfer, intent: Intent): void {
    const { store, clock } = this.#deps;
    if (intent === 'cancel') {
      store.step(row, 'cancel', { finishedAt: clock.now() });
      this.#deps.onCancelled(row);
      return;
    }
    // A step that was cut short may have taken effect: the next run must look first.
    store.step(row, intent, { attempt: Math.max(1, row.attempt) });
  }

  #fail(task: Task, thrown: unknown, refused: boolean): void {
    const { row } = task;
    const { store, clock, random, gateOf, hold, log } = this.#deps;
    if (!(thrown instanceof AppError)) {
      const stack = thrown instanceof Error ? thrown.stack : String(thrown);
      log('A transfer failed unexpectedly.', { id: row.id, stack });
    }
    const error =
      thrown instanceof AppError ? thrown : new AppError('internal', { cause: thrown });
    const advanced = row.bytesDone > task.startBytes;
    const attempt = advanced ? 1 : row.attempt + 1;
    const decision = refused
      ? ({ kind: 'credentials' } as const)
      : decideRetry(error, attempt, random);
    const patch = { attempt, error: serializeError(error) };
    // Not being let in, or not getting there, is nobody's failed attempt.
    const kept = Math.max(1, row.attempt);
    switch (decision.kind) {
      case 'fail':
        store.step(row, 'fail', { ...patch, finishedAt: clock.now(), integrity: '' });
        return;
      case 'credentials':
        if (refused) hold.add(row.connectionId, task.connection);
        store.step(row, 'wait', { ...patch, attempt: kept, waitReason: 'credentials' });
        return;
      case 'offline': {
        const waitUntil = gateOf(row.connectionId).goDown();
        store.step(row, 'wait', {
          ...patch,
          attempt: kept,
          waitReason: 'offline',
          waitUntil,
        });
        return;
      }
      case 'backoff': {
        const waitUntil = clock.now() + decision.delayMs;
        store.step(row, 'wait', { ...patch, waitReason: 'backoff', waitUntil });
      }
    }
  }

  #armWake(): void {
    clearTimeout(this.#alarm);
    const { store, clock, gateOf } = this.#deps;
    let at = store.nextWake() ?? Number.POSITIVE_INFINITY;
    for (const connectionId of this.#connections) {
      const { downUntil } = gateOf(connectionId);
      if (downUntil > clock.now()) at = Math.min(at, downUntil);
    }
    if (at === Number.POSITIVE_INFINITY) return;
    this.#alarm = setTimeout(() => this.kick(), Math.max(10, at - clock.now()));
    this.#alarm.unref();
  }

  #sample(): void {
    const now = this.#deps.clock.now();
    for (const { meter } of this.#tasks.values()) meter.sample(now);
  }
}
