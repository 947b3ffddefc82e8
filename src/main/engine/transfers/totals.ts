import type { LimitsInForce } from '../../../shared/domain/bandwidth.ts';
import type { TransferId } from '../../../shared/domain/ids.ts';
import type { TransferState, TransferTotals } from '../../../shared/domain/transfer.ts';
import type { Tally } from '../database/tally.ts';
import type { Clock } from './clock.ts';
import { type TransferMeter, WorkMeter } from './progress.ts';

/** Where totals come from. */
export interface TotalsSource {
  readonly tally: Tally;
  readonly clock: Clock;
  readonly meters: () => Iterable<readonly [TransferId, TransferMeter]>;
  /** What the table has of a running transfer's bytes. */
  readonly bytesDoneOf: (id: TransferId) => number;
  /** Groups being planned. */
  readonly planning: () => number;
  /** Bandwidth limits in force, where there is somebody to set them. */
  readonly limits: () => LimitsInForce | undefined;
}

const COUNTED: readonly TransferState[] = [
  'queued',
  'running',
  'waiting',
  'paused',
  'failed',
  'done',
];

const SETTLED: readonly TransferState[] = ['done', 'failed', 'cancelled', 'skipped'];

/** Sums over the queue and the speed of it all. */
export class TotalsMeter {
  readonly #source: TotalsSource;
  #speed: WorkMeter | undefined;

  constructor(source: TotalsSource) {
    this.#source = source;
  }

  read(): TransferTotals {
    const { tally, clock, planning } = this.#source;
    const limits = this.#source.limits();
    let bytesTotal = 0;
    let bytesDone = 0;
    for (const state of COUNTED) {
      bytesTotal += tally.state(state).bytesTotal;
      bytesDone += tally.state(state).bytesDone;
    }
    for (const [id, meter] of this.#source.meters()) {
      bytesDone += meter.bytes - this.#source.bytesDoneOf(id);
    }
    const now = clock.now();
    const running = tally.state('running').count;
    const settled = SETTLED.reduce((sum, state) => sum + tally.state(state).count, 0);
    if (running === 0) this.#speed = undefined;
    else this.#speed ??= new WorkMeter(now, bytesDone, settled);
    const speed = this.#speed?.sample(now, bytesDone, settled) ?? 0;
    const failed = tally.state('failed');
    const left = bytesTotal - bytesDone - (failed.bytesTotal - failed.bytesDone);
    const open = running + tally.state('queued').count + tally.state('waiting').count;
    return {
      queued: tally.state('queued').count,
      running,
      waiting: tally.state('waiting').count,
      paused: tally.state('paused').count,
      failed: failed.count,
      cancelled: tally.state('cancelled').count,
      skipped: tally.state('skipped').count,
      done: tally.state('done').count,
      conflicts: tally.conflicts,
      planning: planning(),
      bytesTotal,
      bytesDone,
      speed,
      secondsLeft: this.#speed?.secondsFor(left, open, now) ?? null,
      ...(limits === undefined ? {} : { limits }),
    };
  }
}
