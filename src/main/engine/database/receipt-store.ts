import type { HistoryFilter } from '../../../shared/contract/receipts.ts';
import type { ConnectionId, TransferId } from '../../../shared/domain/ids.ts';
import type { Receipt } from '../../../shared/domain/receipt.ts';
import type { TransferKind } from '../../../shared/domain/transfer.ts';
import type { Database, SqlRow, SqlValue } from './database.ts';

/** Receipts kept: the newest. */
const KEPT = 1_000_000;
/** Receipts after which old ones are looked for. */
const PRUNE_EVERY = 10_000;
/** Rows read at a time when all are walked. */
const PAGE = 1_000;

/** A row of the table `receipt_places`. */
interface Place {
  readonly connectionId: string;
  readonly bucket: string;
  readonly folder: string;
  readonly id: number;
}

/**
 * The table `receipts`: what was done, long after its row was cleared. Kept small: the
 * folder that files have in common stands once in `receipt_places`, the rest of a local
 * path is the end of the key, and an ETag that is an MD5 sum takes its 16 bytes.
 */
export class ReceiptStore {
  readonly #database: Database;
  readonly #separator: string;
  readonly #kept: number;
  /** Ids of places, by what they are. Bounded: cleared when it grows. */
  readonly #places = new Map<string, number>();
  /** Files of a folder come one after the other. */
  #last: Place | undefined;
  #sincePrune = 0;

  /** `separator`: of local paths here. */
  constructor(database: Database, separator: string, kept = KEPT) {
    this.#database = database;
    this.#separator = separator;
    this.#kept = kept;
  }

  /** Writes a receipt, committed with what whoever calls has written. */
  add(id: TransferId, receipt: Receipt): void {
    const { key, localPath } = receipt;
    const shared = localPath === null ? -1 : sharedEnd(key, localPath, this.#separator);
    const folder =
      localPath === null ? '' : localPath.slice(0, localPath.length - shared);
    this.#database.defer(INSERT, [
      id,
      receipt.kind,
      this.#place(receipt.connectionId, receipt.bucket, folder),
      key,
      shared,
      receipt.size,
      receipt.modified,
      receipt.integrity,
      receipt.checksums,
      receipt.partSize,
      packEtag(receipt.etag),
      receipt.versionId,
      receipt.startedAt,
      receipt.finishedAt,
    ]);
    this.#sincePrune += 1;
    if (this.#sincePrune >= PRUNE_EVERY) this.prune();
  }

  /**
   * Runs `work` so that its writes outlive a crash together or not at all. No request waits
   * for them: what a crash takes is found out again.
   */
  together(work: () => void): void {
    this.#database.unhurried(() => this.#database.together(work));
  }

  /** The receipt of a transfer. */
  get(id: TransferId): Receipt | undefined {
    const row = this.#database.get(`${SELECT} WHERE r.transfer_id = ?`, id);
    return row === undefined ? undefined : this.#read(row);
  }

  /** Receipts of an object, newest first. */
  ofObject(connectionId: ConnectionId, bucket: string, key: string): readonly Receipt[] {
    return this.#database
      .all(
        `${SELECT} WHERE p.connection_id = ? AND p.bucket = ? AND r.key = ?
          ORDER BY r.transfer_id DESC LIMIT 20`,
        connectionId,
        bucket,
        key,
      )
      .map((row) => this.#read(row));
  }

  /** All of a filter, oldest first, page by page. */
  *walk(filter: HistoryFilter): Generator<readonly Receipt[]> {
    const text = filter.text.toLowerCase();
    const kind: readonly SqlValue[] = filter.kind === null ? [] : [filter.kind];
    for (let after = 0; ; ) {
      const rows = this.#database.all(
        `${SELECT} WHERE r.transfer_id > ? ${kind.length === 0 ? '' : 'AND r.kind = ?'}
          ORDER BY r.transfer_id LIMIT ${PAGE}`,
        after,
        ...kind,
      );
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last['transfer_id'] as number;
      const page = rows.map((row) => this.#read(row));
      yield text === ''
        ? page
        : page.filter(({ key, localPath }) =>
            `${key}\n${localPath ?? ''}`.toLowerCase().includes(text),
          );
    }
  }

  /** Forgets all but the newest. */
  prune(): void {
    this.#sincePrune = 0;
    this.#database.run(
      `DELETE FROM receipts WHERE transfer_id <=
        (SELECT transfer_id FROM receipts ORDER BY transfer_id DESC LIMIT 1 OFFSET ?)`,
      this.#kept,
    );
  }

