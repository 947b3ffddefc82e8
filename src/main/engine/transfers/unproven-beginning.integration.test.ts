import { randomBytes } from 'node:crypto';
import { readFileSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConflictAnswer } from '../../../shared/domain/transfer.ts';
import type { StoredPart } from '../s3/s3-connection.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { openBench, type TransferBench } from './testing.ts';

const MIB = 1024 * 1024;

let target: S3Target;
let bench: TransferBench;
let bucket: string;

beforeEach(async () => {
  target = await openS3Target();
  bucket = await target.makeBucket();
  bench = openBench(target);
});

afterEach(async () => {
  await bench.close();
  await target.close();
});

async function answer(given: ConflictAnswer): Promise<void> {
  const { handlers } = bench.service;
  const row = await handlers['transfers.nextConflict']();
  if (row === null) throw new Error('nothing asked');
  await handlers['transfers.answerConflict']({
    id: row.id,
    answer: given,
    forAll: false,
  });
}

test('a beginning that nothing on the server vouches for is never taken for granted', async () => {
  const content = randomBytes(24 * MIB);
  // Uneven parts: no ETag formula fits them.
  const object = { bucket, key: 'a.bin' };
  const { uploadId } = await bench.s3.createUpload({
    ...object,
    contentType: '',
    metadata: {},
  });
  const cuts = [0, 6 * MIB + 7, 11 * MIB + 20, content.length];
  const sent: StoredPart[] = [];
  for (const [index, start] of cuts.slice(0, -1).entries()) {
    const body = content.subarray(start, cuts[index + 1]);
    const part = { ...object, uploadId, partNumber: index + 1, body };
    sent.push(await bench.s3.uploadPart(part));
  }
  await bench.s3.completeUpload({ ...object, uploadId, parts: sent });
  const wrong = Buffer.from(content.subarray(0, 20 * MIB));
  // Where nobody looks.
  wrong[9 * MIB] = (wrong[9 * MIB] ?? 0) ^ 1;
  const local = bench.file('down/a.bin', wrong);
  // Written after the object was stored.
  const later = Date.now() / 1_000 + 5;
  utimesSync(local, later, later);
  const group = await bench.download(bucket, ['a.bin'], { conflict: 'resume' });
  for (let round = 1; round <= 3; round += 1) {
    await bench.until((rows) => {
      const [row] = rows;
      return row?.waitReason === 'conflict' || row?.state === 'done';
    });
    expect((await bench.rows())[0]).toMatchObject({ state: 'waiting' });
    expect(readFileSync(local).equals(wrong)).toBe(true);
    await answer(round < 3 ? 'resume' : 'overwrite');
  }
  expect(await bench.end(group)).toMatchObject({ done: 1 });
  expect(readFileSync(local).equals(content)).toBe(true);
  expect(bench.list(path.join(bench.folder, 'down'))).toEqual(['a.bin']);
});
