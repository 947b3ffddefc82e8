import type { LimitsInForce } from '../../../shared/domain/bandwidth.ts';
import type { TransferId } from '../../../shared/domain/ids.ts';
import type { TransferState, TransferTotals } from '../../../shared/domain/transfer.ts';
import type { Tally } from '../database/tally.ts';
import type { Clock } from './clock.ts';
import { SpeedMeter, type TransferMeter } from './progress.ts';

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

/** Sums over the queue and the speed of it all. */
export class TotalsMeter {
  readonly #source: TotalsSource;
  #speed: SpeedMeter | undefined;

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
    if (running === 0) this.#speed = undefined;
    else this.#speed ??= new SpeedMeter(now, bytesDone);
    const speed = this.#speed?.sample(now, bytesDone) ?? 0;
    const failed = tally.state('failed');
    const left = bytesTotal - bytesDone - (failed.bytesTotal - failed.bytesDone);
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
      secondsLeft: this.#speed?.secondsFor(left, now) ?? null,
      ...(limits === undefined ? {} : { limits }),
    };
  }
}
