import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { createBandwidth } from './bandwidth.ts';

beforeEach(() => {
  // A Monday, local time.
  vi.useFakeTimers({ now: new Date(2026, 10, 23, 7, 59, 50) });
});

afterEach(() => {
  vi.useRealTimers();
});

test('the timetable comes into force by itself, and ends so', async () => {
  const heard: unknown[] = [];
  const bandwidth = createBandwidth({
    now: Date.now,
    monotonic: Date.now,
    onChange: () => heard.push(bandwidth.inForce),
  });
  const { up, down } = bandwidth.of('c' as ConnectionId);
  bandwidth.setLimits({
    uploadLimitKiBs: 0,
    downloadLimitKiBs: 500,
    limitSchedule: {
      enabled: true,
      days: [1],
      from: '08:00',
      to: '08:01',
      uploadLimitKiBs: 100,
      downloadLimitKiBs: 500,
    },
  });
  expect([up.isLimited, down.limit]).toEqual([false, 500]);
  await vi.advanceTimersByTimeAsync(20_000);
  expect([up.limit, down.limit]).toEqual([100, 500]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(up.isLimited).toBe(false);
  expect(heard).toEqual([
    { uploadKiBs: 0, downloadKiBs: 500, scheduled: false },
    { uploadKiBs: 100, downloadKiBs: 500, scheduled: true },
    { uploadKiBs: 0, downloadKiBs: 500, scheduled: false },
  ]);
  bandwidth.stop();
  expect(vi.getTimerCount()).toBe(0);
});
