import {
  type Digests,
  type Fingerprint,
  measureBody,
  measureBytes,
} from '../s3/file-body.ts';
import type { FileSlice, PutObjectInput, UploadPartInput } from '../s3/s3-connection.ts';
import { wishesFor } from '../s3/upload-answer.ts';
import type { LeanContext } from './context.ts';
import { framedHeaders, framedLength, openFramedSource } from './framed-source.ts';
import { type BodySource, JOINED_BYTES } from './lane.ts';
import type { Header } from './signer.ts';
import { openSliceSource } from './slice-source.ts';
import { sourceChanged } from './small-file.ts';

/** A body that is ready to go out. */
export interface Prepared {
  /** What the request says of it. */
  readonly headers: readonly Header[];
  /** `null`: not taken. */
  readonly sha256: string | null;
  /** Bytes with its framing; absent: it has none. */
  readonly framedLength?: number;
  /** The body from its start; called again when the request is. */
  readonly body: () => Buffer | Promise<Buffer | BodySource>;
  /** Its sums; those of a framed body once it went out. */
  readonly digests: () => Digests;
}

/** Whether a body is read from its file while it goes out. */
export function isStreamed(body: FileSlice | Uint8Array): body is FileSlice {
  return !(body instanceof Uint8Array) && body.length > JOINED_BYTES;
}

/** The same for what lies in memory, at once. */
export function prepareBytes({ requester }: LeanContext, body: Uint8Array): Prepared {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return measured(measureBytes(bytes, wishesFor(requester)), () => bytes);
}

/**
 * A body whose sums are headers: read once for them. Throws `local.…` and
 * `transfer.source-changed`. `report` hears of bytes that went out.
 */
export async function prepareSlice(
  context: LeanContext,
  { body, signal, ...input }: (PutObjectInput | UploadPartInput) & { body: FileSlice },
  report: (bytes: number) => void,
): Promise<Prepared> {
  const whole = !('partNumber' in input);
  if (!isStreamed(body)) {
    const { bytes, size } = await context.smallFiles.read(body);
    if (whole) assertWhole(body, { size });
    return prepareBytes(context, bytes);
  }
  const { slabs, disk } = context;
  const wishes = wishesFor(context.requester);
  const { digests, fingerprint } = await measureBody(body, wishes, signal, disk);
  if (fingerprint === null) throw sourceChanged(body);
  if (whole) assertWhole(body, fingerprint);
  return measured(digests, () => {
    const onSent = reporter(body, report);
    return openSliceSource({ slice: body, fingerprint, slabs, disk, onSent });
  });
}

/**
 * A body whose CRC32 follows it, so that it is read as it goes out and never before. Its
 * `body` throws what {@link prepareSlice} does.
 */
export function prepareFramed(
  context: LeanContext,
  slice: FileSlice,
  whole: boolean,
  report: (bytes: number) => void,
): Prepared {
  let crc32Base64 = '';
  return {
    headers: framedHeaders(slice.length),
    sha256: null,
    framedLength: framedLength(slice.length),
    async body() {
      const { slabs, disk } = context;
      const { source, fingerprint } = await openFramedSource({
        slice,
        slabs,
        disk,
        onSent: reporter(slice, report),
        onSum: (sum) => {
          crc32Base64 = sum;
        },
      });
      try {
        if (whole) assertWhole(slice, fingerprint);
      } catch (error) {
        await source.close();
        throw error;
      }
      return source;
    },
    digests: () => ({ md5Hex: '', md5Base64: '', crc32Base64, sha256Hex: '' }),
  };
}

function measured(digests: Digests, body: Prepared['body']): Prepared {
  const { md5Base64, crc32Base64, sha256Hex } = digests;
  const headers: Header[] = [];
  if (md5Base64 !== '') headers.push(['content-md5', md5Base64]);
  if (crc32Base64 !== '') headers.push(['x-amz-checksum-crc32', crc32Base64]);
  const sha256 = sha256Hex === '' ? null : sha256Hex;
  return { headers, sha256, body, digests: () => digests };
}

/** The last bytes count once the server has answered for them all. */
function reporter(
  { length }: FileSlice,
  report: (bytes: number) => void,
): (bytes: number) => void {
  let left = length;
  return (bytes) => {
    left -= bytes;
    if (left > 0) report(bytes);
  };
}

/** A slice that was to be the whole file but is not: the file grew or shrank. */
function assertWhole(slice: FileSlice, { size }: Pick<Fingerprint, 'size'>): void {
  if (slice.start === 0 && size !== BigInt(slice.length)) throw sourceChanged(slice);
}
