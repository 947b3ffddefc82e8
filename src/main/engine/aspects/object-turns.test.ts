import { expect, test } from 'vitest';
import { ObjectTurns } from './object-turns.ts';

const ref = { bucket: 'b', key: 'k' };

test('one after the other, and another object at the same time', async () => {
  const turns = new ObjectTurns();
  const first = Promise.withResolvers<void>();
  const done: string[] = [];
  const one = turns.take(ref, undefined, async () => {
    await first.promise;
    done.push('one');
  });
  const two = turns.take(ref, undefined, () => Promise.resolve(done.push('two')));
  await turns.take({ ...ref, key: 'l' }, undefined, () =>
    Promise.resolve(done.push('other')),
  );
  first.resolve();
  await Promise.all([one, two]);
  expect(done).toEqual(['other', 'one', 'two']);
});

test('who gives up waiting, or fails, lets nobody past those before', async () => {
  const turns = new ObjectTurns();
  const first = Promise.withResolvers<void>();
  const stop = new AbortController();
  let third = false;
  const one = turns.take(ref, undefined, async () => {
    await first.promise;
    throw new Error('refused');
  });
  const two = turns.take(ref, stop.signal, () => Promise.resolve());
  const three = turns.take(ref, undefined, () => {
    third = true;
    return Promise.resolve();
  });
  stop.abort();
  await expect(two).rejects.toMatchObject({ code: 'transfer.cancelled' });
  expect(third).toBe(false);
  first.resolve();
  await expect(one).rejects.toThrow('refused');
  await three;
  expect(third).toBe(true);
});
