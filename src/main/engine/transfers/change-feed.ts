import type { TransferBatch } from '../../../shared/contract/transfers.ts';
import type { TransferId } from '../../../shared/domain/ids.ts';
import type { GroupRow } from '../../../shared/domain/panel.ts';
import type { TransferRow, TransferTotals } from '../../../shared/domain/transfer.ts';
import type { StoreListener } from '../database/transfer-store.ts';
import type { TransferMeter } from './progress.ts';

/** Between two batches, in ms. */
const INTERVAL_MS = 100;
/** With more changed rows than this the window fetches its page again. */
const MAX_UPSERTS = 200;

/** Where the feed reads what it tells. */
export interface FeedSource {
  /** A row as the window sees it; `undefined` when it is gone. */
  row(id: TransferId): TransferRow | undefined;
  totals(): TransferTotals;
  /** Whether the window has this row: it hears of no other. */
  isShown(id: TransferId): boolean;
  /** Heads of groups that changed since the last time; `null`: too many to tell. */
  groups(): readonly GroupRow[] | null;
  /** Meters of what runs. */
  meters(): Iterable<readonly [TransferId, TransferMeter]>;
  emit(batch: TransferBatch): void;
}

/**
 * A revision above all that earlier engines told, at ten a second, so that a window that saw
 * those notices the gap: microseconds since the computer started. No window lives longer
 * than that, and nobody can set that clock back.
 */
export function firstRevision(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

/** Collects changes into at most ten batches a second. */
export class ChangeFeed implements StoreListener {
  readonly #source: FeedSource;
  readonly #changed = new Set<TransferId>();
  #reload = false;
  #revision: number;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  /** `first`: see {@link firstRevision}. */
  constructor(source: FeedSource, first: number) {
    this.#source = source;
    this.#revision = first;
  }

  get revision(): number {
    return this.#revision;
  }

  changed(id: TransferId, moved: boolean): void {
    if (this.#changed.size <= MAX_UPSERTS && this.#source.isShown(id)) {
      this.#changed.add(id);
    }
    if (moved) this.#reload = true;
    this.touch();
  }

  reloaded(): void {
    this.#reload = true;
    this.touch();
  }

  /** Something worth telling happened: a batch follows soon. */
  touch(): void {
    if (this.#timer !== undefined || this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.flush();
    }, INTERVAL_MS);
  }

  /** Tells what is collected. Goes on by itself while something runs. */
  flush(): void {
    if (this.#stopped) return;
    const from = this.#revision;
    this.#revision += 1;
    const progress: number[] = [];
    let running = false;
    for (const [id, meter] of this.#source.meters()) {
      running = true;
      if (meter.bytes === meter.told && meter.speed < 1) continue;
      meter.told = meter.bytes;
      progress.push(id, meter.bytes, meter.speed);
    }
    const tooMany = this.#changed.size > MAX_UPSERTS;
    const upserts: TransferRow[] = [];
    if (!tooMany) {
      for (const id of this.#changed) {
        const row = this.#source.row(id);
        if (row !== undefined) upserts.push(row);
      }
    }
    const groups = this.#source.groups();
    const reload = this.#reload || tooMany || groups === null;
    this.#changed.clear();
    this.#reload = false;
    this.#source.emit({
      from,
      to: this.#revision,
      upserts,
      reload,
      progress: Float64Array.from(progress),
      groups: [...(groups ?? [])],
      totals: this.#source.totals(),
    });
    if (running) this.touch();
  }

  /** Tells the last changes and nothing more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.flush();
    this.#stopped = true;
  }
}
