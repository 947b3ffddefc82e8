import { expect, test } from 'vitest';
import { startReplica } from './replica.ts';

interface Batch {
  readonly from: number;
  readonly to: number;
  readonly add: string;
}

function setUp(snapshots: readonly { revision: number; items: string[] }[]) {
  const items: string[] = [];
  const errors: unknown[] = [];
  let listener: ((batch: Batch) => void) | null = null as ((batch: Batch) => void) | null;
  let asked = 0;
  const gates: (() => void)[] = [];
  const replica = startReplica<{ revision: number; items: string[] }, Batch>({
    snapshot: async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      gates.push(resolve);
      await promise;
      const snapshot = snapshots[asked];
      asked += 1;
      if (!snapshot) throw new Error('no more');
      return snapshot;
    },
    listen: (callback) => {
      listener = callback;
      return () => {
        listener = null;
      };
    },
    revisionOf: (snapshot) => snapshot.revision,
    span: (batch) => batch,
    applySnapshot: (snapshot) => items.splice(0, items.length, ...snapshot.items),
    applyBatch: (batch) => items.push(batch.add),
    onError: (error) => errors.push(error),
  });
  return {
    items,
    errors,
    replica,
    asked: () => asked,
    send: (batch: Batch) => listener?.(batch),
    answer: async () => {
      gates.shift()?.();
      await new Promise((resolve) => setTimeout(resolve, 0));
    },
  };
}

test('batches that come before the snapshot are applied after it, older ones dropped', async () => {
  const t = setUp([{ revision: 5, items: ['a'] }]);
  t.send({ from: 4, to: 5, add: 'old' });
  t.send({ from: 5, to: 6, add: 'b' });
  await t.answer();
  expect(t.items).toEqual(['a', 'b']);
});

test('a gap asks for a new snapshot', async () => {
  const t = setUp([
    { revision: 1, items: ['a'] },
    { revision: 9, items: ['a', 'b', 'c'] },
  ]);
  await t.answer();
  t.send({ from: 7, to: 8, add: 'x' });
  await t.answer();
  expect({ items: t.items, asked: t.asked() }).toEqual({
    items: ['a', 'b', 'c'],
    asked: 2,
  });
});

test('a gap before a batch that waited for the snapshot asks again, too', async () => {
  const t = setUp([
    { revision: 1, items: ['a'] },
    { revision: 4, items: ['a', 'b', 'c', 'd'] },
  ]);
  t.send({ from: 3, to: 4, add: 'd' });
  await t.answer();
  await t.answer();
  t.send({ from: 4, to: 5, add: 'e' });
  expect({ items: t.items, asked: t.asked() }).toEqual({
    items: ['a', 'b', 'c', 'd', 'e'],
    asked: 2,
  });
});

test('a batch seen twice counts once', async () => {
  const t = setUp([{ revision: 1, items: [] }]);
  await t.answer();
  t.send({ from: 1, to: 2, add: 'a' });
  t.send({ from: 1, to: 2, add: 'a' });
  expect(t.items).toEqual(['a']);
});

test('a failing snapshot is reported', async () => {
  const t = setUp([]);
  await t.answer();
  expect(t.errors).toHaveLength(1);
});

test('after a snapshot that failed the next batch asks again', async () => {
  const snapshots: { revision: number; items: string[] }[] = [];
  const t = setUp(snapshots);
  await t.answer();
  expect(t.errors).toHaveLength(1);
  snapshots[1] = { revision: 3, items: ['a', 'b'] };
  // `asked` counted the one that failed.
  t.send({ from: 2, to: 3, add: 'b' });
  await t.answer();
  t.send({ from: 3, to: 4, add: 'c' });
  expect(t.items).toEqual(['a', 'b', 'c']);
});

test('a new engine counts from a higher revision, which is a gap like any other', async () => {
  const t = setUp([
    { revision: 1_000, items: ['old'] },
    { revision: 5_001, items: ['new'] },
  ]);
  await t.answer();
  t.send({ from: 5_000, to: 5_001, add: 'x' });
  await t.answer();
  expect(t.items).toEqual(['new']);
});
