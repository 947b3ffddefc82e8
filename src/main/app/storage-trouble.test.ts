import { expect, test } from 'vitest';
import { AppError, serializeError } from '../../shared/errors/app-error.ts';
import { createStorageTrouble } from './storage-trouble.ts';

test('a full disk is told once, as long as it lasts', () => {
  let now = 0;
  const trouble = createStorageTrouble({ now: () => now });
  const full = serializeError(new AppError('storage.write-failed'));
  const other = serializeError(new AppError('storage.corrupt'));
  expect([trouble.lasts, trouble.isNews(other), trouble.lasts]).toEqual([
    false,
    true,
    false,
  ]);
  const told: boolean[] = [];
  for (now = 1_000; now < 300_000; now += 10_000) told.push(trouble.isNews(full));
  expect(told.filter(Boolean)).toHaveLength(1);
  expect([trouble.lasts, trouble.isNews(other)]).toEqual([true, true]);
  // Another reason is news.
  const held = serializeError(new AppError('storage.in-use'));
  expect([trouble.isNews(held), trouble.isNews(held)]).toEqual([true, false]);
  now += 60_000;
  expect([trouble.lasts, trouble.isNews(full)]).toEqual([false, true]);
});
