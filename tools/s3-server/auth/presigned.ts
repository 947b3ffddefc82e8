import { S3Error } from '../errors.ts';
import { planPayload } from './payload-plan.ts';
import { parseAmzDate, SIGV4_ALGORITHM, signingKey } from './sigv4.ts';
import {
  type Authentication,
  type AuthenticationContext,
  type IncomingRequest,
  identify,
  MAX_SKEW_MS,
  parseCredential,
  verifySignature,
} from './verify.ts';

const MAX_EXPIRES_SECONDS = 7 * 24 * 3600;

/**
 * Verifies a presigned link ("Authenticating Requests: Using Query Parameters", Amazon
 * S3 API reference).
 *
 * @throws S3Error with the code AWS uses for each kind of refusal
 */
export function authenticatePresigned(
  request: IncomingRequest,
  context: AuthenticationContext,
): Authentication {
  const { query } = request.target;
  const credential = query.get('X-Amz-Credential');
  const amzDate = query.get('X-Amz-Date');
  const expiresText = query.get('X-Amz-Expires');
  const signedHeaders = query.get('X-Amz-SignedHeaders');
  const signature = query.get('X-Amz-Signature');
  if (!credential || !amzDate || !expiresText || !signedHeaders || !signature) {
    throw refused(
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    );
  }
  if (query.get('X-Amz-Algorithm') !== SIGV4_ALGORITHM) {
    throw refused('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  }
  const time = parseAmzDate(amzDate);
  if (time === undefined) {
    throw refused(
      "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"",
    );
  }
  if (!/^-?\d{1,12}$/.test(expiresText))
    throw refused('X-Amz-Expires should be a number');
  const expires = Number(expiresText);
  if (expires < 0) throw refused('X-Amz-Expires must be non-negative');
  if (expires > MAX_EXPIRES_SECONDS) {
    throw refused(
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    );
  }
  const { accessKeyId, scope } = parseCredential(credential);
  if (!scope || scope.service !== 's3' || scope.date !== amzDate.slice(0, 8)) {
    throw refused(
      'Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    );
  }
  if (!context.regions.includes(scope.region)) {
    const expected = context.regions[0] ?? '';
    throw new S3Error('AuthorizationQueryParametersError', {
      message: `Error parsing the X-Amz-Credential parameter; the region '${scope.region}' is wrong; expecting '${expected}'`,
      details: { Region: expected },
      headers: { 'x-amz-bucket-region': expected },
    });
  }
  requireValidTime(time, expires, context.now);
  const token =
    query.get('X-Amz-Security-Token') ?? request.headers['x-amz-security-token'];
  const user = identify(accessKeyId, token, context);
  const payloadHash =
    request.headers['x-amz-content-sha256'] ??
    query.get('X-Amz-Content-Sha256') ??
    'UNSIGNED-PAYLOAD';
  const key = signingKey(user.secretAccessKey, scope);
  verifySignature(request, {
    accessKeyId,
    key,
    scope,
    amzDate,
    signedHeaders: signedHeaders.split(';'),
    signature,
    payloadHash,
  });
  const headers = { ...request.headers, 'x-amz-content-sha256': payloadHash };
  const signer = { key, scope, amzDate };
  return {
    user,
    presigned: true,
    payload: planPayload(headers, { signer, seedSignature: signature }),
  };
}

function requireValidTime(time: number, expires: number, now: number): void {
  if (time - now > MAX_SKEW_MS) {
    throw new S3Error('AccessDenied', {
      message: 'Request is not yet valid',
      details: { ServerTime: isoSeconds(now) },
    });
  }
  const end = time + expires * 1000;
  if (now > end) {
    throw new S3Error('AccessDenied', {
      message: 'Request has expired',
      details: {
        'X-Amz-Expires': expires,
        Expires: isoSeconds(end),
        ServerTime: isoSeconds(now),
      },
    });
  }
}

/**
 * The headers of a presigned request, with those a signer moved into the query
 * (`x-amz-acl`, `x-amz-meta-…`) put back.
 */
export function headersWithQuery(
  request: IncomingRequest,
): Readonly<Record<string, string>> {
  const moved = request.target.query.parameters
    .map(({ name, value }) => [name.toLowerCase(), value ?? ''] as const)
    .filter(([name]) => name.startsWith('x-amz-') && !SIGNATURE_PARAMETERS.has(name));
  return { ...Object.fromEntries(moved), ...request.headers };
}

const SIGNATURE_PARAMETERS = new Set([
  'x-amz-algorithm',
  'x-amz-content-sha256',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-security-token',
  'x-amz-signature',
  'x-amz-signedheaders',
]);

function isoSeconds(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+/, '');
}

function refused(message: string): S3Error {
  return new S3Error('AuthorizationQueryParametersError', { message });
}
