import { expect, test } from 'vitest';
import { SocketPlaces } from './socket-places.ts';

/** Idle sockets that can only be counted and closed. */
function idle(count: number) {
  const sockets = { left: count };
  return {
    sockets,
    count: () => sockets.left,
    closeOne: () => {
      if (sockets.left === 0) return false;
      sockets.left -= 1;
      return true;
    },
  };
}

test('places are given in the order they were asked for', async () => {
  const places = new SocketPlaces(1);
  const first = await places.take(undefined);
  const order: number[] = [];
  const second = places.take(undefined).then((release) => {
    order.push(2);
    return release;
  });
  const third = places.take(undefined).then(() => order.push(3));
  first();
  first();
  (await second)();
  await third;
  expect([order, places.busy]).toEqual([[2, 3], 1]);
});

test('a place that comes free with the abort is nobody’s', async () => {
  const places = new SocketPlaces(1);
  const stop = new AbortController();
  const release = await places.take(stop.signal);
  // It hears of the abort before whoever waits does.
  stop.signal.addEventListener('abort', release);
  const waiting = places.take(stop.signal);
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'transfer.cancelled' });
  expect(places.busy).toBe(0);
});

test('who aborts waits no longer', async () => {
  const places = new SocketPlaces(1);
  const release = await places.take(undefined);
  const stop = new AbortController();
  const waiting = places.take(stop.signal);
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'transfer.cancelled' });
  await expect(places.take(stop.signal)).rejects.toMatchObject({
    code: 'transfer.cancelled',
  });
  release();
  expect(places.busy).toBe(0);
});

test('idle sockets make room, no more of them than it takes', async () => {
  const places = new SocketPlaces(4);
  const lean = idle(2);
  const sdk = idle(2);
  places.addIdle(lean);
  places.addIdle(sdk);
  await places.take(undefined);
  places.makeRoom();
  expect([lean.sockets.left, sdk.sockets.left]).toEqual([1, 2]);
  await places.take(undefined);
  await places.take(undefined);
  places.makeRoom();
  expect(lean.sockets.left + sdk.sockets.left).toBe(1);
});
