import { AppError } from '../../../shared/errors/app-error.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import { fileSums } from '../checksums/file-sums.ts';
import { compareObject } from './compare-object.ts';
import { NOTES } from './notes.ts';
import type { RunContext } from './run-context.ts';

/** What is known of a downloaded file. */
export interface Fetched {
  readonly size: number;
  readonly etag: string;
}

/**
 * Holds a downloaded file of the right size against what the server says of its content:
 * the MD5 in a plain ETag, a checksum, or the ETag of an upload in parts where the server
 * tells how it was cut. Returns how it was checked: `md5`, `crc32`, `crc32c`, `crc64nvme`,
 * `sha256`, `sha1`, `etag`, or `size` where nothing can be compared. Throws
 * `transfer.checksum-mismatch`.
 *
 * The ETag of an object encrypted with a key of KMS or the customer is no MD5. Sums of
 * parts that do not match are proof only where the server tells the size of each: else
 * such a file is fetched twice and, the same both times, kept as `size` with a note. So is
 * one that came over plain http, where nothing guards the way, and has not the ETag that
 * the usual sizes of parts would give it.
 */
export async function verifyContent(
  context: RunContext,
  file: string,
  { size, etag }: Fetched,
): Promise<string> {
  const { row, connection, gate, signal } = context;
  const { bucket, key } = row;
  const object = { connection, gate, bucket, key, etag, size, signal };
  const compared = await compareObject(object, file);
  switch (compared.kind) {
    case 'equal':
      return compared.check;
    case 'unclear': {
      // Not what was fetched: the next attempt meets one or the other as a whole.
      if (compared.reason === 'object-changed') {
        throw new AppError('object.changed', { params: { bucket, key } });
      }
      if (compared.doubtful !== true || connection.secure) return 'size';
      return seenTwice(context, await sumOf(file, signal));
    }
    case 'unmatched':
      return seenTwice(context, compared.sum);
    case 'different':
      throw new AppError('transfer.checksum-mismatch', { params: { key } });
    default:
      return assertNever(compared);
  }
}

/** Asks for another fetch, unless the one before brought the same bytes. */
function seenTwice({ row, store }: RunContext, sum: string): 'size' {
  const proof = `seen:${sum}`;
  if (row.integrity === proof) {
    store.update(row, { note: NOTES.sizeOnly });
    return 'size';
  }
  store.update(row, { integrity: proof });
  throw new AppError('transfer.checksum-mismatch', { params: { key: row.key } });
}

async function sumOf(path: string, signal: AbortSignal): Promise<string> {
  const [sum] = await fileSums({ path, name: 'crc32', partSize: null, signal });
  return sum?.toString('base64') ?? '';
}
