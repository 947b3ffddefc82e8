import { z } from 'zod';
import { LimitKiBs, LimitSchedule } from '../domain/bandwidth.ts';
import { ConnectionDraft } from '../domain/bookmark.ts';
import { TestReport } from '../domain/connection-test.ts';
import { ConnectionId, LocalPath, TransferId } from '../domain/ids.ts';
import { Receipt } from '../domain/receipt.ts';
import { TransferRow } from '../domain/transfer.ts';
import { VerifyFilter } from '../domain/verify.ts';
import { SerializedAppError } from '../errors/app-error.ts';
import type { ErrorCode } from '../errors/codes.ts';
import { aspects } from './aspects.ts';
import { browse, browseTopics } from './browse.ts';
import { connectionTopics } from './connections.ts';
import { call, namespace } from './define.ts';
import { panel } from './panel.ts';
import { HistoryFilter } from './receipts.ts';
import { requests } from './requests.ts';
import { transfers, transferTopics } from './transfers.ts';
import { verify } from './verify.ts';

/** How an engine exits that cannot write its queue: the disk is full, fails or is locked. */
export const STORAGE_EXIT_CODE = 75;

/** What an engine tells before it ends so; it is tried again until that is over. */
export const NO_STORAGE_CODES: readonly ErrorCode[] = [
  'storage.write-failed',
  'storage.in-use',
];

/** Live credentials in memory. Main to engine only; never stored by the engine. */
export const Credentials = z.strictObject({
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  /** Empty: none. */
  sessionToken: z.string(),
});
export type Credentials = z.infer<typeof Credentials>;

/** A connection ready to use. `credentials` null: anonymous. */
export const EngineConnection = z.strictObject({
  connectionId: ConnectionId,
  draft: ConnectionDraft,
  credentials: Credentials.nullable(),
});
export type EngineConnection = z.infer<typeof EngineConnection>;

const { 'transfers.reveal': _reveal, ...engineTransfers } = transfers;
const { 'verify.export': _export, ...engineVerify } = verify;

/** What only main may ask of the engine. */
const engineOnly = namespace('engine', {
  /** Makes a connection usable, or replaces its settings; waiting transfers go on. */
  configure: call(EngineConnection, z.void()),
  /** Forgets credentials; transfers of that connection wait. */
  forget: call(z.strictObject({ connectionId: ConnectionId }), z.void()),
  /** Connections that unfinished transfers need. */
  pendingConnections: call(z.void(), z.array(ConnectionId)),
  /**
   * Those of them, also of an earlier run, that have neither a bookmark nor keys: nobody
   * needs to be asked before they are configured again.
   */
  keylessConnections: call(z.void(), z.array(EngineConnection)),
  test: call(
    z.strictObject({
      testId: z.string(),
      draft: ConnectionDraft,
      credentials: Credentials.nullable(),
    }),
    TestReport,
  ),
  cancelTest: call(z.strictObject({ testId: z.string() }), z.void()),
  setLimits: call(
    z.strictObject({
      maxTransfers: z.int(),
      partsPerTransfer: z.int(),
      /** Left out: as `maxTransfers`. */
      smallTransfers: z.int().optional(),
      /** What is left out is as in new settings. */
      requestsPerConnection: z.int().optional(),
      uploadLimitKiBs: LimitKiBs.optional(),
      downloadLimitKiBs: LimitKiBs.optional(),
      limitSchedule: LimitSchedule.optional(),
    }),
    z.void(),
  ),
  /** The system lost its network, or has it again: what waits for it goes on at once. */
  setOnline: call(z.strictObject({ online: z.boolean() }), z.void()),
  /** The computer slept: its connections are dead, what ran over them goes on anew. */
  resumed: call(z.void(), z.void()),
  transfer: call(z.strictObject({ id: TransferId }), TransferRow.nullable()),
  receipt: call(z.strictObject({ id: TransferId }), Receipt.nullable()),
  /** Writes receipts to a CSV file at `path`. */
  exportHistory: call(
    z.strictObject({ filter: HistoryFilter, path: LocalPath }),
    z.strictObject({ rows: z.int() }),
  ),
  /** Writes what a verification found to a CSV file at `path`. */
  exportVerification: call(
    z.strictObject({ verifyId: z.string(), filter: VerifyFilter, path: LocalPath }),
    z.strictObject({ rows: z.int() }),
  ),
  /** Downloads items into `folder` at once, outside the queue; returns top-level paths. */
  stage: call(
    z.strictObject({
      connectionId: ConnectionId,
      bucket: z.string(),
      basePrefix: z.string(),
      items: z.array(z.strictObject({ key: z.string(), folder: z.boolean() })),
      folder: z.string(),
      /** Refuse with `transfer.too-large` beyond so many bytes. */
      maxBytes: z.number(),
    }),
    z.strictObject({ paths: z.array(z.string()) }),
  ),
  /** Stops within five seconds: aborts requests, flushes, closes. Running becomes queued. */
  stop: call(z.void(), z.void()),
});

/** The contract between main and the transfer engine. */
export const engineContract = {
  calls: {
    ...browse,
    ...engineTransfers,
    ...requests,
    ...engineVerify,
    ...panel,
    ...aspects,
    ...engineOnly,
  },
  topics: {
    ...transferTopics,
    ...browseTopics,
    'connections.testProgress': connectionTopics['connections.testProgress'],
    /** Something the user should hear, such as a queue that had to be replaced. */
    'engine.notice': SerializedAppError,
    /** Structured log lines, already free of secrets. */
    'engine.log': z.strictObject({
      level: z.enum(['debug', 'info', 'warn', 'error']),
      message: z.string(),
      details: z.record(z.string(), z.unknown()),
    }),
  },
} as const;
export type EngineCalls = typeof engineContract.calls;
export type EngineTopics = typeof engineContract.topics;
