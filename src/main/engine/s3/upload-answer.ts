import { AppError } from '../../../shared/errors/app-error.ts';
import { chooseUpload } from '../checksums/choose.ts';
import { isMd5Etag } from './etag.ts';
import type { Digests, DigestWishes } from './file-body.ts';
import { isKmsEncryption } from './is-kms-encryption.ts';
import type { Requester } from './requester.ts';

/** The sums a body is to be read for before it is sent. */
export function wishesFor({
  quirks,
  draft,
  secure,
}: Pick<Requester, 'quirks' | 'draft' | 'secure'>): DigestWishes {
  const { signature } = draft;
  const chosen = chooseUpload(quirks, { secure, signature }, false);
  return {
    crc32: chosen.checksum !== null,
    md5: chosen.contentMd5,
    sha256: chosen.sha256,
  };
}

/** What an answer to an upload says of the bytes. */
export interface UploadAnswer {
  /** Without quotes. */
  readonly etag: string;
  /** CRC32 as the server computed it, base64; empty: it did not say. */
  readonly crc32: string;
  /** `x-amz-server-side-encryption`; empty: none. */
  readonly encryption: string;
  readonly customerKey: boolean;
}

/**
 * How the answer proves the bytes that were sent: `crc32`, `md5`, or `size`. Learns what
 * the server's ETags are. Throws `transfer.checksum-mismatch` when it disproves them.
 */
export function checkUploadAnswer(
  requester: Pick<Requester, 'quirks' | 'learn'>,
  digests: Digests | undefined,
  answer: UploadAnswer,
): string {
  if (digests === undefined) return 'size';
  const { md5Hex, crc32Base64 } = digests;
  if (crc32Base64 !== '') {
    if (answer.crc32 !== '' && answer.crc32 !== crc32Base64) {
      throw mismatch(crc32Base64, answer.crc32);
    }
    return 'crc32';
  }
  const { etag, encryption, customerKey } = answer;
  // With a KMS or customer key the ETag is no MD5 of what we sent.
  if (isKmsEncryption(encryption) || customerKey || etag === '') return 'md5';
  const { quirks } = requester;
  if (!isMd5Etag(etag)) {
    if (quirks.etag === 'md5') requester.learn({ etag: 'opaque' });
    return 'md5';
  }
  if (etag.toLowerCase() === md5Hex) {
    if (quirks.etag === 'opaque') requester.learn({ etag: 'md5' });
    return 'md5';
  }
  if (quirks.etag === 'md5') throw mismatch(md5Hex, etag);
  return 'md5';
}

/** Sums of the content for a receipt, where the ETag does not say the same. */
export function sumsText(digests: Digests | undefined, etag: string): string {
  if (digests === undefined) return '';
  const { crc32Base64, md5Hex } = digests;
  if (crc32Base64 !== '') return `crc32=${crc32Base64}`;
  return md5Hex === '' || md5Hex === etag.toLowerCase() ? '' : `md5=${md5Hex}`;
}

function mismatch(expected: string, received: string): AppError {
  return new AppError('transfer.checksum-mismatch', { params: { expected, received } });
}
