import path from 'node:path';
import type { ConnectionId, GroupId, TransferId } from '../../../shared/domain/ids.ts';
import { MIB } from '../../../shared/domain/part-plan.ts';
import type { TransferRow } from '../../../shared/domain/transfer.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { CopyStore } from '../database/copy-store.ts';
import { EditStore } from '../database/edit-store.ts';
import { GroupStore, type StoredGroup } from '../database/group-store.ts';
import { PartStore } from '../database/part-store.ts';
import { ReceiptStore } from '../database/receipt-store.ts';
import { toTransferRow } from '../database/stored-transfer.ts';
import { TransferStore } from '../database/transfer-store.ts';
import { nameRules } from '../files/safe-name.ts';
import { LinkedAbort } from '../linked-abort.ts';
import { ChangeFeed, firstRevision } from './change-feed.ts';
import { Cleanup } from './cleanup.ts';
import { CredentialHold } from './credential-hold.ts';
import { ExistingKeys } from './existing-keys.ts';
import { GroupWatch } from './group-watch.ts';
import { Panel } from './panel.ts';
import { Planner } from './planner.ts';
import { previewTransfer } from './preview.ts';
import { QueueActions } from './queue-actions.ts';
import { QueueAdditions } from './queue-additions.ts';
import { RequestGate } from './request-gate.ts';
import { COPY_LIMITS } from './run-copy.ts';
import { Scheduler } from './scheduler.ts';
import { Semaphore } from './semaphore.ts';
import { stage } from './stage.ts';
import { TotalsMeter } from './totals.ts';
import { transferDetail } from './transfer-detail.ts';
import type {
  TransferHandlers,
  TransferService,
  TransferServiceDeps,
} from './transfer-service-deps.ts';

/** Bytes of all request bodies in flight. */
const BYTES_IN_FLIGHT = 128 * MIB;
/** Requests of transfers at once over one connection, unless set. */
const DEFAULT_REQUESTS = 16;
/** How long `stop` waits for requests that do not end, in ms. */
const STOP_TIMEOUT_MS = 4_000;

