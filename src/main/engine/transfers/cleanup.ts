import { rmSync } from 'node:fs';
import type { TransferId } from '../../../shared/domain/ids.ts';
import type { TransferState } from '../../../shared/domain/transfer.ts';
import type { CopyStore } from '../database/copy-store.ts';
import type { PartStore } from '../database/part-store.ts';
import type { StoredTransfer } from '../database/stored-transfer.ts';
import type { TransferStore } from '../database/transfer-store.ts';
import { removeTemp, tempPath } from '../files/local-target.ts';
import type { ConnectionRegistry } from '../s3/s3-connection.ts';
import type { Clock } from './clock.ts';
import { settleLostUpload } from './lost-upload.ts';
import { NOTES } from './notes.ts';
import { Patience } from './patience.ts';

/** Longest wait for the server to forget an upload, in ms. */
const ABORT_TIMEOUT_MS = 15_000;

/** What cleaning up needs. */
export interface CleanupDeps {
  readonly store: TransferStore;
  readonly parts: PartStore;
  readonly copies: CopyStore;
  readonly registry: ConnectionRegistry;
  readonly clock: Clock;
  readonly log: (message: string, details: Record<string, unknown>) => void;
}

/**
 * Removes what cancelled transfers left: unfinished uploads on the server and temporary
 * files here. What cannot be removed now (offline, not connected) stays in the journal for
 * the next call.
 */
export class Cleanup {
  readonly #deps: CleanupDeps;
  #last: Promise<void> = Promise.resolve();

  constructor(deps: CleanupDeps) {
    this.#deps = deps;
  }

  /** Cleans up after everything that is cancelled, one run after the other. */
  run(): Promise<void> {
    this.#last = this.#last.then(() => this.#runAll());
    return this.#last;
  }

  /** Removes temporary files too small to have a journal entry, after a crash. */
  removeStrays(interrupted: readonly StoredTransfer[]): void {
    for (const row of interrupted) {
      if (row.kind !== 'download' || row.localPath === null) continue;
      if (this.#deps.parts.download(row.id) !== undefined) continue;
      try {
        // At once: a moment later the row may run again and write to this very file.
        rmSync(tempPath(row.localPath, row.id), { force: true });
      } catch (error) {
        this.#deps.log('A temporary file could not be removed.', {
          error: String(error),
        });
      }
    }
  }

  async #runAll(): Promise<void> {
    for (const id of this.#deps.parts.leftovers()) {
      try {
        await this.#cleanOne(id);
      } catch (error) {
        this.#deps.log('A cancelled transfer could not be cleaned up yet.', {
          id,
          error: String(error),
        });
      }
    }
  }

  async #cleanOne(id: TransferId): Promise<void> {
    const { store, parts, copies, registry, clock } = this.#deps;
    const row = store.get(id);
    // It may have been tried again in the meantime.
    if (row === undefined || !isOver(row.state)) return;
    const upload = parts.upload(id);
    if (upload !== undefined) {
      const place = copies.target(row.groupId);
      const connection = registry.get(place?.connectionId ?? row.connectionId);
      if (connection === undefined) return;
      using patience = new Patience(undefined, ABORT_TIMEOUT_MS);
      const { signal } = patience;
      const target = {
        bucket: row.targetBucket ?? row.bucket,
        key: row.targetKey ?? row.key,
      };
      if (upload.uploadId === '') {
        const now = (): number => clock.now();
        const input = { connection, parts, target, upload, now, request: atOnce, signal };
        const outcome = await settleLostUpload(input);
        if (outcome === 'unsure') store.update(row, { note: NOTES.uploadLeft });
      } else {
        await connection.abortUpload({ ...target, uploadId: upload.uploadId, signal });
      }
    }
    const download = parts.download(id);
    if (download !== undefined) await removeTemp(download.tempPath);
    const now = store.get(id);
    // Tried again and given up again meanwhile: what that began is for the next call.
    const same = parts.upload(id)?.uploadId === upload?.uploadId;
    if (now !== undefined && isOver(now.state) && same) {
      parts.forget(id);
      copies.forget(id);
      store.update(now, { bytesDone: 0 });
    }
  }
}

function atOnce<T>(work: () => Promise<T>): Promise<T> {
  return work();
}

function isOver(state: TransferState): boolean {
  return state === 'cancelled' || state === 'skipped';
}
