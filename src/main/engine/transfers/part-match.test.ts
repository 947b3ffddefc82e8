import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MIB, partRange, planParts } from '../../../shared/domain/part-plan.ts';
import { isWhole, matchesSlice } from './part-match.ts';

const SIZE = 40_000;
const content = randomBytes(SIZE);
const { signal } = new AbortController();
let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dipper-part-match-'));
  file = path.join(folder, 'file');
  writeFileSync(file, content);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

function crc(bytes: Uint8Array): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum.toString('base64');
}

const anySlice = fc
  .tuple(fc.nat(SIZE - 1), fc.integer({ min: 1, max: SIZE }))
  .map(([start, length]) => ({ start, length: Math.min(length, SIZE - start) }));

test('a part counts only with the number and size that the plan gives it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4_000 * MIB }),
      fc.integer({ min: -1, max: 300 }),
      fc.integer({ min: -3, max: 3 }),
      (sourceSize, number, off) => {
        const upload = { ...planParts(sourceSize), sourceSize };
        const inside = number >= 1 && number <= upload.partCount;
        const right = inside ? partRange(number, upload, sourceSize).length : 1;
        const part = { number, size: right + off };
        expect(isWhole(part, upload)).toBe(inside && off === 0);
      },
    ),
  );
});

test('a part is ours by its checksum, else by its MD5, and by nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(
      anySlice,
      fc.constantFrom('md5', 'MD5 in capitals', 'crc32'),
      async (slice, by) => {
        const bytes = content.subarray(slice.start, slice.start + slice.length);
        const etag = by === 'crc32' ? 'opaque' : md5(bytes);
        const part = {
          number: 1,
          size: slice.length,
          etag: by === 'md5' ? etag : etag.toUpperCase(),
          checksum: by === 'crc32' ? crc(bytes) : '',
        };
        expect(await matchesSlice(part, { path: file, ...slice }, signal)).toBe(true);
      },
    ),
    { numRuns: 30 },
  );
});

test('one changed bit, or an ETag that says nothing, is never taken for ours', async () => {
  await fc.assert(
    fc.asyncProperty(
      anySlice,
      fc.nat(),
      fc.constantFrom('md5', 'crc32', 'opaque'),
      async (slice, at, by) => {
        const bytes = Buffer.from(
          content.subarray(slice.start, slice.start + slice.length),
        );
        const place = at % bytes.length;
        bytes[place] = (bytes[place] ?? 0) ^ 1;
        const etag = by === 'md5' ? md5(bytes) : 'd41d8cd98f00b204-opaque';
        const checksum = by === 'crc32' ? crc(bytes) : '';
        const part = { number: 1, size: slice.length, etag, checksum };
        expect(await matchesSlice(part, { path: file, ...slice }, signal)).toBe(false);
      },
    ),
    { numRuns: 30 },
  );
});
