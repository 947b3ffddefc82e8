import { expect, test } from 'vitest';
import { Settings } from '../../shared/domain/settings.ts';
import type { TransferTotals } from '../../shared/domain/transfer.ts';
import { NO_TOTALS } from '../../shared/testing/totals.ts';
import { createTransferWatch } from './transfer-watch.ts';

test('the computer stays awake while something moves, and only then', () => {
  const power: boolean[] = [];
  const watch = createTransferWatch({
    clock: { now: () => 0, sleep: () => Promise.resolve() },
    power: { setActive: (active) => void power.push(active) },
    notifier: { notify: () => undefined },
    window: { isFocused: () => true },
    settings: () => Settings.parse({}),
  });
  const steps: readonly (readonly [Partial<TransferTotals>, boolean])[] = [
    [{ queued: 5 }, false],
    [{ queued: 4, running: 1 }, true],
    [{ queued: 3, running: 2 }, true],
    [{ waiting: 5 }, false],
    [{ planning: 1 }, true],
    [{ planning: 1, paused: 10_000 }, false],
    [{ planning: 1, paused: 1, queued: 1 }, true],
    [{ paused: 5 }, false],
  ];
  for (const [totals, awake] of steps) {
    watch.changed({
      from: 1,
      to: 2,
      upserts: [],
      groups: [],
      reload: false,
      progress: new Float64Array(),
      totals: { ...NO_TOTALS, ...totals },
    });
    expect([totals, power.at(-1) ?? false]).toEqual([totals, awake]);
  }
  // Told once for each change.
  expect(power).toEqual([true, false, true, false, true, false]);
});
