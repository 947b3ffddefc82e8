import { uptime } from 'node:os';
import type { TransferId } from '../../../shared/domain/ids.ts';
import { MIB } from '../../../shared/domain/part-plan.ts';
import type { PartStore } from '../database/part-store.ts';
import type { StoredPart } from '../s3/s3-connection.ts';

/** Written bytes, or ms since the first of them, after which they are forced to the disk. */
const SYNC_BYTES = 64 * MIB;
const SYNC_MS = 5_000;
/** Times of the same start, worked out at two moments, differ by less, ms. */
const SAME_START_MS = 5_000;
/** Begins the note of a range that is written and not yet forced to the disk. */
const UNSYNCED = 'unsynced@';

/** When this computer was started, ms since 1970, to within seconds. */
export function startOfComputer(now: number): number {
  return Math.round(now - uptime() * 1_000);
}

/**
 * Notes that a file is fetched in one stream: how far that came is the file's length, as
 * long as the computer runs on.
 */
export function noteStream(parts: PartStore, id: TransferId, startedAt: number): void {
  parts.savePart(id, { number: 0, size: 0, etag: unsynced(startedAt), checksum: '' });
}

/** What {@link RangeJournal} needs. */
export interface RangeJournalInput {
  readonly parts: PartStore;
  readonly id: TransferId;
  /** Forces what was written to the disk; fdatasync. */
  readonly sync: () => Promise<void>;
  /** Wall clock, ms since 1970. */
  readonly now: () => number;
  /** See {@link startOfComputer}. */
  readonly startedAt: number;
}

/**
 * Notes the finished ranges of a download. A range is noted at once, so that an engine
 * that dies has nothing to fetch again: what it wrote is in the system's memory. That is
 * lost with the power, so until a range was forced to the disk (now and then, for many
 * ranges at a time) its note says since which start of the computer it is good.
 */
export class RangeJournal {
  readonly #input: RangeJournalInput;
  #unsynced: StoredPart[] = [];
  #bytes = 0;
  #since = 0;
  #syncing: Promise<void> | null = null;
  #error: unknown = null;

  constructor(input: RangeJournalInput) {
    this.#input = input;
  }

  /** The ranges that are on the disk for sure. */
  static good(parts: readonly StoredPart[], startedAt: number): readonly StoredPart[] {
    return parts.filter(
      ({ etag }) =>
        etag === '' ||
        (etag.startsWith(UNSYNCED) &&
          Math.abs(Number(etag.slice(UNSYNCED.length)) - startedAt) < SAME_START_MS),
    );
  }

  /** A range is written. Throws what the last forcing to the disk failed with. */
  wrote(number: number, size: number): void {
    if (this.#error !== null) throw this.#error;
    const { parts, id, now, startedAt } = this.#input;
    const part = { number, size, etag: unsynced(startedAt), checksum: '' };
    parts.savePart(id, part);
    if (this.#unsynced.length === 0) this.#since = now();
    this.#unsynced.push(part);
    this.#bytes += size;
    const due = this.#bytes >= SYNC_BYTES || now() - this.#since >= SYNC_MS;
    if (due && this.#syncing === null) this.#syncing = this.#sync();
  }

  /** Waits for what is on its way to the disk: before the file is closed. */
  async settle(): Promise<void> {
    await this.#syncing;
  }

  async #sync(): Promise<void> {
    const { parts, id, sync } = this.#input;
    const batch = this.#unsynced;
    this.#unsynced = [];
    this.#bytes = 0;
    try {
      await sync();
      for (const part of batch) parts.savePart(id, { ...part, etag: '' });
    } catch (error) {
      this.#error = error;
    } finally {
      this.#syncing = null;
    }
  }
}

function unsynced(startedAt: number): string {
  return `${UNSYNCED}${startedAt}`;
}
