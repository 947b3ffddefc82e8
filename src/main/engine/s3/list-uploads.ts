import {
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  type MultipartUpload,
} from '@aws-sdk/client-s3';
import { AppError } from '../../../shared/errors/app-error.ts';
import { decodeListed } from './decode-listed.ts';
import { unwritable } from './delete-objects.ts';
import type { Requester } from './requester.ts';
import type { Cancellable, ObjectRef, OpenUploads } from './s3-connection.ts';

/** Where the next page begins. */
interface Marker {
  readonly key: string;
  readonly uploadId: string;
}

/**
 * The unfinished multipart uploads of exactly one key, all pages. Throws `access.denied`
 * for keys that may not list uploads.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
 */
export async function listUploads(
  requester: Requester,
  { bucket, key, signal }: ObjectRef & Cancellable,
): Promise<OpenUploads> {
  const uploads: OpenUploads['uploads'][number][] = [];
  // Only where XML cannot carry the key: not every server encodes as it should.
  const encoded = unwritable(key) && requester.quirks.urlEncodeListings;
  let serverTime: number | null = null;
  let marker: Marker | null = null;
  for (;;) {
    const from: Marker | null = marker;
    const output: ListMultipartUploadsCommandOutput = await requester.run(
      { bucket, key, signal, attempts: 3 },
      (client, options) => {
        const command = new ListMultipartUploadsCommand({
          Bucket: bucket,
          Prefix: key,
          ...(encoded ? { EncodingType: 'url' as const } : {}),
          ...(from === null
            ? {}
            : { KeyMarker: from.key, UploadIdMarker: from.uploadId }),
        });
        command.middlewareStack.add(
          (next) => async (args) => {
            const result = await next(args);
            const { headers } = result.response as { headers: Record<string, string> };
            const time = Date.parse(headers['date'] ?? '');
            serverTime = Number.isNaN(time) ? null : time;
            return result;
          },
          { step: 'deserialize', priority: 'low', name: 'dipperDate', override: true },
        );
        return client.send(command, options);
      },
    );
    // Ceph encodes when asked but does not say so.
    const decode = (text: string): string => (encoded ? decodeListed(text) : text);
    for (const upload of output.Uploads ?? []) {
      // Longer keys may begin with ours.
      if (upload.UploadId === undefined || decode(upload.Key ?? '') !== key) continue;
      const initiated = upload.Initiated?.getTime() ?? null;
      const checksum = checksumOf(upload);
      uploads.push({ uploadId: upload.UploadId, initiated, checksum });
    }
    if (output.IsTruncated !== true) return { uploads, serverTime };
    const next: Marker = {
      key: decode(output.NextKeyMarker ?? ''),
      uploadId: output.NextUploadIdMarker ?? '',
    };
    // Names come in order: behind the first longer one there is none of ours.
    if (next.key > key && next.key.startsWith(key)) return { uploads, serverTime };
    if (next.key === '' || (next.key === from?.key && next.uploadId === from.uploadId)) {
      throw new AppError('provider.malformed-response', {
        params: { reason: 'same-token' },
      });
    }
    marker = next;
  }
}

function checksumOf(upload: MultipartUpload): OpenUploads['uploads'][number]['checksum'] {
  const { ChecksumAlgorithm: algorithm, ChecksumType: type } = upload;
  if (algorithm === undefined) return '';
  if (algorithm !== 'CRC32') return 'other';
  return type === 'FULL_OBJECT' ? 'crc32-whole' : 'crc32';
}
