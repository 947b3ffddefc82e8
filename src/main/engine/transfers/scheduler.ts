import type { ConnectionId, TransferId } from '../../../shared/domain/ids.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Lane, StoredTransfer } from '../database/stored-transfer.ts';
import { createDiskPace } from '../files/disk-pace.ts';
import type { S3Connection } from '../s3/s3-connection.ts';
import { peerOf } from './copy-job.ts';
import type { SilentServers } from './copy-traits.ts';
import { areKeysRefused } from './credential-hold.ts';
import { BATCH_ROWS, deleteTogether } from './delete-batch.ts';
import { FarServers, isFar } from './far-servers.ts';
import { type FreeSlots, freeSlots, isSmallFile } from './free-slots.ts';
import { TransferMeter } from './progress.ts';
import { RowSettler } from './row-settler.ts';
import type { RunOutcome } from './run-context.ts';
import { runTransfer } from './run-transfer.ts';
import type { SchedulerDeps, TransferLimits } from './scheduler-deps.ts';
import { type Intent, stopTask, type Task, TaskList } from './scheduler-task.ts';

/** A limit of less than this, KiB per second, is not worth another part at once. */
const KIBS_PER_STREAM = 256;
type Runnable = Pick<Task, 'row' | 'connection'>;
/** Samples of speed, per ms. */
const SAMPLE_MS = 250;

/**
 * Gives slots to queued rows. The queue is the table: only what runs is in memory. A large
 * file gets the next free slot of its half, so it never waits for thousands of small ones.
 */
export class Scheduler {
  readonly #deps: SchedulerDeps;
  readonly #settler: RowSettler;
  /** What servers would not tell copies. */
  readonly #silent: SilentServers = new WeakMap();
  readonly #tasks = new TaskList();
  readonly #connections = new Set<ConnectionId>();
  readonly #far: FarServers;
  readonly #disk = createDiskPace(() => performance.now());
  #limits: TransferLimits = { maxTransfers: 8, partsPerTransfer: 4 };
  #pumpQueued = false;
  #stopped = false;
  /** Rows that were shown as waiting for the network. */
  #parked = 0;
  #alarm: NodeJS.Timeout | undefined;
  #sampler: NodeJS.Timeout | undefined;

