import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { multipartEtag } from '../s3/etag.ts';
import { etagOf, SourceSum } from './source-sum.ts';

const bytes = randomBytes(1_000);

function md5(of: Buffer): string {
  return createHash('md5').update(of).digest('hex');
}

function pieces(size: number): Buffer[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  );
}

test.each([1, 7, 100, 333, 1_000, 5_000])('the ETag of parts of %i bytes', (partSize) => {
  const sums = pieces(partSize).map((part) => ({ etag: md5(part) }));
  expect(etagOf(bytes, { partSize })).toBe(multipartEtag(sums));
});

test('the ETag of an object that was not cut is its MD5', () => {
  expect(etagOf(bytes, { partSize: null })).toBe(md5(bytes));
});

test.each([{ partSize: null }, { partSize: 130 }, { partSize: 1_000 }])(
  'is the same however the content was fetched: $partSize',
  (formula) => {
    const sum = new SourceSum(formula);
    const [first, second, third, ...rest] = pieces(100) as [Buffer, Buffer, Buffer];
    sum.add(2, second);
    sum.add(1, first);
    sum.add(3, third);
    // Again, and the same.
    sum.add(2, second);
    for (const [at, piece] of rest.entries()) sum.add(4 + at, piece);
    expect(sum.digest(bytes.length)).toBe(etagOf(bytes, formula));
  },
);

test('a piece that comes again with other bytes ends the sum', () => {
  const sum = new SourceSum({ partSize: null });
  for (const [at, piece] of pieces(500).entries()) sum.add(at + 1, piece);
  sum.add(1, randomBytes(500));
  expect(sum.digest(bytes.length)).toBeNull();
});

test('a gap ends the sum', () => {
  const sum = new SourceSum({ partSize: null });
  for (const [at, piece] of pieces(100).entries()) if (at !== 1) sum.add(at + 1, piece);
  sum.add(2, bytes.subarray(100, 200));
  expect(sum.digest(bytes.length)).toBeNull();
});
