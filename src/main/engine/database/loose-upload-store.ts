import type { ConnectionId } from '../../../shared/domain/ids.ts';
import type { ClockLead } from '../s3/server-clock.ts';
import type { Database } from './database.ts';

/** An upload in parts that belongs to no transfer: a rewrite of a large object's headers. */
export interface LooseUpload {
  readonly connectionId: ConnectionId;
  readonly bucket: string;
  readonly key: string;
  /** Empty: it was asked for and the answer did not come. */
  readonly uploadId: string;
  /** When it was asked for, ms since 1970. */
  readonly beganAt: number;
  /** When the answer came, or until when it may have come, ms since 1970. */
  readonly endedAt: number;
  /** What was known of the server's clock when it was asked for. */
  readonly clock: ClockLead | null;
}

/** The table `loose_uploads`: what must not stay on a server when the engine dies. */
export interface LooseUploadStore {
  /** On the disk when it returns; `id`: in place of that one. Answers its id. */
  save(upload: LooseUpload, id: number | null): number;
  /** It is over. */
  remove(id: number): void;
  list(): readonly (LooseUpload & { readonly id: number })[];
}

/** Opens the store. */
export function openLooseUploadStore(database: Database): LooseUploadStore {
  return {
    save(upload, id) {
      const { connectionId, bucket, key, uploadId, beganAt, endedAt, clock } = upload;
      const { lastId } = database.run(
        'INSERT OR REPLACE INTO loose_uploads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        id,
        connectionId,
        bucket,
        key,
        uploadId,
        beganAt,
        endedAt,
        clock?.least ?? null,
        clock?.most ?? null,
      );
      database.flush();
      return lastId;
    },
    remove(id) {
      database.run('DELETE FROM loose_uploads WHERE id = ?', id);
    },
    list: () =>
      database.all('SELECT * FROM loose_uploads ORDER BY id').map((row) => ({
        id: row['id'] as number,
        connectionId: row['connection_id'] as ConnectionId,
        bucket: row['bucket'] as string,
        key: row['key'] as string,
        uploadId: row['upload_id'] as string,
        beganAt: row['began_at'] as number,
        endedAt: row['ended_at'] as number,
        clock: readLead(row),
      })),
  };
}

function readLead(row: Readonly<Record<string, unknown>>): ClockLead | null {
  const { clock_least: least, clock_most: most } = row;
  return typeof least === 'number' && typeof most === 'number' ? { least, most } : null;
}