  constructor(deps: SchedulerDeps) {
    this.#deps = deps;
    this.#settler = new RowSettler(deps);
    this.#far = new FarServers({
      gateOf: deps.gateOf,
      // What waits for the network goes there, too.
      onAnswer: (connectionId) => this.#wake(connectionId, 'offline'),
      probeMs: deps.offlineProbeMs,
    });
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
    for (const task of this.#tasks.values()) yield [task.row.id, task.meter];
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
    const fitting = this.#tasks.values().filter(({ row }) => fits(row));
    return fitting.map(({ row }) => row.id);
  }

  /** Stops running transfers and waits until they have. */
  async halt(ids: readonly TransferId[], intent: Intent): Promise<void> {
    const tasks = ids.flatMap((id) => this.#tasks.get(id) ?? []);
    for (const task of tasks) stopTask(task, intent);
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
    const { registry, gateOf, hold, copies } = this.#deps;
    const now = registry.get(connectionId);
    const stale = this.runningIds((row) => {
      // A copy that goes there begins its request anew with the other keys.
      if (copies.target(row.groupId)?.connectionId === connectionId) return true;
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

  /**
   * The system has no network: what runs stops and waits. It is back: all goes on at
   * once. Servers on this computer are tried either way, others now and then: the system
   * may be wrong, as it knows little of tunnels and networks of one's own.
   */
  setOnline(online: boolean): void {
    if (online === this.#far.online) return;
    this.#far.online = online;
    if (online) {
      this.#parked = 0;
      this.#goOnAll();
      return;
    }
    const cut = this.#tasks.values().filter((task) => isFar(task.connection));
    for (const { row, connection } of cut) this.#far.isAway(row.connectionId, connection);
    void this.halt(
      cut.map((task) => task.row.id),
      'offline',
    );
  }

  /** The computer slept: no answer of before is worth waiting for. */
  resumed(): void {
    void this.halt(this.#tasks.ids(), 'interrupt');
    this.#goOnAll();
  }

  /** What waits for the network is tried at once. */
  #goOnAll(): void {
    const { store, gateOf } = this.#deps;
    for (const connectionId of this.#connections) gateOf(connectionId).reopen();
    store.stepAll('wake', { sql: `AND wait_reason = 'offline'`, values: [] });
    this.kick();
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
      sql: `AND wait_reason = ? AND (connection_id = ? OR group_id IN
        (SELECT group_id FROM copy_targets WHERE connection_id = ?))`,
      values: [reason, connectionId, connectionId],
    });
    this.knowConnection(connectionId);
  }

  /** Stops everything; running rows are queued again. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#alarm);
    clearInterval(this.#sampler);
    await this.halt(this.#tasks.ids(), 'interrupt');
  }

  #pump(): void {
    if (this.#stopped) return;
    const { store, clock } = this.#deps;
    store.wakeDue(clock.now());
    for (;;) {
      const free = freeSlots(this.#tasks.values(), this.#limits);
      const next = free && this.#next(free);
      if (next === undefined) break;
      this.#start(next.row, next.connection);
    }
    this.#armWake();
  }

  #next({ lanes, smallOnly }: FreeSlots): Runnable | undefined {
    for (const lane of lanes) {
      for (const connectionId of this.#leastBusyFirst()) {
        const found = this.#nextOf(connectionId, lane);
        if (found === undefined || (smallOnly && !isSmallFile(found.row))) continue;
        return found;
      }
    }
    return undefined;
  }

  /** The connection with the fewest running transfers comes first. */
  #leastBusyFirst(): Iterable<ConnectionId> {
    if (this.#connections.size < 2) return this.#connections;
    return [...this.#connections].sort((a, b) => this.#countOf(a) - this.#countOf(b));
  }

  #nextOf(connectionId: ConnectionId, lane: Lane): Runnable | undefined {
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
    const isAway = this.#far.isAway(connectionId, connection);
    const isLater = gate.isDown && gate.downUntil > clock.now();
    if (isLater && (!isAway || this.#parked >= this.#limits.maxTransfers)) {
      return undefined;
    }
    if (gate.isDown && this.#countOf(connectionId) > 0) return undefined;
    const row = store.nextRunnable(connectionId, lane, (id) => this.#tasks.has(id));
    if (row === undefined) return undefined;
    if (!isLater) {
      if (isAway) this.#parked = 0;
      return { row, connection };
    }
    // As many as would run show why nothing does; the others wait behind them.
    this.#parked += 1;
    store.step(row, 'wait', { waitReason: 'offline', waitUntil: gate.downUntil });
    this.kick();
    return undefined;
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
    const { store, gateOf, random } = this.#deps;
    const tasks = [row, ...store.alike(row, BATCH_ROWS - 1)].map((each) =>
      this.#open(each, connection),
    );
    const alone = (task: Task): Promise<RunOutcome> => this.#runRow(task);
    const gate = gateOf(row.connectionId);
    const work = tasks.length > 1 ? deleteTogether(tasks, { gate, random }) : alone;
    this.#sampler ??= setInterval(() => this.#sample(), SAMPLE_MS);
    for (const task of tasks) task.done = this.#run(task, work);
  }

  #open(row: StoredTransfer, connection: S3Connection): Task {
    const { store, clock } = this.#deps;
    store.step(row, 'start');
    const task: Task = {
      row,
      lane: row.lane,
      connection,
      controller: new AbortController(),
      meter: new TransferMeter(clock.now(), row.bytesDone),
      startBytes: row.bytesDone,
      receipt: { startedAt: clock.now() },
      intent: undefined,
      done: Promise.resolve(),
    };
    this.#tasks.add(task);
    return task;
  }

  async #run(task: Task, work: (task: Task) => Promise<RunOutcome>): Promise<void> {
    const { row } = task;
    let outcome: RunOutcome | undefined;
    let error: unknown;
    let refused = false;
    try {
      outcome = await work(task);
    } catch (thrown) {
      error = thrown;
      const { connection, controller } = task;
      const peer = peerOf(thrown);
      const other = peer && this.#deps.registry.get(peer);
      const bucket = peer === undefined ? row.bucket : (row.targetBucket ?? '');
      refused = await areKeysRefused(
        thrown,
        other ?? connection,
        bucket,
        controller.signal,
      );
    }
    this.#tasks.delete(row.id);
    if (this.#tasks.size === 0) {
      clearInterval(this.#sampler);
      this.#sampler = undefined;
    }
    try {
      // A question that came up while it was being stopped need not be asked.
      const asks = outcome?.kind === 'conflict' && task.intent !== undefined;
      if (outcome !== undefined && !asks) this.#settler.finish(task, outcome);
      else if (task.intent !== undefined) this.#settler.obey(row, task.intent);
      else this.#settler.fail(task, error, refused);
      this.#deps.onSettled(row);
    } catch (defect) {
      this.#deps.log('A transfer could not be settled.', { error: String(defect) });
    }
    this.kick();
  }

  #runRow(task: Task): Promise<RunOutcome> {
    const { row, connection, meter, controller } = task;
    const { store, groups, parts, copies, edits, registry, gateOf } = this.#deps;
    const { existing, rules, clock, random, copyLimits } = this.#deps;
    const group = groups.get(row.groupId);
    if (group === undefined)
      throw new AppError('internal', { params: { missing: 'group' } });
    return runTransfer({
      row,
      receipt: task.receipt,
      group,
      connection,
      store,
      parts,
      copies,
      edits,
      silent: this.#silent,
      copyLimits,
      peer: (id) => ({ connection: registry.require(id), gate: gateOf(id) }),
      gate: gateOf(row.connectionId),
      meter,
      existing,
      rules,
      clock,
      disk: this.#disk,
      random,
      partsAtOnce: () => Math.min(this.#limits.partsPerTransfer, this.#streamsOf(row)),
      signal: controller.signal,
    });
  }

  /** Parts that share a thin line all take long, and all are lost in a crash. */
  #streamsOf({ connectionId, kind }: StoredTransfer): number {
    const traffic = this.#deps.bandwidth?.of(connectionId);
    const limit = kind === 'download' ? traffic?.down.limit : traffic?.up.limit;
    return Math.max(1, Math.floor((limit ?? Number.POSITIVE_INFINITY) / KIBS_PER_STREAM));
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
