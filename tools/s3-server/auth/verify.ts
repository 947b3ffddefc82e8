import { timingSafeEqual } from 'node:crypto';
import { S3Error } from '../errors.ts';
import type { RequestTarget } from '../request-target.ts';
import type { S3User } from '../users.ts';
import type { PayloadPlan } from './payload-plan.ts';
import { type CredentialScope, canonicalRequest, hmac, stringToSign } from './sigv4.ts';

/** The greatest difference AWS allows between the clocks, in milliseconds. */
export const MAX_SKEW_MS = 15 * 60 * 1000;

/** A request as the signature code sees it. */
export interface IncomingRequest {
  readonly method: string;
  readonly target: RequestTarget;
  /** All headers, names in lower case, repeated ones joined with commas. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What the signature code must know of the server. */
export interface AuthenticationContext {
  /** Now, in milliseconds, by the server's clock. */
  readonly now: number;
  readonly allowV2: boolean;
  /** Regions a signature may name; the first is the one told on refusal. */
  readonly regions: readonly string[];
  findUser(accessKeyId: string): S3User | undefined;
}

/** Who sent a request and how its body is protected. */
export interface Authentication {
  /** Undefined for an anonymous request. */
  readonly user: S3User | undefined;
  readonly presigned: boolean;
  readonly payload: PayloadPlan;
}

/** Splits `key/date/region/service/aws4_request`; the scope is undefined if broken. */
export function parseCredential(credential: string): {
  readonly accessKeyId: string;
  readonly scope: CredentialScope | undefined;
} {
  const match = /^(.+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/.exec(credential);
  const [, accessKeyId, date, region, service] = match ?? [];
  if (!accessKeyId || !date || !region || !service) {
    return { accessKeyId: credential, scope: undefined };
  }
  return { accessKeyId, scope: { date, region, service } };
}

/**
 * Finds the user of an access key and checks its session token.
 *
 * @throws S3Error `InvalidAccessKeyId`, `InvalidToken` or `ExpiredToken`
 */
export function identify(
  accessKeyId: string,
  token: string | undefined,
  context: AuthenticationContext,
): S3User {
  const user = context.findUser(accessKeyId);
  // A temporary key without its token is unknown to AWS.
  if (!user || (user.sessionToken !== undefined && token === undefined)) {
    throw new S3Error('InvalidAccessKeyId', { details: { AWSAccessKeyId: accessKeyId } });
  }
  if (token !== undefined && token !== user.sessionToken) {
    throw new S3Error('InvalidToken', { details: { 'Token-0': token } });
  }
  if (user.expiresAt && user.expiresAt.getTime() <= context.now) {
    throw new S3Error('ExpiredToken', { details: { 'Token-0': token ?? '' } });
  }
  return user;
}

/** What {@link verifySignature} compares. */
interface SignatureClaim {
  readonly accessKeyId: string;
  readonly key: Uint8Array;
  readonly scope: CredentialScope;
  readonly amzDate: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly payloadHash: string;
}

/**
 * Compares the signature of a request with the one its key gives.
 *
 * @throws S3Error `AccessDenied` for headers that must be signed and are not,
 *   `SignatureDoesNotMatch` with the strings both sides should have signed
 */
export function verifySignature(request: IncomingRequest, claim: SignatureClaim): void {
  const signed = new Set(claim.signedHeaders);
  const unsigned = Object.keys(request.headers).filter(
    (name) => (name.startsWith('x-amz-') || name === 'host') && !signed.has(name),
  );
  if (unsigned.length > 0) {
    throw new S3Error('AccessDenied', {
      message: 'There were headers present in the request which were not signed',
      details: { HeadersNotSigned: unsigned.join(', ') },
    });
  }
  const canonical = canonicalRequest({
    method: request.method,
    path: request.target.path,
    query: request.target.query.parameters.filter(
      ({ name }) => name !== 'X-Amz-Signature',
    ),
    headers: claim.signedHeaders.map((name) => [name, request.headers[name] ?? '']),
    payloadHash: claim.payloadHash,
  });
  const toSign = stringToSign(claim.amzDate, claim.scope, canonical);
  if (sameText(hmac(claim.key, toSign).toString('hex'), claim.signature)) return;
  // Header bytes arrive as latin1; a client may have signed the UTF-8 text they are.
  const bytes = Buffer.from(canonical, 'latin1');
  const second = stringToSign(claim.amzDate, claim.scope, bytes);
  if (sameText(hmac(claim.key, second).toString('hex'), claim.signature)) return;
  throw new S3Error('SignatureDoesNotMatch', {
    details: {
      AWSAccessKeyId: claim.accessKeyId,
      StringToSign: toSign,
      SignatureProvided: claim.signature,
      CanonicalRequest: canonical,
    },
  });
}

/** Compares two texts in constant time. */
export function sameText(a: string, b: string): boolean {
  const x = Buffer.from(a);
  const y = Buffer.from(b);
  return x.length === y.length && timingSafeEqual(x, y);
}
