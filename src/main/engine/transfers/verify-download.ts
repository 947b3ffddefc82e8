import { createHash, type Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { ObjectDetails } from '../../../shared/domain/listing.ts';
import { MIB } from '../../../shared/domain/part-plan.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { resolveQuirks } from '../../../shared/providers/profile.ts';
import { getProviderProfile } from '../../../shared/providers/registry.ts';
import { localError } from '../files/local-error.ts';
import { isMd5Etag, multipartEtag } from '../s3/etag.ts';
import { NOTES } from './notes.ts';
import { type RunContext, throwIfStopped } from './run-context.ts';
import { md5OfFile } from './upload-target.ts';

/** Bytes read at a time. */
const CHUNK_BYTES = MIB;

/**
 * Holds a downloaded file of the right size against what the server says of its content:
 * the MD5 in a plain ETag, a checksum, or the ETag of an upload in parts where the server
 * tells how it was cut. Returns how it was checked: `md5`, `crc32`, `sha256`, `sha1`,
 * `etag`, or `size` where nothing can be compared. Throws `transfer.checksum-mismatch`.
 *
 * The ETag of an object encrypted with a key of KMS or the customer is no MD5. An ETag of
 * parts that does not match is proof only where all parts but the last have one size,
 * which cannot be known: such a file is fetched twice and, the same both times, kept as
 * `size` with a note.
 */
export async function verifyContent(
  context: RunContext,
  file: string,
  facts: { readonly size: number; readonly etag: string },
): Promise<string> {
  const { row, connection, gate, signal } = context;
  const quirks = resolveQuirks(getProviderProfile(connection.draft.providerId));
  const { etag, size } = facts;
  const mismatch = (): AppError =>
    new AppError('transfer.checksum-mismatch', { params: { key: row.key } });
  const md5Profile = quirks.etag === 'md5';
  if (md5Profile && isMd5Etag(etag)) {
    if ((await md5OfFile(file, signal)) === etag.toLowerCase()) return 'md5';
    const { encryption } = await details(context);
    if (isOpaque(encryption)) return 'size';
    throw mismatch();
  }
  const inParts = /^[0-9a-f]{32}-\d+$/i.test(etag);
  const sums = quirks.checksums === 'when-supported';
  if (size === 0 || (!sums && !(md5Profile && inParts))) return 'size';
  const seen = await details(context);
  // Another object by now: what it says is not about our bytes.
  if (seen.etag !== etag) return 'size';
  const layout = inParts
    ? await gate.request(0, signal, () =>
        connection.partLayout({ bucket: row.bucket, key: row.key, signal }),
      )
    : null;
  const even = layout !== null && Math.ceil(size / layout.partSize) === layout.partCount;
  const partSize = even ? layout.partSize : size;
  const checksum = readChecksum(seen.checksums, even);
  if (checksum !== null) {
    const digest = await checksumOfFile(file, checksum, partSize, signal);
    if (digest === checksum.value) return checksum.name;
    if (checksum.whole) throw mismatch();
  }
  if (!md5Profile || !even || isOpaque(seen.encryption)) return 'size';
  const digests = await partDigests(file, 'md5', partSize, signal);
  const own = multipartEtag(digests.map((digest) => ({ etag: digest.toString('hex') })));
  if (own === etag.toLowerCase()) return 'etag';
  const proof = `seen:${own}`;
  if (row.integrity !== proof) {
    context.store.update(row, { integrity: proof });
    throw mismatch();
  }
  context.store.update(row, { note: NOTES.sizeOnly });
  return 'size';
}

function details(context: RunContext): Promise<ObjectDetails> {
  const { row, connection, gate, signal } = context;
  return gate.request(0, signal, () =>
    connection.details({ bucket: row.bucket, key: row.key, signal }),
  );
}

/**
 * Whether the ETag is no MD5 of the plain bytes. With the server's own keys (plain
 * `AES256`) it is. https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
 */
function isOpaque(encryption: string | null): boolean {
  return encryption !== null && encryption !== 'AES256';
}

type Sum = 'crc32' | 'sha1' | 'sha256';

interface Checksum {
  readonly name: Sum;
  readonly value: string;
  /** Over the whole content, not over the sums of its parts. */
  readonly whole: boolean;
}

/** The first checksum that we can compute. */
function readChecksum(
  stated: ObjectDetails['checksums'],
  even: boolean,
): Checksum | null {
  for (const name of ['sha256', 'crc32', 'sha1'] as const) {
    const value = stated.find((sum) => sum.name.toLowerCase() === name)?.value;
    if (value === undefined) continue;
    const whole = !/-\d+$/.test(value);
    if (whole || even) return { name, value, whole };
  }
  return null;
}

async function checksumOfFile(
  file: string,
  { name, whole }: Checksum,
  partSize: number,
  signal: AbortSignal,
): Promise<string> {
  const size = whole ? Number.POSITIVE_INFINITY : partSize;
  const digests = await partDigests(file, name, size, signal);
  if (whole) return (digests[0] ?? Buffer.alloc(0)).toString('base64');
  const total = startSum(name);
  for (const digest of digests) total.update(digest);
  return `${total.digest().toString('base64')}-${digests.length}`;
}

/** The sums of a file's parts. Throws `local.*`. */
async function partDigests(
  path: string,
  name: Sum | 'md5',
  partSize: number,
  signal: AbortSignal,
): Promise<readonly Buffer[]> {
  const digests: Buffer[] = [];
  try {
    await using handle = await open(path, 'r');
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    let sum = startSum(name);
    let inPart = 0;
    for (;;) {
      throwIfStopped(signal);
      const wanted = Math.min(buffer.length, partSize - inPart);
      const { bytesRead } = await handle.read(buffer, 0, wanted, null);
      if (bytesRead === 0) break;
      sum.update(buffer.subarray(0, bytesRead));
      inPart += bytesRead;
      if (inPart < partSize) continue;
      digests.push(sum.digest());
      sum = startSum(name);
      inPart = 0;
    }
    if (inPart > 0) digests.push(sum.digest());
  } catch (error) {
    throw localError(error, path);
  }
  return digests;
}

function startSum(name: Sum | 'md5'): Pick<Hash, 'digest'> & {
  update(bytes: Uint8Array): void;
} {
  if (name !== 'crc32') {
    const hash = createHash(name);
    return { update: (bytes) => void hash.update(bytes), digest: hash.digest.bind(hash) };
  }
  let crc = 0;
  return {
    update: (bytes) => {
      crc = crc32(bytes, crc);
    },
    digest: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(crc);
      return bytes;
    },
  } as ReturnType<typeof startSum>;
}
