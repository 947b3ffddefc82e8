import type { Handlers, PayloadOf, ResponseOf } from '../../../shared/contract/define.ts';
import type { EngineCalls } from '../../../shared/contract/engine.ts';
import type { transferTopics } from '../../../shared/contract/transfers.ts';
import type { ConnectionId, TransferId } from '../../../shared/domain/ids.ts';
import type { RemoteItem } from '../../../shared/domain/listing.ts';
import type { TransferRow } from '../../../shared/domain/transfer.ts';
import type { AppError } from '../../../shared/errors/app-error.ts';
import type { ObjectTurns } from '../aspects/object-turns.ts';
import type { Bandwidth } from '../bandwidth/bandwidth.ts';
import type { Database } from '../database/database.ts';
import type { ReceiptStore } from '../database/receipt-store.ts';
import type { NameRules } from '../files/safe-name.ts';
import type { ConnectionRegistry } from '../s3/s3-connection.ts';
import type { Clock } from './clock.ts';
import type { RequestGate } from './request-gate.ts';
import type { CopyLimits } from './run-copy.ts';
import type { TransferLimits } from './scheduler-deps.ts';

/** The calls of the engine contract that this service answers. */
export type TransferCallName = Extract<
  keyof EngineCalls,
  `transfers.${string}` | `panel.${string}` | 'aspects.changeMany'
>;
/** Their handlers. */
export type TransferHandlers = Pick<Handlers<EngineCalls>, TransferCallName>;

/** What the service needs from outside. */
export interface TransferServiceDeps {
  readonly database: Database;
  /** Shared with whoever else changes settings of objects. */
  readonly turns: ObjectTurns;
  readonly registry: ConnectionRegistry;
  readonly clock: Clock;
  /** Numbers from 0 up to 1. */
  readonly random: () => number;
  readonly emit: <T extends keyof typeof transferTopics>(
    topic: T,
    payload: PayloadOf<typeof transferTopics, T>,
  ) => void;
  /** What lies under this prefix changed: forget cached listings. */
  readonly onPrefixChanged: (
    connectionId: ConnectionId,
    bucket: string,
    prefix: string,
  ) => void;
  /** Something went wrong that no row can show. */
  readonly onNotice: (error: AppError) => void;
  readonly log: (
    level: 'debug' | 'info' | 'warn' | 'error',
    message: string,
    details: Record<string, unknown>,
  ) => void;
  /** Bandwidth limits that hold; default: none. */
  readonly bandwidth?: Pick<Bandwidth, 'of' | 'inForce'> | undefined;
  /** Default: those of S3. */
  readonly copyLimits?: CopyLimits;
  /** See {@link SchedulerDeps}; tests lower it. ms. */
  readonly offlineProbeMs?: number | undefined;
  /** Rows of a group that may wait before its planning pauses; tests lower it. */
  readonly maxOpenRows?: number | undefined;
  /** Default: this computer's. */
  readonly rules?: NameRules;
}

/** The queue and everything that moves it. */
export interface TransferService {
  readonly handlers: TransferHandlers;
  /** Connections that unfinished transfers need. */
  pendingConnections(): ConnectionId[];
  readonly receipts: ReceiptStore;
  /** The door of a connection, for requests outside the queue. */
  gateOf(connectionId: ConnectionId): RequestGate;
  setLimits(limits: TransferLimits): void;
  /** The bandwidth limits in force are others: the window hears of them. */
  limitsChanged(): void;
  /** The system lost its network, or has it again. */
  setOnline(online: boolean): void;
  /** The computer slept. */
  resumed(): void;
  transfer(id: TransferId): TransferRow | null;
  /** Downloads outside the queue; see the contract. Throws `AppError`. */
  stage(
    request: StageRequest,
    signal?: AbortSignal,
  ): Promise<ResponseOf<EngineCalls, 'engine.stage'>>;
  /** Stops within five seconds; running rows are queued again. Does not close the database. */
  stop(): Promise<void>;
}

/** The request of `engine.stage`. */
export interface StageRequest {
  readonly connectionId: ConnectionId;
  readonly bucket: string;
  readonly basePrefix: string;
  readonly items: readonly RemoteItem[];
  readonly folder: string;
  readonly maxBytes: number;
}
