import type { TransferId } from '../../../shared/domain/ids.ts';
import type { FileIdentity } from '../files/file-identity.ts';
import type { StoredPart, UploadChecksum } from '../s3/s3-connection.ts';
import type { ClockLead } from '../s3/server-clock.ts';
import type { Database } from './database.ts';

/** A row of the table `uploads`: a multipart upload the server keeps for us. */
export interface StoredUpload {
  /** Empty: it was asked for and the answer did not come. */
  readonly uploadId: string;
  readonly partSize: number;
  readonly partCount: number;
  /** Empty: none. */
  readonly checksumAlgorithm: UploadChecksum;
  readonly sourceSize: number;
  /** Nanoseconds since 1970. */
  readonly sourceMtimeNs: bigint;
  /** Also in the object's metadata, to know our own object again. */
  readonly retryId: string;
  /** When it was asked for, ms since 1970. */
  readonly beganAt: number;
  /** When the answer came, or until when it may have come, ms since 1970. */
  readonly endedAt: number;
  /** What was known of the server's clock when it was asked for. */
  readonly clock: ClockLead | null;
}

/** A row of the table `downloads`: a temporary file that can be gone on with. */
export interface StoredDownload {
  readonly tempPath: string;
  readonly etag: string;
  readonly size: number;
  readonly partSize: number;
}

/** A row of the table `publications`: a downloaded file that is about to get its name. */
export interface StoredPublication {
  readonly file: FileIdentity;
  /** How its content was checked. */
  readonly integrity: string;
  readonly etag: string;
}

/**
 * The tables `uploads`, `downloads`, `parts` and `publications`: what a transfer has behind
 * it.
 */
export class PartStore {
  readonly #database: Database;
  /** Transfers known to have a publication. */
  readonly #published = new Set<TransferId>();

  constructor(database: Database) {
    this.#database = database;
  }

  upload(id: TransferId): StoredUpload | undefined {
    // As text: nanoseconds do not fit a double.
    const row = this.#database.get(
      `SELECT upload_id, part_size, part_count, checksum_algorithm, source_size,
        CAST(source_mtime_ns AS TEXT) AS mtime, retry_id, began_at, ended_at,
        clock_least, clock_most FROM uploads WHERE transfer_id = ?`,
      id,
    );
    if (row === undefined) return undefined;
    return {
      uploadId: row['upload_id'] as string,
      partSize: row['part_size'] as number,
      partCount: row['part_count'] as number,
      checksumAlgorithm: row['checksum_algorithm'] as UploadChecksum,
      sourceSize: row['source_size'] as number,
      sourceMtimeNs: BigInt(row['mtime'] as string),
      retryId: row['retry_id'] as string,
      beganAt: row['began_at'] as number,
      endedAt: row['ended_at'] as number,
      clock: readLead(row),
    };
  }

  /** Written and committed before the first part is sent. */
  saveUpload(id: TransferId, upload: StoredUpload): void {
    this.forget(id);
    this.#database.run(
      `INSERT INTO uploads (transfer_id, upload_id, part_size, part_count,
        checksum_algorithm, source_size, source_mtime_ns, retry_id, began_at, ended_at,
        clock_least, clock_most) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      id,
      upload.uploadId,
      upload.partSize,
      upload.partCount,
      upload.checksumAlgorithm,
      upload.sourceSize,
      upload.sourceMtimeNs,
      upload.retryId,
      upload.beganAt,
      upload.endedAt,
      upload.clock?.least ?? null,
      upload.clock?.most ?? null,
    );
    this.#database.flush();
  }

  /** Whether a transfer of ours, or a rewrite of headers, owns this upload. */
  knowsUpload(uploadId: string): boolean {
    const sql = `SELECT 1 AS hit FROM uploads WHERE upload_id = ?1
      UNION ALL SELECT 1 FROM loose_uploads WHERE upload_id = ?1`;
    return this.#database.get(sql, uploadId) !== undefined;
  }

  download(id: TransferId): StoredDownload | undefined {
    const row = this.#database.get(
      'SELECT temp_path, etag, size, part_size FROM downloads WHERE transfer_id = ?',
      id,
    );
    if (row === undefined) return undefined;
    return {
      tempPath: row['temp_path'] as string,
      etag: row['etag'] as string,
      size: row['size'] as number,
      partSize: row['part_size'] as number,
    };
  }

  saveDownload(id: TransferId, download: StoredDownload): void {
    this.forget(id);
    this.#database.run(
      'INSERT INTO downloads VALUES (?, ?, ?, ?, ?)',
      id,
      download.tempPath,
      download.etag,
      download.size,
      download.partSize,
    );
  }

  /** Finished parts by number. */
  parts(id: TransferId): readonly StoredPart[] {
    return this.#database
      .all(
        `SELECT number, size, etag, checksum FROM parts WHERE transfer_id = ?
          ORDER BY number`,
        id,
      )
      .map((row) => ({
        number: row['number'] as number,
        size: row['size'] as number,
        etag: row['etag'] as string,
        checksum: row['checksum'] as string,
      }));
  }

  savePart(id: TransferId, part: StoredPart): void {
    this.#database.run(
      'INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?)',
      id,
      part.number,
      part.size,
      part.etag,
      part.checksum,
    );
  }

  publication(id: TransferId): StoredPublication | undefined {
    const row = this.#database.get(
      `SELECT inode, size, modified, integrity, etag FROM publications
        WHERE transfer_id = ?`,
      id,
    );
    if (row === undefined) return undefined;
    this.#published.add(id);
    return {
      file: {
        // As text: the numbers of some file systems do not fit a double.
        inode: BigInt(row['inode'] as string),
        size: row['size'] as number,
        modified: row['modified'] as number,
      },
      integrity: row['integrity'] as string,
      etag: row['etag'] as string,
    };
  }

  /** Written and committed before the file gets its name. */
  savePublication(id: TransferId, { file, integrity, etag }: StoredPublication): void {
    this.#published.add(id);
    this.#database.run(
      'INSERT OR REPLACE INTO publications VALUES (?, ?, ?, ?, ?, ?)',
      id,
      String(file.inode),
      file.size,
      file.modified,
      integrity,
      etag,
    );
    this.#database.flush();
  }

  /** A download is over, and its row says so: its notes are of no use any more. */
  forgetPublished(id: TransferId): void {
    if (this.#published.has(id)) this.forget(id);
  }

  /** What is known of a transfer's parts is true no longer. */
  forget(id: TransferId): void {
    if (this.#published.delete(id)) {
      this.#database.run('DELETE FROM publications WHERE transfer_id = ?', id);
    }
    this.#database.run('DELETE FROM parts WHERE transfer_id = ?', id);
    this.#database.run('DELETE FROM uploads WHERE transfer_id = ?', id);
    this.#database.run('DELETE FROM downloads WHERE transfer_id = ?', id);
  }

  /** Cancelled and skipped transfers that still own something on the server or the disk. */
  leftovers(): readonly TransferId[] {
    return this.#database
      .all(
        `SELECT t.id FROM transfers t WHERE t.state IN ('cancelled', 'skipped') AND t.id IN
          (SELECT transfer_id FROM uploads UNION SELECT transfer_id FROM downloads)`,
      )
      .map((row) => row['id'] as TransferId);
  }
}

function readLead(row: Readonly<Record<string, unknown>>): ClockLead | null {
  const { clock_least: least, clock_most: most } = row;
  return typeof least === 'number' && typeof most === 'number' ? { least, most } : null;
}
