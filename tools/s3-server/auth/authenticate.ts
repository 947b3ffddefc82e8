import { S3Error } from '../errors.ts';
import { planPayload } from './payload-plan.ts';
import { authenticatePresigned } from './presigned.ts';
import { signV2, stringToSignV2 } from './sigv2.ts';
import { type CredentialScope, parseAmzDate, signingKey } from './sigv4.ts';
import {
  type Authentication,
  type AuthenticationContext,
  type IncomingRequest,
  identify,
  MAX_SKEW_MS,
  parseCredential,
  sameText,
  verifySignature,
} from './verify.ts';

/**
 * Verifies a request's signature.
 *
 * @throws S3Error with the code AWS uses for each kind of refusal
 */
export function authenticate(
  request: IncomingRequest,
  context: AuthenticationContext,
): Authentication {
  const authorization = request.headers['authorization'];
  const inQuery =
    request.target.query.has('X-Amz-Algorithm') ||
    request.target.query.has('X-Amz-Signature');
  if (authorization !== undefined && inQuery) {
    throw new S3Error('InvalidArgument', {
      message:
        'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
      details: { ArgumentName: 'Authorization', ArgumentValue: authorization },
    });
  }
  if (inQuery) return authenticatePresigned(request, context);
  if (authorization === undefined) {
    return {
      user: undefined,
      presigned: false,
      payload: planPayload(request.headers, undefined),
    };
  }
  if (/^AWS [^:]+:.+$/.test(authorization)) {
    return authenticateV2(request, authorization, context);
  }
  return authenticateHeader(request, authorization, context);
}

function authenticateHeader(
  request: IncomingRequest,
  authorization: string,
  context: AuthenticationContext,
): Authentication {
  if (!authorization.startsWith('AWS4-HMAC-SHA256')) {
    throw new S3Error('InvalidArgument', {
      message: 'Unsupported Authorization Type',
      details: { ArgumentName: 'Authorization', ArgumentValue: authorization },
    });
  }
  const fields = authorizationFields(authorization);
  const { accessKeyId, scope } = parseCredential(fields.credential);
  if (!scope) {
    throw malformed(
      'The authorization header is malformed; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    );
  }
  const { amzDate, time } = requestDate(request.headers);
  if (scope.service !== 's3') {
    throw malformed(
      `The authorization header is malformed; incorrect service "${scope.service}". This endpoint belongs to "s3".`,
    );
  }
  requireRegion(scope, context);
  if (amzDate.slice(0, 8) !== scope.date) {
    throw malformed(
      `The authorization header is malformed; Invalid credential date "${scope.date}". This date is not the same as X-Amz-Date: "${amzDate.slice(0, 8)}".`,
    );
  }
  const payloadHash = request.headers['x-amz-content-sha256'];
  if (payloadHash === undefined) {
    throw new S3Error('InvalidRequest', {
      message: 'Missing required header for this request: x-amz-content-sha256',
    });
  }
  const user = identify(accessKeyId, request.headers['x-amz-security-token'], context);
  if (Math.abs(context.now - time) > MAX_SKEW_MS) {
    throw new S3Error('RequestTimeTooSkewed', {
      details: {
        RequestTime: amzDate,
        ServerTime: new Date(context.now).toISOString().replace(/\.\d+/, ''),
        MaxAllowedSkewMilliseconds: MAX_SKEW_MS,
      },
    });
  }
  const key = signingKey(user.secretAccessKey, scope);
  verifySignature(request, {
    accessKeyId,
    key,
    scope,
    amzDate,
    signedHeaders: fields.signedHeaders,
    signature: fields.signature,
    payloadHash,
  });
  return {
    user,
    presigned: false,
    payload: planPayload(request.headers, {
      signer: { key, scope, amzDate },
      seedSignature: fields.signature,
    }),
  };
}

interface AuthorizationFields {
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

function authorizationFields(authorization: string): AuthorizationFields {
  const fields = new Map<string, string>();
  for (const part of authorization.slice('AWS4-HMAC-SHA256'.length).split(',')) {
    const equals = part.indexOf('=');
    if (equals > 0)
      fields.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  const credential = fields.get('Credential');
  const signedHeaders = fields.get('SignedHeaders');
  const signature = fields.get('Signature');
  if (!credential || !signedHeaders || !signature) {
    throw malformed(
      'The authorization header is malformed; the authorization header requires three components: Credential, SignedHeaders, and Signature.',
    );
  }
  return { credential, signedHeaders: signedHeaders.split(';'), signature };
}

function requestDate(headers: IncomingRequest['headers']): {
  readonly amzDate: string;
  readonly time: number;
} {
  const text = headers['x-amz-date'] ?? headers['date'];
  const time = text === undefined ? undefined : parseAmzDate(text);
  if (text !== undefined && time !== undefined) return { amzDate: text, time };
  throw new S3Error('AccessDenied', {
    message: 'AWS authentication requires a valid Date or x-amz-date header',
  });
}

function requireRegion(scope: CredentialScope, context: AuthenticationContext): void {
  if (context.regions.includes(scope.region)) return;
  const expected = context.regions[0] ?? '';
  throw new S3Error('AuthorizationHeaderMalformed', {
    message: `The authorization header is malformed; the region '${scope.region}' is wrong; expecting '${expected}'`,
    details: { Region: expected },
    headers: { 'x-amz-bucket-region': expected },
  });
}

function authenticateV2(
  request: IncomingRequest,
  authorization: string,
  context: AuthenticationContext,
): Authentication {
  if (!context.allowV2) {
    throw new S3Error('InvalidRequest', {
      message:
        'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    });
  }
  const colon = authorization.lastIndexOf(':');
  const accessKeyId = authorization.slice('AWS '.length, colon);
  const date = request.headers['x-amz-date'] ?? request.headers['date'];
  const time = date === undefined ? Number.NaN : Date.parse(date);
  if (Number.isNaN(time)) {
    throw new S3Error('AccessDenied', {
      message: 'AWS authentication requires a valid Date or x-amz-date header',
    });
  }
  const user = identify(accessKeyId, request.headers['x-amz-security-token'], context);
  if (Math.abs(context.now - time) > MAX_SKEW_MS) {
    throw new S3Error('RequestTimeTooSkewed');
  }
  const { target } = request;
  const text = stringToSignV2({
    method: request.method,
    resource: `${target.virtualHost ? `/${target.bucket}` : ''}${target.rawPath}`,
    query: target.query.parameters,
    headers: request.headers,
  });
  const signature = authorization.slice(colon + 1);
  if (!sameText(signV2(user.secretAccessKey, text), signature)) {
    throw new S3Error('SignatureDoesNotMatch', {
      details: { AWSAccessKeyId: accessKeyId, StringToSign: text },
    });
  }
  return { user, presigned: false, payload: planPayload(request.headers, undefined) };
}

function malformed(message: string): S3Error {
  return new S3Error('AuthorizationHeaderMalformed', { message });
}
