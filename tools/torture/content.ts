import { createCipheriv, createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Random } from './random.ts';

const CHUNK_BYTES = 1024 * 1024;
const ZEROS = Buffer.alloc(CHUNK_BYTES);
const KIB = 1024;
const MIB = 1024 * KIB;

/** Size and SHA-256 (hex) of some bytes. */
export interface Digest {
  readonly size: number;
  readonly sha256: string;
}

/** The bytes that follow from a seed: AES in counter mode, so no two blocks are equal. */
export function* contentOf(seed: string, size: number): Generator<Buffer> {
  const key = createHash('md5').update(seed).digest();
  const cipher = createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
  for (let left = size; left > 0; left -= CHUNK_BYTES) {
    yield cipher.update(ZEROS.subarray(0, Math.min(left, CHUNK_BYTES)));
  }
}

/** Writes the content of a seed to a new file. */
export async function writeContent(
  path: string,
  seed: string,
  size: number,
): Promise<Digest> {
  const hash = createHash('sha256');
  await using handle = await open(path, 'w');
  for (const chunk of contentOf(seed, size)) {
    hash.update(chunk);
    await handle.write(chunk);
  }
  return { size, sha256: hash.digest('hex') };
}

/** Digest of a file's bytes. */
export async function digestFile(path: string): Promise<Digest> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    const bytes = chunk as Buffer;
    hash.update(bytes);
    size += bytes.length;
  }
  return { size, sha256: hash.digest('hex') };
}

/** Digest of bytes in memory. */
export function digestBytes(bytes: Uint8Array): Digest {
  return {
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

/** A file's size in bytes: most are small, some empty, few big. At most 4 MiB. */
export function smallSize(random: Random): number {
  const kind = random.weighted({ empty: 8, tiny: 60, small: 24, middle: 8 });
  if (kind === 'empty') return 0;
  if (kind === 'tiny') return random.int(1, 16 * KIB);
  if (kind === 'small') return random.int(16 * KIB, 256 * KIB);
  return random.int(256 * KIB, 4 * MIB);
}

/** The size of a file that goes in parts or ranges: 16 to 200 MiB, mostly below 48. */
export function largeSize(random: Random): number {
  const kind = random.weighted({ edge: 15, parts: 65, many: 17, huge: 3 });
  if (kind === 'edge') return random.pick([16, 20, 32]) * MIB + random.int(-1, 1);
  if (kind === 'parts') return random.int(16 * MIB, 48 * MIB);
  return kind === 'many' ? random.int(48 * MIB, 96 * MIB) : random.int(96, 200) * MIB;
}
