import { partRange } from '../../../shared/domain/part-plan.ts';
import type { StoredUpload } from '../database/part-store.ts';
import { measureBody } from '../s3/file-body.ts';
import type { FileSlice, StoredPart } from '../s3/s3-connection.ts';

/** Whether a part that the server has is one of this plan, by its number and size. */
export function isWhole(
  part: Pick<StoredPart, 'number' | 'size'>,
  upload: Pick<StoredUpload, 'partSize' | 'partCount' | 'sourceSize'>,
): boolean {
  if (part.number < 1 || part.number > upload.partCount) return false;
  return part.size === partRange(part.number, upload, upload.sourceSize).length;
}

/**
 * Whether a part that the server has holds the bytes of our file: by its checksum, else by
 * its ETag. Where neither says anything of its bytes it does not. Throws `local.*`.
 */
export async function matchesSlice(
  part: StoredPart,
  slice: FileSlice,
  signal: AbortSignal,
): Promise<boolean> {
  const wishes = { md5: true, crc32: part.checksum !== '', sha256: false };
  const { digests } = await measureBody(slice, wishes, signal);
  return part.checksum === ''
    ? part.etag.toLowerCase() === digests.md5Hex
    : part.checksum === digests.crc32Base64;
}
