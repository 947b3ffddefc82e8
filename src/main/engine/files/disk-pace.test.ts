import { expect, test } from 'vitest';
import { createDiskPace } from './disk-pace.ts';

test('trusts a disk that was quick for a while, and no more once it is slow', async () => {
  let time = 0;
  const pace = createDiskPace(() => time);
  for (let calls = 0; calls < 8; calls += 1) {
    expect(pace.quick).toBe(false);
    expect(await pace.later(() => Promise.resolve(calls))).toBe(calls);
  }
  expect(pace.quick).toBe(true);
  const failing = (): void =>
    pace.now(() => {
      throw new Error('no');
    });
  expect(failing).toThrow('no');
  expect(pace.quick).toBe(true);
  pace.now(() => {
    time += 11;
  });
  expect(pace.quick).toBe(false);
});

test('a folder is remembered for a moment, for its own root', () => {
  let time = 0;
  const { folder } = createDiskPace(() => time);
  expect(folder.holds('/root', '/root/a')).toBe(false);
  folder.keep('/root', '/root/a');
  expect(folder.holds('/root', '/root/a')).toBe(true);
  expect(folder.holds('/other', '/root/a')).toBe(false);
  expect(folder.holds('/root', '/root/b')).toBe(false);
  time = 100;
  expect(folder.holds('/root', '/root/a')).toBe(false);
});
