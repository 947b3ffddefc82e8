import type { ConnectionId, GroupId, TransferId } from '../../../shared/domain/ids.ts';
import type {
  ConflictAnswer,
  ConflictInfo,
  TransferKind,
  TransferRow,
  TransferState,
  WaitReason,
} from '../../../shared/domain/transfer.ts';
import type { SerializedAppError } from '../../../shared/errors/app-error.ts';
import type { SqlRow, SqlValue } from './database.ts';

/** 0: small files, deletes and moves. 1: large files, which hold a slot for long. */
export type Lane = 0 | 1;

/** What was decided about an existing target; empty: nothing yet. */
export type StoredAnswer =
  | ''
  | Exclude<
      ConflictAnswer,
      'skip' | 'cancel' | 'continue-upload' | 'start-anew' | 'discard-upload'
    >;

/** A row of the table `transfers`. Changed only through the transfer store. */
export interface StoredTransfer {
  readonly id: TransferId;
  readonly groupId: GroupId;
  readonly kind: TransferKind;
  state: TransferState;
  lane: Lane;
  readonly connectionId: ConnectionId;
  name: string;
  readonly bucket: string;
  key: string;
  readonly targetBucket: string | null;
  targetKey: string | null;
  localPath: string | null;
  bytesTotal: number | null;
  bytesDone: number;
  objectsTotal: number | null;
  objectsDone: number;
  /** ms since 1970 of the source, when known. */
  modified: number | null;
  attempt: number;
  waitReason: WaitReason | null;
  waitUntil: number | null;
  conflict: ConflictInfo | null;
  answer: StoredAnswer;
  error: SerializedAppError | null;
  integrity: string;
  note: string;
  readonly createdAt: number;
  finishedAt: number | null;
}

/** A row to insert: `failed` for what cannot be read, `skipped` for what is no file. */
export interface NewTransfer {
  readonly groupId: GroupId;
  readonly kind: TransferKind;
  readonly state: 'queued' | 'paused' | 'failed' | 'skipped';
  readonly lane: Lane;
  readonly connectionId: ConnectionId;
  readonly name: string;
  readonly bucket: string;
  readonly key: string;
  readonly targetBucket?: string | undefined;
  readonly targetKey?: string | undefined;
  readonly localPath?: string | undefined;
  /** Local path as the file system compares it; for downloads. */
  readonly fold?: string | undefined;
  readonly bytesTotal: number | null;
  readonly objectsTotal: number | null;
  readonly modified?: number | null | undefined;
  readonly error?: SerializedAppError | undefined;
  readonly note?: string | undefined;
  readonly createdAt: number;
}

/** Fields that change after a row was inserted. */
export type TransferPatch = Partial<
  Pick<
    StoredTransfer,
    | 'lane'
    | 'name'
    | 'key'
    | 'targetKey'
    | 'localPath'
    | 'bytesTotal'
    | 'bytesDone'
    | 'objectsTotal'
    | 'objectsDone'
    | 'modified'
    | 'attempt'
    | 'waitReason'
    | 'waitUntil'
    | 'conflict'
    | 'answer'
    | 'error'
    | 'integrity'
    | 'note'
    | 'finishedAt'
  >
>;

/** Where a state stands in the panel: unfinished first. */
export const STATE_RANK: Readonly<Record<TransferState, number>> = {
  running: 0,
  waiting: 1,
  queued: 2,
  paused: 3,
  failed: 4,
  cancelled: 5,
  skipped: 5,
  done: 5,
};

/** Reads a table row. */
export function readTransfer(row: SqlRow): StoredTransfer {
  return {
    id: row['id'] as TransferId,
    groupId: row['group_id'] as GroupId,
    kind: row['kind'] as TransferKind,
    state: row['state'] as TransferState,
    lane: row['lane'] as Lane,
    connectionId: row['connection_id'] as ConnectionId,
    name: row['name'] as string,
    bucket: row['bucket'] as string,
    key: row['key'] as string,
    targetBucket: row['target_bucket'] as string | null,
    targetKey: row['target_key'] as string | null,
    localPath: row['local_path'] as string | null,
    bytesTotal: row['bytes_total'] as number | null,
    bytesDone: row['bytes_done'] as number,
    objectsTotal: row['objects_total'] as number | null,
    objectsDone: row['objects_done'] as number,
    modified: row['modified'] as number | null,
    attempt: row['attempt'] as number,
    waitReason: row['wait_reason'] as WaitReason | null,
    waitUntil: row['wait_until'] as number | null,
    conflict: parse(row['conflict']) as ConflictInfo | null,
    answer: row['answer'] as StoredAnswer,
    error: parse(row['error']) as SerializedAppError | null,
    integrity: row['integrity'] as string,
    note: row['note'] as string,
    createdAt: row['created_at'] as number,
    finishedAt: row['finished_at'] as number | null,
  };
}

/** The columns that {@link readTransferColumns} reads. */
export const TRANSFER_COLUMNS = `id, group_id, kind, state, lane, connection_id, name, bucket,
  key, target_bucket, target_key, local_path, bytes_total, bytes_done, objects_total,
  objects_done, modified, attempt, wait_reason, wait_until, conflict, answer, error,
  integrity, note, created_at, finished_at`;

