import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WalkTurns } from './walk-turns.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const never = new AbortController().signal;

/** Takes a turn and notes when it began. */
function takeTurn(turns: WalkTurns, begun: string[], name: string, signal = never) {
  return turns.take(signal).then((end) => {
    begun.push(name);
    return end;
  });
}

test('so many walk at once, the others in the order they came', async () => {
  const turns = new WalkTurns(2, 1_000);
  const begun: string[] = [];
  const all = ['a', 'b', 'c', 'd'].map((name) => takeTurn(turns, begun, name));
  const endA = await all[0];
  await all[1];
  expect(begun).toEqual(['a', 'b']);
  endA?.();
  endA?.();
  const endC = await all[2];
  expect(begun).toEqual(['a', 'b', 'c']);
  endC?.();
  await all[3];
  expect(vi.getTimerCount()).toBe(0);
});

test('one more begins when nobody finds anything', async () => {
  const turns = new WalkTurns(1, 1_000);
  const begun: string[] = [];
  const all = ['a', 'b', 'c'].map((name) => takeTurn(turns, begun, name));
  await all[0];
  turns.stir();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(begun).toEqual(['a']);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(begun).toEqual(['a', 'b']);
  // Two are under way now: the end of one of them is no room for a third.
  (await all[0])?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toEqual(['a', 'b']);
  (await all[1])?.();
  await all[2];
  expect(begun).toEqual(['a', 'b', 'c']);
});

test('who is cancelled waits no longer, and nobody waits for him', async () => {
  const turns = new WalkTurns(1, 1_000);
  const begun: string[] = [];
  const end = await turns.take(never);
  const controller = new AbortController();
  const gone = takeTurn(turns, begun, 'gone', controller.signal);
  const next = takeTurn(turns, begun, 'next');
  controller.abort();
  await expect(gone).rejects.toMatchObject({ code: 'transfer.cancelled' });
  await expect(turns.take(controller.signal)).rejects.toMatchObject({
    code: 'transfer.cancelled',
  });
  end();
  await next;
  expect(begun).toEqual(['next']);
  expect(vi.getTimerCount()).toBe(0);
});
