import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import type { UploadRules } from '../../../shared/domain/upload-rules.ts';
import type { VerifyReason, VerifyStatus } from '../../../shared/domain/verify.ts';
import { AppError, serializeError } from '../../../shared/errors/app-error.ts';
import type { ReceiptStore } from '../database/receipt-store.ts';
import { localError } from '../files/local-error.ts';
import { walk } from '../files/walk.ts';
import type { S3Connection } from '../s3/s3-connection.ts';
import { compareObject } from '../transfers/compare-object.ts';
import { isSameTime } from '../transfers/object-time.ts';
import { runPool } from '../transfers/pool.ts';
import { walkRemote } from '../transfers/remote-walk.ts';
import type { RequestGate } from '../transfers/request-gate.ts';
import { withPartRetries } from '../transfers/run-context.ts';
import { type Pair, type Verdict, VerifyStore } from './verify-store.ts';

/** Files compared at once: reading and hashing share one processor. */
const AT_ONCE = 3;

/** What a verification needs. */
export interface VerificationInput {
  readonly connectionId: ConnectionId;
  readonly connection: S3Connection;
  readonly gate: RequestGate;
  readonly receipts: ReceiptStore;
  readonly bucket: string;
  /** Empty, or ending in `/`. */
  readonly prefix: string;
  readonly folder: string;
  /** Numbers from 0 up to 1. */
  readonly random: () => number;
}

/**
 * Holds a local folder against a prefix: one listing, one walk, and for each name on both
 * sides a receipt, a checksum or the ETag. Reads only.
 */
export class Verification implements Disposable {
  readonly store = new VerifyStore();
  readonly #input: VerificationInput;
  readonly #controller = new AbortController();
  readonly #rules: UploadRules;
  readonly #root: string;
  #state: VerifyStatus['state'] = 'running';
  #error: VerifyStatus['error'] = null;
  #objects = 0;
  #files = 0;
  #bytesRead = 0;
  #current = '';
  readonly #unreadable: string[] = [];
  /** Resolves when nothing runs any more. Never rejects. */
  readonly ended: Promise<void>;

  constructor(input: VerificationInput) {
    this.#input = input;
    this.#rules = input.connection.rules;
    this.#root = path.basename(input.folder);
    this.ended = this.#run();
  }

  get status(): VerifyStatus {
    const { store } = this;
    return {
      state: this.#state,
      error: this.#error,
      objects: this.#objects,
      files: this.#files,
      equal: store.count('equal'),
      different: store.count('different'),
      onlyHere: store.count('only-here'),
      onlyThere: store.count('only-there'),
      unclear: store.count('unclear'),
      bytesRead: this.#bytesRead,
      current: this.#current,
    };
  }

  /** Ends it. What it found stays. */
  cancel(): void {
    this.#controller.abort();
  }

  [Symbol.dispose](): void {
    this.cancel();
    void this.ended.then(() => this.store[Symbol.dispose]());
  }

  async #run(): Promise<void> {
    const { signal } = this.#controller;
    try {
      await this.#gather(signal);
      await runPool(
        this.store.pairs(),
        () => AT_ONCE,
        signal,
        async (pair, inner) => {
          this.#current = pair.name;
          this.store.settle(pair.name, await this.#compare(pair, inner));
        },
      );
      for (const name of this.#unreadable) {
        this.store.settleBelow(name, unclear('unreadable'));
      }
      this.store.settleLonely();
      this.#state = 'done';
    } catch (error) {
      if (signal.aborted) {
        this.#state = 'cancelled';
      } else {
        this.#state = 'failed';
        this.#error = serializeError(error);
      }
    }
    this.#current = '';
  }

