import type { Handlers, PayloadOf } from '../../shared/contract/define.ts';
import type { EngineCalls, EngineTopics } from '../../shared/contract/engine.ts';
import type { ConnectionId } from '../../shared/domain/ids.ts';
import { Settings } from '../../shared/domain/settings.ts';
import { serializeError } from '../../shared/errors/app-error.ts';
import type { CallContext } from '../rpc/serve-contract.ts';
import { createAspectHandlers } from './aspects/aspect-service.ts';
import { LooseUploads } from './aspects/loose-uploads.ts';
import { ObjectTurns } from './aspects/object-turns.ts';
import { createBandwidth } from './bandwidth/bandwidth.ts';
import { testConnection } from './connection-test/connection-test.ts';
import { backUpWithin } from './database/back-up.ts';
import { openEarlierStore } from './database/earlier-store.ts';
import { openFactBook } from './database/fact-store.ts';
import { lockJournal } from './database/journal-lock.ts';
import { openKeylessStore } from './database/keyless-store.ts';
import { openLooseUploadStore } from './database/loose-upload-store.ts';
import { openDatabase } from './database/open-database.ts';
import { PartStore } from './database/part-store.ts';
import { exportHistory } from './history/export-history.ts';
import { LinkedAbort } from './linked-abort.ts';
import { createBrowser } from './listing/browser.ts';
import { createRequestLog } from './requests/request-log.ts';
import { createConnectionRegistry } from './s3/registry.ts';
import type { Clock } from './transfers/clock.ts';
import { createTransferService } from './transfers/transfer-service.ts';
import type { TransferCallName } from './transfers/transfer-service-deps.ts';
import { createVerifyService, type VerifyCallName } from './verify/verify-service.ts';

/** How long the end of an engine may take until its queue is copied, ms: it has five seconds. */
const COPIED_MS = 4_000;

/** Tells main something unasked. */
export type EngineEmit = <N extends keyof EngineTopics>(
  topic: N,
  payload: PayloadOf<EngineTopics, N>,
) => void;

/** The engine as its entry and in-process tests see it. */
export interface Engine {
  readonly handlers: Handlers<EngineCalls, CallContext>;
  /** Stops within five seconds; running transfers are queued again. Twice is fine. */
  stop(): Promise<void>;
}

/** Options of {@link createEngine}. */
export interface EngineOptions {
  /** File of the queue's database; made if it is not there. */
  readonly databasePath: string;
  readonly clock: Clock;
  /** Numbers from 0 up to 1. */
  readonly random: () => number;
  /**
   * The journal cannot be written, which was told. What is in memory must not go on: a new
   * engine begins with what the file has.
   */
  readonly onBroken?: () => void;
}

/**
 * Puts the engine together and goes on with the queue of its database. Throws
 * `storage.write-failed` when that cannot be opened or replaced, `storage.in-use` when
 * another engine has it.
 */
