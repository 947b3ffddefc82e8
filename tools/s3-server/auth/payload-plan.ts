import { S3Error } from '../errors.ts';
import type { ChunkSigner } from './sigv4.ts';

/** What verifies the chunk signatures of an aws-chunked body. */
export interface ChunkSigning {
  readonly signer: ChunkSigner;
  /** The signature of the request's head, to which the first chunk is linked. */
  readonly seedSignature: string;
}

/** How a request's body is framed and protected. */
export type PayloadPlan =
  /** The bytes as they are; `sha256` (hex) when the client vouched for them. */
  | { readonly kind: 'plain'; readonly sha256: string | undefined }
  /** aws-chunked, signed per chunk or not, with trailing headers or not. */
  | {
      readonly kind: 'chunked';
      readonly signing: ChunkSigning | undefined;
      readonly trailers: boolean;
    };

/**
 * Reads `x-amz-content-sha256`.
 *
 * @throws S3Error `InvalidArgument` for a value S3 does not know
 */
export function planPayload(
  headers: Readonly<Record<string, string>>,
  signing: ChunkSigning | undefined,
): PayloadPlan {
  const value = headers['x-amz-content-sha256'];
  switch (value) {
    case undefined:
    case 'UNSIGNED-PAYLOAD':
      return { kind: 'plain', sha256: undefined };
    case 'STREAMING-UNSIGNED-PAYLOAD-TRAILER':
      return { kind: 'chunked', signing: undefined, trailers: true };
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD':
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER':
      if (!signing) break;
      return { kind: 'chunked', signing, trailers: value.endsWith('-TRAILER') };
    default:
      if (/^[0-9a-f]{64}$/i.test(value)) {
        return { kind: 'plain', sha256: value.toLowerCase() };
      }
  }
  throw new S3Error('InvalidArgument', {
    message:
      'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
    details: { ArgumentName: 'x-amz-content-sha256', ArgumentValue: value },
  });
}