  /** Both sides; when one fails, the other is not waited for. */
  async #gather(outer: AbortSignal): Promise<void> {
    const controller = new AbortController();
    const signal = AbortSignal.any([outer, controller.signal]);
    const sides = [this.#list(signal), this.#walk(signal)];
    try {
      await Promise.all(sides);
    } catch (error) {
      controller.abort();
      await Promise.allSettled(sides);
      throw error;
    }
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { connection, gate, bucket, prefix } = this.#input;
    for await (const page of walkRemote({ connection, gate, bucket, prefix, signal })) {
      for (const { key, size, etag } of page) {
        const name = key.slice(prefix.length);
        // Markers of folders have no file to compare with.
        if (name === '' || (name.endsWith('/') && size === 0)) continue;
        if (this.#isLeftOut(name)) continue;
        this.#objects += 1;
        this.store.addRemote(name, key, size, etag);
      }
    }
  }

  async #walk(signal: AbortSignal): Promise<void> {
    const { folder } = this.#input;
    await requireFolder(folder);
    const root = this.#root;
    const leaveOut = (relative: string): boolean =>
      this.#isLeftOut(relative.slice(root.length + 1));
    for await (const entry of walk(folder, root, signal, leaveOut)) {
      const name = entry.relative.slice(root.length + 1);
      if (entry.kind === 'file') {
        this.#files += 1;
        this.store.addLocal(name, entry.path, entry.size, entry.modified);
      } else if (entry.kind === 'unreadable') {
        if (name === '') throw entry.error;
        this.store.addLocal(name, entry.path, 0, 0);
        this.store.settle(name, unclear('unreadable'));
        this.#unreadable.push(name);
      }
    }
  }

  /** What uploads leave out, such as `.DS_Store`, is missing on neither side. */
  #isLeftOut(name: string): boolean {
    return name !== '' && this.#rules.excludes(`${this.#root}/${name}`);
  }

  async #compare(pair: Pair, signal: AbortSignal): Promise<Verdict> {
    if (pair.localSize !== pair.remoteSize) {
      return { outcome: 'different', check: 'size', reason: 'size' };
    }
    const receipt = this.#receipt(pair);
    if (receipt === 'equal') return { outcome: 'equal', check: 'receipt', reason: '' };
    try {
      return await withPartRetries(this.#input, signal, () =>
        this.#compareContent(pair, receipt, signal),
      );
    } catch (error) {
      if (signal.aborted || !(error instanceof AppError)) throw error;
      return unclear(reasonOf(error));
    }
  }

  async #compareContent(
    pair: Pair,
    partSize: number | null,
    signal: AbortSignal,
  ): Promise<Verdict> {
    const { connection, gate, bucket } = this.#input;
    const { key, path: file, localSize: size, etag } = pair;
    const object = { connection, gate, bucket, key, etag, size, signal };
    const compared = await compareObject(object, file, {
      partSize,
      onRead: (bytes) => {
        this.#bytesRead += bytes;
      },
    });
    if (compared.kind === 'unclear') return unclear(compared.reason);
    if (!(await isAsBefore(pair))) return unclear('file-changed');
    return compared.kind === 'equal'
      ? { outcome: 'equal', check: compared.check, reason: '' }
      : { outcome: 'different', check: '', reason: 'content' };
  }

  /**
   * What receipts tell: that this very file and this very object were found equal, or else
   * how the object was cut; `null`: nothing.
   */
  #receipt(pair: Pair): 'equal' | number | null {
    const { receipts, connectionId, bucket } = this.#input;
    let partSize: number | null = null;
    for (const each of receipts.ofObject(connectionId, bucket, pair.key)) {
      if (each.etag === '' || each.etag !== pair.etag || each.size !== pair.remoteSize) {
        continue;
      }
      if (each.kind === 'upload' && each.partSize > 0) partSize ??= each.partSize;
      const sameFile =
        each.localPath === pair.path &&
        each.modified !== null &&
        isSameTime(each.modified, pair.localModified);
      // What was checked by its size alone proves nothing later.
      if (sameFile && each.integrity !== '' && each.integrity !== 'size') return 'equal';
    }
    return partSize;
  }
}

/** What was read while it changed is neither equal nor different. */
async function isAsBefore(pair: Pair): Promise<boolean> {
  const { path: file, localSize, localModified } = pair;
  try {
    const { size, mtimeMs } = await stat(file);
    return size === localSize && isSameTime(mtimeMs, localModified);
  } catch (error) {
    throw localError(error, file);
  }
}

async function requireFolder(folder: string): Promise<void> {
  try {
    if ((await stat(folder)).isDirectory()) return;
  } catch (error) {
    throw localError(error, folder);
  }
  throw new AppError('local.not-found', { params: { path: folder } });
}

function unclear(reason: VerifyReason): Verdict {
  return { outcome: 'unclear', check: '', reason };
}

function reasonOf({ code }: AppError): VerifyReason {
  if (code.startsWith('local.')) return 'unreadable';
  if (code === 'access.denied') return 'denied';
  if (code === 'object.not-found') return 'object-changed';
  return 'failed';
}