/** Reads {@link TRANSFER_COLUMNS}, which take half the time that an object of them takes. */
export function readTransferColumns(row: readonly unknown[]): StoredTransfer {
  return {
    id: row[0] as TransferId,
    groupId: row[1] as GroupId,
    kind: row[2] as TransferKind,
    state: row[3] as TransferState,
    lane: row[4] as Lane,
    connectionId: row[5] as ConnectionId,
    name: row[6] as string,
    bucket: row[7] as string,
    key: row[8] as string,
    targetBucket: row[9] as string | null,
    targetKey: row[10] as string | null,
    localPath: row[11] as string | null,
    bytesTotal: row[12] as number | null,
    bytesDone: row[13] as number,
    objectsTotal: row[14] as number | null,
    objectsDone: row[15] as number,
    modified: row[16] as number | null,
    attempt: row[17] as number,
    waitReason: row[18] as WaitReason | null,
    waitUntil: row[19] as number | null,
    conflict: parse(row[20]) as ConflictInfo | null,
    answer: row[21] as StoredAnswer,
    error: parse(row[22]) as SerializedAppError | null,
    integrity: row[23] as string,
    note: row[24] as string,
    createdAt: row[25] as number,
    finishedAt: row[26] as number | null,
  };
}

/** What may change of a row: a patch, and a step's state. */
export type TransferChange = TransferPatch & { readonly state?: TransferState };

const COLUMN: Readonly<Record<keyof TransferChange, string>> = {
  state: 'state = ?, state_rank',
  lane: 'lane',
  name: 'name',
  key: 'key',
  targetKey: 'target_key',
  localPath: 'local_path',
  bytesTotal: 'bytes_total',
  bytesDone: 'bytes_done',
  objectsTotal: 'objects_total',
  objectsDone: 'objects_done',
  modified: 'modified',
  attempt: 'attempt',
  waitReason: 'wait_reason',
  waitUntil: 'wait_until',
  conflict: 'conflict',
  answer: 'answer',
  error: 'error',
  integrity: 'integrity',
  note: 'note',
  finishedAt: 'finished_at',
};

/**
 * The statement for what a change changes, and its values; `null`: nothing. Columns that
 * stay as they are would have their indexes written again.
 */
export function updateOf(
  row: StoredTransfer,
  change: TransferChange,
): { readonly sql: string; readonly values: readonly SqlValue[] } | null {
  let columns = '';
  const values: SqlValue[] = [];
  for (const name of Object.keys(change) as (keyof TransferChange)[]) {
    const value = change[name];
    if (value === undefined || value === row[name]) continue;
    columns += columns === '' ? `${COLUMN[name]} = ?` : `, ${COLUMN[name]} = ?`;
    values.push(
      typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
    );
    if (name === 'state') values.push(STATE_RANK[value as TransferState]);
  }
  if (columns === '') return null;
  values.push(row.id);
  return { sql: `UPDATE transfers SET ${columns} WHERE id = ?`, values };
}

/** How a row that is done ended. */
export type TransferEnd = Required<
  Pick<TransferPatch, 'finishedAt' | 'bytesDone' | 'objectsDone' | 'integrity'>
> &
  Pick<TransferPatch, 'note'>;

/**
 * Writes {@link finishValues}: the same text for thousands of rows. The other columns that
 * an end clears must be clear already.
 */
export const FINISH_TRANSFER = `UPDATE transfers SET state = 'done',
  state_rank = ${STATE_RANK.done}, bytes_done = ?, objects_done = ?, integrity = ?,
  finished_at = ? WHERE id = ?`;

/** The values of {@link FINISH_TRANSFER}, in order. */
export function finishValues(id: TransferId, end: TransferEnd): readonly SqlValue[] {
  return [end.bytesDone, end.objectsDone, end.integrity, end.finishedAt, id];
}

/** Inserts a row unless the group has it already, so that planning can start over. */
export const INSERT_TRANSFER = `INSERT OR IGNORE INTO transfers (group_id, kind, state,
  state_rank, lane, connection_id, name, bucket, key, target_bucket, target_key,
  local_path, fold, bytes_total, objects_total, modified, error, note, created_at,
  finished_at, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** The values of {@link INSERT_TRANSFER}, in order. */
export function insertValues(row: NewTransfer, position: number): readonly SqlValue[] {
  return [
    row.groupId,
    row.kind,
    row.state,
    STATE_RANK[row.state],
    row.lane,
    row.connectionId,
    row.name,
    row.bucket,
    row.key,
    row.targetBucket ?? null,
    row.targetKey ?? null,
    row.localPath ?? null,
    row.fold ?? null,
    row.bytesTotal,
    row.objectsTotal,
    row.modified ?? null,
    row.error === undefined ? null : JSON.stringify(row.error),
    row.note ?? '',
    row.createdAt,
    row.state === 'failed' || row.state === 'skipped' ? row.createdAt : null,
    position,
  ];
}

/** As the window sees it. */
export function toTransferRow(
  row: StoredTransfer,
  live: { readonly bytesDone: number; readonly speed: number } | undefined,
): TransferRow {
  return {
    id: row.id,
    groupId: row.groupId,
    kind: row.kind,
    state: row.state,
    connectionId: row.connectionId,
    name: row.name,
    bucket: row.bucket,
    key: row.key,
    targetBucket: row.targetBucket,
    targetKey: row.targetKey,
    localPath: row.localPath,
    bytesTotal: row.bytesTotal,
    bytesDone: live?.bytesDone ?? row.bytesDone,
    objectsTotal: row.objectsTotal,
    objectsDone: row.objectsDone,
    speed: live?.speed ?? 0,
    attempt: row.attempt,
    waitReason: row.waitReason,
    waitUntil: row.waitUntil,
    conflict: row.conflict,
    error: row.error,
    integrity: row.integrity,
    note: row.note,
    createdAt: row.createdAt,
    finishedAt: row.finishedAt,
  };
}

function parse(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : null;
}