export function createEngine(options: EngineOptions, emit: EngineEmit): Engine {
  const lock = lockJournal(options.databasePath);
  try {
    return createLockedEngine(options, emit, lock);
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

function createLockedEngine(
  options: EngineOptions,
  emit: EngineEmit,
  lock: Disposable,
): Engine {
  const { clock, random } = options;
  const log = (
    level: PayloadOf<EngineTopics, 'engine.log'>['level'],
    message: string,
    details: Record<string, unknown>,
  ): void => emit('engine.log', { level, message, details });

  const now = (): number => clock.now();
  const { database, notice } = openDatabase(options.databasePath, now);
  database.onBroken((error) => {
    log('error', 'The queue cannot be written.', { cause: String(error.cause) });
    emit('engine.notice', serializeError(error));
    options.onBroken?.();
  });
  if (notice !== null) {
    log('warn', 'The queue had to be replaced.', { ...notice.params });
    emit('engine.notice', serializeError(notice));
  }

  const bandwidth = createBandwidth({
    now,
    monotonic: () => performance.now(),
    onChange: () => transfers.limitsChanged(),
  });
  const requestLog = createRequestLog();
  const registry = createConnectionRegistry({
    now,
    facts: openFactBook(database, now),
    requestLog,
    bandwidth,
    onRegion: (bucket, region) => log('info', 'Learnt a region.', { bucket, region }),
    onFallback: (reason) => log('info', 'Requests go over the SDK.', { reason }),
  });
  const browser = createBrowser({
    registry,
    now,
    onCounting: (progress) => emit('browse.counting', progress),
  });
  const turns = new ObjectTurns();
  const transfers = createTransferService({
    database,
    turns,
    registry,
    clock,
    random,
    bandwidth,
    emit,
    onNotice: (error) => emit('engine.notice', serializeError(error)),
    onPrefixChanged: (...changed) => browser.invalidate(...changed),
    log,
  });
  const verifications = createVerifyService({
    registry,
    receipts: transfers.receipts,
    gateOf: (connectionId) => transfers.gateOf(connectionId),
    random,
  });
  const uploads = new LooseUploads({
    store: openLooseUploadStore(database),
    parts: new PartStore(database),
    registry,
    now,
    log: (message, details) => log('warn', message, details),
  });
  const aspects = createAspectHandlers({
    registry,
    connections: () => registry.all(),
    earlier: openEarlierStore(database, now),
    uploads,
    turns,
    requestLog,
    now,
    onObjectChanged: (...changed) => browser.invalidate(...changed),
  });
  const keyless = openKeylessStore(database);
  const tests = new Map<string, AbortController>();
  let stopped: Promise<void> | null = null;

  /** A clean end is the moment when a copy is known to be good. */
  async function copyQueue(ms: number): Promise<void> {
    try {
      if (await backUpWithin(database, ms)) return;
      log('warn', 'The queue was not copied: there was no time.', { ms });
    } catch (error) {
      log('warn', 'The queue could not be copied.', { cause: String(error) });
    }
  }

  async function stopOnce(): Promise<void> {
    const began = performance.now();
    for (const controller of tests.values()) controller.abort();
    browser.stop();
    uploads[Symbol.dispose]();
    await Promise.all([transfers.stop(), verifications.stop()]);
    bandwidth.stop();
    registry.destroy();
    await copyQueue(COPIED_MS - (performance.now() - began));
    try {
      database.close();
    } finally {
      lock[Symbol.dispose]();
    }
  }

  function pendingConnections(): ConnectionId[] {
    const ids = [...transfers.pendingConnections(), ...uploads.pendingConnections()];
    return [...new Set(ids)];
  }

  function stop(): Promise<void> {
    stopped ??= stopOnce();
    return stopped;
  }

  const handlers: Handlers<EngineCalls, CallContext> = {
    ...browser.handlers,
    // They take no context: what they start outlives the call.
    ...(transfers.handlers as unknown as Pick<
      Handlers<EngineCalls, CallContext>,
      TransferCallName
    >),
    ...(verifications.handlers as unknown as Pick<
      Handlers<EngineCalls, CallContext>,
      VerifyCallName
    >),
    ...aspects,
    'requests.page': (request) => requestLog.page(request),
    'requests.clear': () => requestLog.clear(),
    'engine.receipt': ({ id }) => transfers.receipts.get(id) ?? null,
    'engine.exportHistory': async ({ filter, path }) => ({
      rows: await exportHistory(transfers.receipts, filter, path),
    }),
    'engine.configure': (connection) => {
      registry.configure(connection);
      keyless.note(connection);
    },
    'engine.forget': ({ connectionId }) => {
      registry.forget(connectionId);
      keyless.forget(connectionId);
    },
    'engine.pendingConnections': pendingConnections,
    'engine.keylessConnections': () => [...keyless.list(pendingConnections())],
    'engine.test': async ({ testId, draft, credentials }, context) => {
      const controller = new AbortController();
      tests.set(testId, controller);
      using abort = new LinkedAbort(controller.signal, context.signal);
      try {
        return await testConnection({
          draft,
          credentials,
          now,
          signal: abort.signal,
          onStage: (stage) => emit('connections.testProgress', { testId, stage }),
        });
      } finally {
        if (tests.get(testId) === controller) tests.delete(testId);
      }
    },
    'engine.cancelTest': ({ testId }) => tests.get(testId)?.abort(),
    'engine.setLimits': (limits) => {
      const usual = Settings.parse({});
      const { maxTransfers, smallTransfers, partsPerTransfer } = limits;
      const {
        requestsPerConnection = usual.requestsPerConnection,
        uploadLimitKiBs = 0,
        downloadLimitKiBs = 0,
        limitSchedule = usual.limitSchedule,
      } = limits;
      transfers.setLimits({
        maxTransfers,
        smallTransfers,
        partsPerTransfer,
        requestsPerConnection,
      });
      bandwidth.setLimits({ uploadLimitKiBs, downloadLimitKiBs, limitSchedule });
    },
    'engine.setOnline': ({ online }) => {
      transfers.setOnline(online);
      if (online) void uploads.cleanUp();
    },
    'engine.resumed': () => {
      transfers.resumed();
      registry.dropSockets();
    },
    'engine.transfer': ({ id }) => transfers.transfer(id),
    'engine.stage': (request, { signal }) => transfers.stage(request, signal),
    'engine.stop': () => stop(),
  };
  return { handlers, stop };
}
