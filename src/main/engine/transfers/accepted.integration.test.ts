import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { CONNECTION, openBench, type TransferBench } from './testing.ts';

let target: S3Target;
let bench: TransferBench;

beforeAll(async () => {
  target = await openS3Target();
  bench = openBench(target);
});
afterAll(async () => {
  await bench.close();
  await target.close();
});

/** What another process, the next engine, would find right now. */
function stored(sql: string): unknown {
  const other = new DatabaseSync(bench.database.path, { readOnly: true });
  try {
    return other.prepare(sql).get()?.['n'];
  } finally {
    other.close();
  }
}

test('what the queue said yes to is on the disk before the answer is', async () => {
  const bucket = await target.makeBucket();
  const items = [{ key: 'a', folder: false }];
  const { handlers } = bench.service;
  await handlers['transfers.pause']({ ids: null });
  await handlers['transfers.remove']({ connectionId: CONNECTION, bucket, items });
  expect(stored('SELECT count(*) AS n FROM groups')).toBe(1);
  expect(stored('SELECT count(*) AS n FROM transfers')).toBe(1);
  await handlers['transfers.move']({
    connectionId: CONNECTION,
    bucket,
    items: [{ item: { key: 'b', folder: false }, targetKey: 'c' }],
    targetConnectionId: CONNECTION,
    targetBucket: bucket,
    conflict: 'ask',
  });
  expect(stored('SELECT count(*) AS n FROM groups')).toBe(2);
  await handlers['transfers.cancel']({ ids: null });
  const left = `state <> 'cancelled'`;
  expect(stored(`SELECT count(*) AS n FROM transfers WHERE ${left}`)).toBe(0);
  expect(stored('SELECT count(*) AS n FROM groups WHERE planned = 0')).toBe(0);
});

test('a request is on its way only when the journal says that its row runs', async () => {
  const { server } = target;
  if (server === null) return;
  await bench.service.handlers['transfers.resume']({ ids: null });
  const bucket = await target.makeBucket();
  const arrived = new Promise<void>((resolve) => {
    const looking = setInterval(() => {
      if (!server.requests.some(({ operation }) => operation === 'PutObject')) return;
      clearInterval(looking);
      resolve();
    }, 1);
  });
  const stall = server.faults.add({
    match: { operation: 'PutObject' },
    times: 1,
    action: { kind: 'stall', when: 'before' },
  });
  const group = await bench.upload(bucket, [bench.file('one.txt', 'one')]);
  await arrived;
  // Or that it may have begun, which counts as much after a crash.
  const running = `SELECT count(*) AS n FROM transfers WHERE state = 'running' OR
    (state = 'queued' AND id IN (SELECT value FROM ahead, json_each(ahead.ids)))`;
  expect(stored(running)).toBe(1);
  stall.remove();
  server.faults.clear();
  expect(await bench.end(group)).toMatchObject({ done: 1 });
});
