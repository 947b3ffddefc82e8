import { expect, test } from 'vitest';
import { WorkMeter } from './progress.ts';

/** Moves so many bytes and files each second, for so long. */
function moved(bytes: number, files: number, seconds: number): WorkMeter {
  const meter = new WorkMeter(0, 0, 0);
  for (let ms = 100; ms <= seconds * 1_000; ms += 100) {
    meter.sample(ms, (bytes * ms) / 1_000, (files * ms) / 1_000);
  }
  return meter;
}

test('many small files take as long as there are many, not as long as they weigh', () => {
  expect(moved(40_000, 10, 10).secondsFor(40_000, 400, 10_000)).toBeCloseTo(40, 1);
});

test('a large file takes as long as its bytes do, however few files there are', () => {
  expect(moved(1_000_000, 2, 10).secondsFor(60_000_000, 1, 10_000)).toBeCloseTo(60, 1);
});

test('before there is something to judge by no time is told', () => {
  expect([
    moved(1_000, 1, 1).secondsFor(1_000, 1, 1_000),
    moved(0, 0, 10).secondsFor(1_000, 1, 10_000),
  ]).toEqual([null, null]);
});
