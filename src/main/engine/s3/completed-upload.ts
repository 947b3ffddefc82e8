import { AppError } from '../../../shared/errors/app-error.ts';
import { chooseUpload, isPartsEtag } from '../checksums/choose.ts';
import { combineCrcs } from '../checksums/combine.ts';
import { multipartEtag } from './etag.ts';
import { isKmsEncryption } from './is-kms-encryption.ts';
import type { Requester } from './requester.ts';
import type {
  CompleteUploadInput,
  StoredObject,
  StoredPart,
  UploadChecksum,
} from './s3-connection.ts';

/** The checksum that an upload begun now has, by what is known of the server. */
export function uploadChecksum(requester: Requester): UploadChecksum {
  const { quirks, draft, secure } = requester;
  const { signature } = draft;
  const { type } = chooseUpload(quirks, { secure, signature }, true);
  if (type === null) return '';
  return type === 'full-object' ? 'crc32-whole' : 'crc32';
}

/** What completes an upload. */
export interface OrderedParts {
  readonly parts: readonly StoredPart[];
  /**
   * CRC32 of the whole, base64, which the server holds against its own; empty: it was not
   * begun with one, or not all parts have one.
   */
  readonly whole: string;
}

/** The parts as the server wants them named. */
export function partsInOrder(input: CompleteUploadInput): OrderedParts {
  const parts = input.parts.toSorted((a, b) => a.number - b.number);
  return { parts, whole: input.checksum === 'crc32-whole' ? wholeCrc(parts) : '' };
}

/** What a server says of an object that it has put together. */
export interface CompletedAnswer {
  /** Bare; empty: it did not say. */
  readonly etag: string;
  readonly versionId: string | null;
  /** `x-amz-server-side-encryption`; empty: none. */
  readonly encryption: string;
}

/** The object, checked by its ETag. Throws `transfer.checksum-mismatch`. */
export function completedObject(
  requester: Requester,
  input: CompleteUploadInput,
  { etag, versionId, encryption }: CompletedAnswer,
): StoredObject {
  const { parts, whole } = partsInOrder(input);
  const encrypted = isKmsEncryption(encryption);
  return {
    etag,
    versionId,
    integrity: checkMultipartEtag(requester, parts, etag, encrypted),
    checksums: whole === '' ? '' : `crc32=${whole}`,
  };
}

/** CRC32 of the whole from those of its parts; empty: not all parts have one. */
function wholeCrc(parts: readonly StoredPart[]): string {
  if (parts.some(({ checksum }) => checksum === '')) return '';
  const sums = parts.map(({ checksum, size }) => ({
    value: Buffer.from(checksum, 'base64'),
    length: size,
  }));
  return combineCrcs('crc32', sums).toString('base64');
}

function checkMultipartEtag(
  requester: Requester,
  parts: readonly StoredPart[],
  etag: string,
  encrypted: boolean,
): string {
  const each = parts.every((part) => part.checksum !== '') ? 'crc32' : 'md5';
  const expected = multipartEtag(parts);
  const comparable =
    requester.quirks.multipartEtag === 'md5' && !encrypted && isPartsEtag(etag);
  if (!comparable || expected === null) {
    const { multipartEtag: kind } = requester.quirks;
    if (expected !== null && !encrypted) {
      if (kind === 'md5' && etag !== '') requester.learn({ multipartEtag: 'opaque' });
      if (kind === 'opaque' && etag.toLowerCase() === expected) {
        requester.learn({ multipartEtag: 'md5' });
      }
    }
    return each;
  }
  if (etag.toLowerCase() !== expected) {
    throw new AppError('transfer.checksum-mismatch', {
      params: { expected, received: etag },
    });
  }
  return each === 'crc32' ? 'crc32' : 'etag';
}