  #place(connectionId: string, bucket: string, folder: string): number {
    const last = this.#last;
    if (
      last?.folder === folder &&
      last.bucket === bucket &&
      last.connectionId === connectionId
    ) {
      return last.id;
    }
    const id = this.#placeId(connectionId, bucket, folder);
    this.#last = { connectionId, bucket, folder, id };
    return id;
  }

  #placeId(connectionId: string, bucket: string, folder: string): number {
    const name = JSON.stringify([connectionId, bucket, folder]);
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    const values = [connectionId, bucket, folder];
    this.#database.run(
      `INSERT OR IGNORE INTO receipt_places (connection_id, bucket, folder)
        VALUES (?, ?, ?)`,
      ...values,
    );
    const row = this.#database.get(
      `SELECT id FROM receipt_places WHERE connection_id = ? AND bucket = ?
        AND folder = ?`,
      ...values,
    );
    const id = row?.['id'] as number;
    if (this.#places.size >= 256) this.#places.clear();
    this.#places.set(name, id);
    return id;
  }

  #read(row: SqlRow): Receipt {
    const key = row['key'] as string;
    const shared = row['shared'] as number;
    const end = shared <= 0 ? '' : key.slice(-shared);
    return {
      kind: row['kind'] as TransferKind,
      connectionId: row['connection_id'] as ConnectionId,
      bucket: row['bucket'] as string,
      key,
      localPath:
        shared < 0
          ? null
          : `${row['folder'] as string}${end.replaceAll('/', this.#separator)}`,
      size: row['size'] as number,
      modified: row['modified'] as number | null,
      integrity: row['integrity'] as string,
      checksums: row['checksums'] as string,
      partSize: row['part_size'] as number,
      etag: unpackEtag(row['etag']),
      versionId: row['version_id'] as string | null,
      startedAt: row['started_at'] as number,
      finishedAt: row['finished_at'] as number,
    };
  }
}

// Not INSERT OR REPLACE, which looks for what it replaces in every index.
const INSERT = `INSERT INTO receipts (transfer_id, kind, place_id, key, shared,
  size, modified, integrity, checksums, part_size, etag, version_id, started_at,
  finished_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (transfer_id) DO UPDATE SET kind = excluded.kind,
  place_id = excluded.place_id, key = excluded.key, shared = excluded.shared,
  size = excluded.size, modified = excluded.modified, integrity = excluded.integrity,
  checksums = excluded.checksums, part_size = excluded.part_size, etag = excluded.etag,
  version_id = excluded.version_id, started_at = excluded.started_at,
  finished_at = excluded.finished_at`;

const SELECT = `SELECT r.*, p.connection_id, p.bucket, p.folder FROM receipts r
  JOIN receipt_places p ON p.id = r.place_id`;

/** How many characters at its end the local path has from the key, in whole names. */
function sharedEnd(key: string, localPath: string, separator: string): number {
  let shared = 0;
  for (let length = 1; length <= key.length && length <= localPath.length; length += 1) {
    const ours = localPath[localPath.length - length];
    const theirs = key[key.length - length];
    const bound = ours === separator && theirs === '/';
    if (!bound && (ours !== theirs || theirs === '/')) break;
    if (bound) shared = length - 1;
    // All of the key, standing behind a separator of ours.
    if (length === key.length && localPath[localPath.length - length - 1] === separator) {
      shared = length;
    }
  }
  return shared;
}

function packEtag(etag: string): SqlValue {
  return /^[0-9a-f]{32}$/.test(etag) ? Buffer.from(etag, 'hex') : etag;
}

function unpackEtag(value: unknown): string {
  return value instanceof Uint8Array
    ? Buffer.from(value).toString('hex')
    : (value as string);
}
