import { randomBytes } from 'node:crypto';
import { mkdtemp, open, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeChunked } from '../../../../tools/s3-server/auth/chunked.ts';
import type { Flowing } from '../bandwidth/throttle.ts';
import { createDiskPace } from '../files/disk-pace.ts';
import { framedHeaders, framedLength, openFramedSource } from './framed-source.ts';
import { PacedSource } from './paced.ts';
import { createSlabPool, SLAB_BYTES, type SlabPool } from './slabs.ts';

const CONTENT = randomBytes(5 * SLAB_BYTES);
let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dipper-framed-'));
  path = join(folder, 'content');
  await writeFile(path, CONTENT);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A pool that knows what it gave out. */
function countingPool(): SlabPool & { readonly out: Set<ArrayBufferLike> } {
  const pool = createSlabPool(2);
  const out = new Set<ArrayBufferLike>();
  return {
    out,
    take() {
      const slab = pool.take();
      out.add(slab.buffer);
      return slab;
    },
    give(slab) {
      expect(out.delete(slab.buffer)).toBe(true);
      expect(slab.length).toBe(SLAB_BYTES);
      pool.give(slab);
    },
  };
}

async function frame(start: number, length: number) {
  const slabs = countingPool();
  const sums: string[] = [];
  const { source, fingerprint } = await openFramedSource({
    slice: { path, start, length },
    slabs,
    disk: createDiskPace(() => performance.now()),
    onSent: () => undefined,
    onSum: (sum) => sums.push(sum),
  });
  const pieces: Buffer[] = [];
  const take = async (): Promise<boolean> => {
    const bytes = await source.next();
    if (bytes === null) return false;
    pieces.push(Buffer.from(bytes));
    source.release(bytes);
    return true;
  };
  return { source, fingerprint, slabs, sums, pieces, take };
}

async function decode(body: Buffer): Promise<{
  readonly data: Buffer;
  readonly trailers: Readonly<Record<string, string>>;
}> {
  const trailers = new Map<string, string>();
  const options = { signing: undefined, trailers: true };
  async function* source(): AsyncGenerator<Buffer> {
    yield body;
  }
  const data: Buffer[] = [];
  for await (const piece of decodeChunked(source(), options, trailers)) data.push(piece);
  return { data: Buffer.concat(data), trailers: Object.fromEntries(trailers) };
}

function base64Crc(bytes: Buffer): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum.toString('base64');
}

describe('a framed source', () => {
  const anyLength = fc.oneof(
    fc.integer({ min: 0, max: 4 * SLAB_BYTES }),
    // Around whole chunks, and around their hexadecimal lengths.
    fc
      .tuple(fc.constantFrom(1, 2, 3), fc.integer({ min: -80, max: 80 }))
      .map(([slabs, off]) => slabs * (SLAB_BYTES - 64) + off),
    fc.constantFrom(0, 1, 15, 16, 255, 256, 65_535, 65_536),
  );

  test('is the bytes of the slice, its checksum behind them, as long as was said', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyLength,
        fc.integer({ min: 0, max: SLAB_BYTES }),
        async (length, start) => {
          const { source, slabs, sums, pieces, take } = await frame(start, length);
          while (await take());
          expect(await source.next()).toBeNull();
          await source.close();
          const body = Buffer.concat(pieces);
          expect(body.length).toBe(framedLength(length));
          expect(source.length).toBe(framedLength(length));
          expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(
            SLAB_BYTES,
          );
          const expected = CONTENT.subarray(start, start + length);
          const { data, trailers } = await decode(body);
          expect(data.equals(expected)).toBe(true);
          expect(trailers).toEqual({ 'x-amz-checksum-crc32': base64Crc(expected) });
          expect(sums).toEqual([base64Crc(expected)]);
          expect(slabs.out.size).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('goes out in pieces of any size where a limit wants it', async () => {
    const { source, slabs } = await frame(0, 2 * SLAB_BYTES);
    let asked = 0;
    const flow: Flowing = {
      isLimited: true,
      limit: 1,
      some: async (wanted) => {
        asked += 1;
        return Math.min(wanted, 1 + ((asked * 7_919) % 50_000));
      },
      whole: async () => undefined,
      charge: () => undefined,
    };
    const paced = new PacedSource(source, flow, undefined);
    const pieces: Buffer[] = [];
    for (;;) {
      const bytes = await paced.next();
      if (bytes === null) break;
      pieces.push(Buffer.from(bytes));
      paced.release(bytes);
    }
    await paced.close();
    const { data, trailers } = await decode(Buffer.concat(pieces));
    const expected = CONTENT.subarray(0, 2 * SLAB_BYTES);
    expect(data.equals(expected)).toBe(true);
    expect(trailers).toEqual({ 'x-amz-checksum-crc32': base64Crc(expected) });
    expect([pieces.length > 10, slabs.out.size]).toEqual([true, 0]);
  });

  test('says of itself what it is', () => {
    expect(framedHeaders(70_000)).toEqual([
      ['content-encoding', 'aws-chunked'],
      ['x-amz-decoded-content-length', '70000'],
      ['x-amz-trailer', 'x-amz-checksum-crc32'],
    ]);
  });

  test('does not come to its end when its file changed meanwhile', async () => {
    const { source, slabs, sums, pieces, take } = await frame(0, 3 * SLAB_BYTES);
    expect(await take()).toBe(true);
    await utimes(path, 1, 1);
    const rest = async (): Promise<void> => {
      while (await take());
    };
    await expect(rest()).rejects.toMatchObject({ code: 'transfer.source-changed' });
    await source.close();
    expect(Buffer.concat(pieces).length).toBeLessThan(3 * SLAB_BYTES);
    expect(Buffer.concat(pieces).includes('x-amz-checksum')).toBe(false);
    expect(sums).toEqual([]);
    expect(slabs.out.size).toBe(0);
  });

  test('does not come to its end when its file got shorter', async () => {
    const shorter = join(folder, 'shorter');
    await writeFile(shorter, CONTENT);
    const original = path;
    path = shorter;
    try {
      const { source, slabs, sums, take } = await frame(0, CONTENT.length);
      expect(await take()).toBe(true);
      const file = await open(shorter, 'r+');
      await file.truncate(SLAB_BYTES + 100);
      await file.close();
      const rest = async (): Promise<void> => {
        while (await take());
      };
      await expect(rest()).rejects.toMatchObject({ code: 'transfer.source-changed' });
      await source.close();
      expect([sums, slabs.out.size]).toEqual([[], 0]);
    } finally {
      path = original;
    }
  });

  test('does not begin when the file is shorter than the slice, or gone', async () => {
    await expect(frame(SLAB_BYTES, CONTENT.length)).rejects.toMatchObject({
      code: 'transfer.source-changed',
    });
    const away = `${path}.away`;
    await rename(path, away);
    await expect(frame(0, 1)).rejects.toMatchObject({ code: 'local.not-found' });
    await rename(away, path);
    expect(await readdir(folder)).toContain('content');
  });
});
