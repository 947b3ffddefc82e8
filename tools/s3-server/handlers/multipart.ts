import {
  algorithmOfHeader,
  type ChecksumAlgorithm,
  type ChecksumType,
  checksumHeader,
  parseAlgorithm,
} from '../auth/checksums.ts';
import { S3Error } from '../errors.ts';
import type { Bucket, Upload, UploadedPart, UploadStart } from '../store/model.ts';
import { leaf, xmlDocument } from '../xml.ts';
import { readAttributes } from './attributes.ts';
import {
  type Call,
  queryValue,
  quoted,
  type Reply,
  requireBucket,
  requireKey,
  wholeSeconds,
} from './call.ts';
import { receiveContent } from './write-object.ts';

/** `POST /bucket/key?uploads` */
export function createMultipartUpload(call: Call): Reply {
  const key = requireKey(call);
  const bucket = requireBucket(call);
  const checksum = readUploadChecksum(call);
  const upload: UploadStart = {
    ...readAttributes(call, bucket),
    ...checksum,
    id: call.newId(),
    key,
    started: wholeSeconds(call.now),
    initiator: call.user?.name ?? '',
  };
  call.store.commit({ op: 'upload', bucket: bucket.start.name, upload });
  return {
    status: 200,
    headers: {
      'x-amz-checksum-algorithm': checksum.algorithm,
      'x-amz-checksum-type': checksum.checksumType,
      'x-amz-server-side-encryption': upload.encryption,
    },
    xml: xmlDocument(
      'InitiateMultipartUploadResult',
      leaf('Bucket', bucket.start.name),
      leaf('Key', key),
      leaf('UploadId', upload.id),
    ),
  };
}

interface UploadChecksum {
  readonly algorithm?: ChecksumAlgorithm;
  readonly checksumType?: ChecksumType;
}

function readUploadChecksum(call: Call): UploadChecksum {
  const name = call.headers['x-amz-checksum-algorithm'];
  const type = call.headers['x-amz-checksum-type'];
  if (name === undefined) {
    if (type === undefined) return {};
    throw new S3Error('InvalidRequest', {
      message:
        'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    });
  }
  const algorithm = parseAlgorithm(name);
  const hash = algorithm === 'SHA1' || algorithm === 'SHA256';
  const checksumType = type ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  if (checksumType !== 'COMPOSITE' && checksumType !== 'FULL_OBJECT') {
    throw new S3Error('InvalidRequest', {
      message: 'Value for x-amz-checksum-type header is invalid.',
    });
  }
  // Only CRCs of parts can be joined to that of the whole; CRC64NVME is always joined.
  if (checksumType === 'FULL_OBJECT' ? hash : algorithm === 'CRC64NVME') {
    throw new S3Error('InvalidRequest', {
      message: `The ${checksumType} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    });
  }
  return { algorithm, checksumType };
}

/** `PUT /bucket/key?partNumber=&uploadId=` */
export async function uploadPart(call: Call): Promise<Reply> {
  const bucket = requireBucket(call);
  const number = requirePartNumber(call);
  const upload = requireUpload(call, bucket);
  const declared = call.body.declaredAlgorithm();
  const { algorithm } = upload.start;
  // An upload begun without an algorithm takes parts with any checksum (the SDKs'
  // default since 2025); it is verified, and forgotten.
  if (algorithm !== undefined && declared !== undefined && declared !== algorithm) {
    throw new S3Error('InvalidRequest', {
      message: `Checksum Type mismatch occurred, expected checksum Type: ${algorithm.toLowerCase()}, actual checksum Type: ${declared.toLowerCase()}`,
    });
  }
  const received = await receiveContent(call, algorithm);
  const checksum = received.checksum?.value.toString('base64');
  const etag = received.md5.toString('hex');
  try {
    commitPart(call, {
      number,
      size: received.size,
      etag,
      modified: wholeSeconds(call.now),
      content: received.content,
      ...(algorithm === undefined || checksum === undefined ? {} : { checksum }),
    });
  } catch (error) {
    call.store.contents.release(received.content);
    throw error;
  }
  return {
    status: 200,
    headers: {
      etag: quoted(etag),
      ...(received.checksum && {
        [checksumHeader(received.checksum.algorithm)]: checksum,
      }),
    },
  };
}

/**
 * Adds a part to the call's upload, which may have ended while the part was received.
 *
 * @throws S3Error `NoSuchUpload` or `NoSuchBucket`
 */
export function commitPart(call: Call, part: UploadedPart): void {
  const bucket = requireBucket(call);
  const uploadId = requireUpload(call, bucket).start.id;
  call.store.commit({ op: 'part', bucket: bucket.start.name, uploadId, part });
}

/** `DELETE /bucket/key?uploadId=` */
export function abortMultipartUpload(call: Call): Reply {
  const bucket = requireBucket(call);
  const uploadId = requireUpload(call, bucket).start.id;
  call.store.commit({
    op: 'endUpload',
    bucket: bucket.start.name,
    uploadId,
    object: null,
  });
  return { status: 204 };
}

/**
 * The upload a call names by key and id.
 *
 * @throws S3Error `NoSuchUpload`
 */
export function requireUpload(call: Call, bucket: Bucket): Upload {
  const id = queryValue(call, 'uploadId') ?? '';
  const upload = bucket.uploads.get(id);
  if (upload?.start.key === requireKey(call)) return upload;
  throw new S3Error('NoSuchUpload', { details: { UploadId: id } });
}

/**
 * The part number of a call.
 *
 * @throws S3Error `InvalidArgument`
 */
export function requirePartNumber(call: Call): number {
  const text = queryValue(call, 'partNumber') ?? '';
  const number = Number(text);
  if (/^\d{1,5}$/.test(text) && number >= 1 && number <= 10_000) return number;
  throw new S3Error('InvalidArgument', {
    message: 'Part number must be an integer between 1 and 10000, inclusive',
    details: { ArgumentName: 'partNumber', ArgumentValue: text },
  });
}

/** The checksum algorithm whose value a request's headers hold, with the value. */
export function checksumOfHeaders(
  headers: Readonly<Record<string, string>>,
): { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined {
  for (const [name, value] of Object.entries(headers)) {
    const algorithm = algorithmOfHeader(name);
    if (algorithm) return { algorithm, value };
  }
  return undefined;
}
