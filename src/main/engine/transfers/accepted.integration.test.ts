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
    item: { key: 'b', folder: false },
    targetBucket: bucket,
    targetKey: 'c',
  });
  expect(stored('SELECT count(*) AS n FROM transfers')).toBe(2);
  await handlers['transfers.cancel']({ ids: null });
  expect(stored(`SELECT count(*) AS n FROM transfers WHERE state = 'cancelled'`)).toBe(2);
});