/** Opens the queue of a database and goes on where it stopped. */
export function createTransferService(deps: TransferServiceDeps): TransferService {
  const { database, registry, clock, random } = deps;
  const rules = deps.rules ?? nameRules(process.platform);
  const warn = (message: string, details: Record<string, unknown>): void =>
    deps.log('warn', message, details);

  const stopping = new AbortController();
  const feed = new ChangeFeed(
    {
      row: (id) => row(id) ?? undefined,
      totals: () => totals.read(),
      isShown: (id) => panel.isShown(id),
      groups: () => panel.changed(),
      meters: () => scheduler.meters(),
      emit: (batch) => deps.emit('transfers.changed', batch),
    },
    firstRevision(),
  );
  const store = new TransferStore(database, feed);
  const groups = new GroupStore(database);
  const parts = new PartStore(database);
  const copies = new CopyStore(database);
  const edits = new EditStore(database, store, deps.turns);
  const receipts = new ReceiptStore(database, path.sep);
  const existing = new ExistingKeys();
  const hold = new CredentialHold();
  const bytes = new Semaphore(BYTES_IN_FLIGHT);
  const gates = new Map<ConnectionId, RequestGate>();

  const gateOf = (connectionId: ConnectionId): RequestGate => {
    let gate = gates.get(connectionId);
    if (gate === undefined) {
      gate = new RequestGate({
        requests: requestsOf(connectionId),
        bytes,
        clock,
        random,
        onReopen: () => scheduler.kick(),
        // What a request does cannot be taken back: the journal must know of it first.
        onSend: () => database.flushUrgent(),
      });
      gates.set(connectionId, gate);
    }
    return gate;
  };
  /** Never more requests than sockets: a request must not wait after it was signed. */
  const requestsOf = (connectionId: ConnectionId): number => {
    const sockets = registry.get(connectionId)?.draft.advanced.maxSockets ?? 16;
    const { requestsPerConnection = DEFAULT_REQUESTS } = scheduler.limits;
    // Two stay free for browsing.
    return Math.max(1, Math.min(sockets - 2, requestsPerConnection));
  };
  const refreshGates = (): void => {
    for (const [connectionId, gate] of gates) gate.setRequests(requestsOf(connectionId));
  };

  const cleanup = new Cleanup({ store, parts, copies, registry, clock, log: warn });
  const scheduler: Scheduler = new Scheduler({
    store,
    groups,
    parts,
    copies,
    edits,
    copyLimits: deps.copyLimits ?? COPY_LIMITS,
    receipts,
    registry,
    gateOf,
    existing,
    hold,
    rules,
    clock,
    random,
    bandwidth: deps.bandwidth,
    offlineProbeMs: deps.offlineProbeMs,
    onSettled: (settled) => watch.settled(settled),
    onCancelled: () => void cleanup.run(),
    log: warn,
  });
  const planner: Planner = new Planner({
    store,
    groups,
    copies,
    edits,
    registry,
    hold,
    gateFor: (group) => gateOf(group.connectionId),
    rules,
    clock,
    random,
    maxOpenRows: deps.maxOpenRows,
    onRows: (connectionId) => scheduler.knowConnection(connectionId),
    onPlanned: (groupId) => {
      watch.check(groupId);
      feed.touch();
    },
    onError: (error) => {
      warn('Planning ended early.', { error: String(error) });
      deps.onNotice(
        error instanceof AppError
          ? error
          : new AppError('storage.write-failed', { params: { file: database.path } }),
      );
    },
  });
  const watch: GroupWatch = new GroupWatch({
    store,
    groups,
    copies,
    edits,
    isPlanning: (groupId: GroupId) => planner.isPlanning(groupId),
    existing,
    emit: (payload) => deps.emit('transfers.groupFinished', payload),
    emitProgress: (payload) => deps.emit('transfers.groupProgressed', payload),
    onPrefixChanged: deps.onPrefixChanged,
  });
  const totals = new TotalsMeter({
    tally: store.tally,
    clock,
    meters: () => scheduler.meters(),
    bytesDoneOf: (id) => scheduler.running(id)?.bytesDone ?? 0,
    planning: () => planner.count,
    limits: () => deps.bandwidth?.inForce,
  });
  const actions = new QueueActions({
    store,
    parts,
    groups,
    edits,
    planner,
    scheduler,
    watch,
    cleanup,
    clock,
  });
  const additions = new QueueAdditions({
    store,
    groups,
    copies,
    edits,
    planner,
    registry,
    scheduler,
    clock,
  });

  const row = (id: TransferId): TransferRow | null => {
    const stored = scheduler.running(id) ?? store.get(id);
    if (stored === undefined) return null;
    const meter = scheduler.meter(id);
    return toTransferRow(stored, meter && { bytesDone: meter.bytes, speed: meter.speed });
  };
  const panel = new Panel({
    database,
    store,
    groups,
    copies,
    edits,
    clock,
    planning: () => planner.groupIds(),
    meters: () => scheduler.meters(),
    running: (id) => scheduler.running(id),
    toRow: (stored) => row(stored.id) ?? toTransferRow(stored, undefined),
    revision: () => feed.revision,
  });
  const unsubscribe = registry.onChange((connectionId) => {
    refreshGates();
    scheduler.connectionChanged(connectionId);
    void cleanup.run();
  });

  const planAgain = (group: StoredGroup): void => {
    try {
      planner.start(group, groups.plan(group.id));
    } catch (error) {
      // One plan that cannot be read must not keep the whole queue from starting.
      warn('A plan could not be read.', { groupId: group.id, error: String(error) });
      deps.onNotice(new AppError('storage.corrupt', { params: { groupId: group.id } }));
      groups.setPlanned(group.id);
      watch.check(group.id);
    }
  };

  // Whoever is still missing or out of reach makes them wait again.
  store.stepAll('wake', {
    sql: `AND wait_reason IN ('credentials', 'offline')`,
    values: [],
  });
  for (const group of groups.unfinished()) {
    scheduler.knowConnection(group.connectionId);
    if (group.planned) watch.check(group.id);
    else planAgain(group);
  }
  cleanup.removeStrays(store.interrupted);
  void cleanup.run();

  /** What the user was told "yes" to survives a crash the moment after. */
  function lasting<Q, A>(
    act: (request: Q) => A | Promise<A>,
  ): (request: Q) => Promise<A> {
    return async (request) => {
      const answer = await act(request);
      database.flush();
      return answer;
    };
  }

  const handlers: TransferHandlers = {
    'transfers.upload': lasting((request) => additions.upload(request)),
    'transfers.download': lasting((request) => additions.download(request)),
    'transfers.preview': (request) =>
      previewTransfer({
        request,
        connection: registry.require(request.connectionId),
        rules,
        signal: stopping.signal,
      }),
    'transfers.remove': lasting((request) => additions.remove(request)),
    'transfers.copy': lasting((request) => additions.copy(request, 'copy')),
    'transfers.move': lasting((request) => additions.copy(request, 'move')),
    'aspects.changeMany': lasting((request) => additions.edit(request)),
    'transfers.pause': lasting((which) => actions.pause(which)),
    'transfers.resume': lasting((which) => actions.resume(which)),
    'transfers.cancel': lasting((which) => actions.cancel(which)),
    'transfers.retry': lasting((which) => actions.retry(which)),
    'transfers.reorder': lasting((request) => {
      actions.reorder(request);
      panel.reordered();
    }),
    'transfers.clear': lasting((which) => actions.clear(which)),
    'transfers.answerConflict': lasting((request) => actions.answerConflict(request)),
    'transfers.page': ({ filter, offset, limit }) => {
      const page = store.page(filter, offset, limit);
      const rows = page.rows.map(
        (stored) => row(stored.id) ?? toTransferRow(stored, undefined),
      );
      return { revision: feed.revision, total: page.total, rows };
    },
    'transfers.totals': () => ({ revision: feed.revision, totals: totals.read() }),
    'transfers.nextConflict': () => {
      const next = store.nextConflict();
      return next === undefined ? null : toTransferRow(next, undefined);
    },
    'panel.view': (request) => panel.view(request),
    'panel.reorder': lasting((request) => {
      const move = panel.moveOf(request);
      if (move === undefined) return;
      actions.reorder(move);
      panel.reordered();
    }),
    'panel.detail': ({ id }) => transferDetail(id, store, parts),
  };

  return {
    handlers,
    pendingConnections: () => [
      ...new Set([
        ...groups.unfinished().map((group) => group.connectionId),
        // What was cancelled while its server was out of reach is still to be cleaned up.
        ...copies.openTargets(),
        ...parts.leftovers().flatMap((id) => {
          const left = store.get(id);
          if (left === undefined) return [];
          return copies.target(left.groupId)?.connectionId ?? left.connectionId;
        }),
      ]),
    ],
    setLimits: (limits) => {
      scheduler.setLimits(limits);
      refreshGates();
    },
    limitsChanged: () => feed.touch(),
    setOnline: (online) => scheduler.setOnline(online),
    resumed: () => scheduler.resumed(),
    receipts,
    gateOf,
    transfer: row,
    stage: async (request, signal) => {
      const connection = registry.require(request.connectionId);
      using abort = new LinkedAbort(stopping.signal, ...(signal ? [signal] : []));
      const paths = await stage({
        ...request,
        connection,
        gate: gateOf(request.connectionId),
        rules,
        random,
        signal: abort.signal,
      });
      return { paths: [...paths] };
    },
    stop: async () => {
      unsubscribe();
      stopping.abort();
      const halted = Promise.all([planner.stop(), scheduler.stop()]);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, STOP_TIMEOUT_MS);
      });
      await Promise.race([halted, late]);
      clearTimeout(timer);
      watch.stop();
      feed.stop();
      store.settle();
      database.flush();
    },
  };
}
