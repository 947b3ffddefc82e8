import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { LooseUploadStore } from '../database/loose-upload-store.ts';
import type { PartStore } from '../database/part-store.ts';
import type { ConnectionRegistry, ObjectRef } from '../s3/s3-connection.ts';
import type { Begun } from '../transfers/journaled-create.ts';
import { settleLostUpload } from '../transfers/lost-upload.ts';
import { Patience } from '../transfers/patience.ts';

/** Longest wait for the server to forget an upload, in ms. */
const ABORT_TIMEOUT_MS = 15_000;

/** Where a rewrite in parts notes its upload, so that nobody has to know of it but this. */
export interface UploadJournal {
  /** ms since 1970. */
  readonly now: () => number;
  /** On the disk when it returns. */
  save(begun: Begun): void;
  /** There is no such upload any more. */
  forget(): void;
}

/** What {@link LooseUploads} needs. */
export interface LooseUploadsDeps {
  readonly store: LooseUploadStore;
  readonly parts: Pick<PartStore, 'knowsUpload'>;
  readonly registry: ConnectionRegistry;
  /** ms since 1970. */
  readonly now: () => number;
  readonly log: (message: string, details: Record<string, unknown>) => void;
}

/**
 * Uploads in parts that belong to no transfer. Each is in the journal before it is asked
 * for; what an engine that died, or one without a network, has left open on a server is
 * ended as soon as its connection is there again. An object keeps the headers it had then:
 * nobody waits for the new ones any more.
 */
export class LooseUploads implements Disposable {
  readonly #deps: LooseUploadsDeps;
  readonly #inUse = new Set<number>();
  readonly #unsubscribe: () => void;
  readonly #stopping = new AbortController();
  #last: Promise<void> = Promise.resolve();

  constructor(deps: LooseUploadsDeps) {
    this.#deps = deps;
    this.#unsubscribe = deps.registry.onChange(() => void this.cleanUp());
  }

  /** Runs `work` with a journal for one upload; what it leaves there is ended later. */
  async during<T>(
    place: { readonly connectionId: ConnectionId } & ObjectRef,
    work: (journal: UploadJournal) => Promise<T>,
  ): Promise<T> {
    const { store, now } = this.#deps;
    const { connectionId, bucket, key } = place;
    let id: number | null = null;
    try {
      return await work({
        now,
        save: ({ uploadId, beganAt, endedAt, clock }) => {
          const upload = { uploadId, beganAt, endedAt, clock };
          id = store.save({ connectionId, bucket, key, ...upload }, id);
          this.#inUse.add(id);
        },
        forget: () => {
          if (id !== null) store.remove(id);
        },
      });
    } finally {
      if (id !== null) this.#inUse.delete(id);
    }
  }

  /** Connections whose servers may still keep an upload. */
  pendingConnections(): readonly ConnectionId[] {
    return this.#deps.store.list().map(({ connectionId }) => connectionId);
  }

  /** Ends what was left; what cannot be ended now stays for the next time. */
  cleanUp(): Promise<void> {
    this.#last = this.#last.then(() => this.#endAll());
    return this.#last;
  }

  [Symbol.dispose](): void {
    this.#unsubscribe();
    this.#stopping.abort(new AppError('transfer.cancelled'));
  }

  async #endAll(): Promise<void> {
    const { store, log } = this.#deps;
    if (this.#stopping.signal.aborted) return;
    for (const upload of store.list()) {
      if (this.#inUse.has(upload.id)) continue;
      try {
        await this.#endOne(upload);
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        log('An upload that was left on the server could not be ended yet.', {
          bucket: upload.bucket,
          error: String(error),
        });
      }
    }
  }

  async #endOne(upload: ReturnType<LooseUploadStore['list']>[number]): Promise<void> {
    const { store, parts, registry, now } = this.#deps;
    const { id, connectionId, bucket, key, uploadId } = upload;
    const connection = registry.get(connectionId);
    if (connection === undefined) return;
    using patience = new Patience(undefined, ABORT_TIMEOUT_MS);
    const signal = AbortSignal.any([patience.signal, this.#stopping.signal]);
    const target = { bucket, key };
    try {
      if (uploadId === '') {
        await settleLostUpload({
          connection,
          parts,
          target,
          upload,
          now,
          request: atOnce,
          signal,
        });
      } else await connection.abortUpload({ ...target, uploadId, signal });
    } catch (error) {
      const gone = error instanceof AppError && error.code === 'bucket.not-found';
      if (!gone) throw error;
    }
    if (!this.#stopping.signal.aborted) store.remove(id);
  }
}

function atOnce<T>(work: () => Promise<T>): Promise<T> {
  return work();
}
