import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { TransferTotals } from '../../../shared/domain/transfer.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { openBench, type TransferBench, waitFor } from './testing.ts';

const STATES = [
  'queued',
  'running',
  'waiting',
  'paused',
  'failed',
  'cancelled',
  'skipped',
  'done',
] as const;
const STEPS = 60;

let target: S3Target;
let bench: TransferBench;
let bucket: string;

beforeAll(async () => {
  target = await openS3Target();
});
afterAll(() => target.close());
beforeEach(async () => {
  bucket = await target.makeBucket();
  bench = openBench(target);
});
afterEach(() => bench.close());

/** Numbers from 0 up to `below`, the same for a seed. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What the window is told, and what the table holds at the same moment. */
async function counts() {
  const { totals } = await bench.service.handlers['transfers.totals']();
  const rows = bench.database.all('SELECT state, wait_reason, kind FROM transfers');
  const inTable = STATES.map(
    (state) => [state, rows.filter((row) => row['state'] === state).length] as const,
  );
  const conflicts = rows.filter((row) => row['wait_reason'] === 'conflict').length;
  return {
    told: pick(totals),
    kept: { ...Object.fromEntries(inTable), conflicts },
  };
}

function pick(totals: TransferTotals): Record<string, number> {
  const states = STATES.map((state) => [state, totals[state]] as const);
  return { ...Object.fromEntries(states), conflicts: totals.conflicts };
}

test.each([1, 2, 3])(
  'whatever is pressed, what is told is what the table holds, and nothing is left after Skip and Clear: seed %i',
  { timeout: 120_000 },
  async (seed) => {
    const roll = dice(seed);
    for (let i = 0; i < 6; i += 1) await bench.put(bucket, `f${i}`, 'old');
    const paths = Array.from({ length: 12 }, (_, i) => bench.file(`f${i}`, `new ${i}`));

    /** A button of the panel. */
    async function press(): Promise<void> {
      const { handlers } = bench.service;
      const rows = await bench.rows();
      const some = rows.filter(() => roll(3) === 0).map(({ id }) => id);
      const ids = roll(2) === 0 ? null : some;
      switch (roll(9)) {
        case 0:
        case 1:
          await bench.upload(bucket, paths.slice(roll(6), 6 + roll(6)), {
            conflict: 'ask',
          });
          return;
        case 2:
          return handlers['transfers.pause']({ ids });
        case 3:
          return handlers['transfers.resume']({ ids });
        case 4:
          return handlers['transfers.cancel']({ ids: some });
        case 5:
          return handlers['transfers.retry']({ ids });
        case 6:
          return handlers['transfers.clear']({ ids });
        default: {
          const row = await handlers['transfers.nextConflict']();
          if (row === null) return;
          const answer = (['skip', 'overwrite', 'rename', 'cancel'] as const)[roll(4)];
          const forAll = roll(2) === 0;
          return handlers['transfers.answerConflict']({
            id: row.id,
            answer: answer ?? 'skip',
            forAll,
          });
        }
      }
    }

    for (let step = 0; step < STEPS; step += 1) {
      await press();
      const { told, kept } = await counts();
      expect(told).toEqual(kept);
      if (roll(15) === 0) await bench.restart();
    }

    const { handlers } = bench.service;
    await handlers['transfers.resume']({ ids: null });
    await waitFor(async () => {
      const row = await handlers['transfers.nextConflict']();
      if (row !== null) {
        const { id } = row;
        await handlers['transfers.answerConflict']({ id, answer: 'skip', forAll: true });
      }
      const { totals } = await handlers['transfers.totals']();
      const { queued, running, waiting, paused, planning } = totals;
      return queued + running + waiting + paused + planning === 0 ? true : undefined;
    });
    await handlers['transfers.clear']({ ids: null });
    await handlers['transfers.cancel']({ ids: null });
    // What the window was told last is what it shows from then on.
    await waitFor(() => {
      const last = bench.batches.at(-1)?.totals;
      if (last === undefined) return undefined;
      return STATES.every((s) => s === 'failed' || last[s] === 0) ? true : undefined;
    });
    const { told, kept } = await counts();
    expect(told).toEqual(kept);
  },
);
