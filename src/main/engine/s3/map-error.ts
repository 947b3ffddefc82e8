import { AppError, type ProviderDetails } from '../../../shared/errors/app-error.ts';
import type { ErrorCode } from '../../../shared/errors/codes.ts';
import { ServiceFailure } from './service-failure.ts';

/** What an error was about, for the user's text. */
export interface ErrorContext {
  /** Host and port of the server. */
  readonly host: string;
  readonly bucket?: string | undefined;
  readonly key?: string | undefined;
  /** The request named a multipart upload: what is not found is the upload. */
  readonly upload?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The server's codes. AWS: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html;
 * `XMinio…`: MinIO; `QuotaExceeded`: Ceph; the lower-case ones: Backblaze B2.
 */
const BY_SERVICE_CODE: Readonly<Record<string, ErrorCode>> = {
  InvalidAccessKeyId: 'auth.invalid-key',
  InvalidClientTokenId: 'auth.invalid-key',
  InvalidToken: 'auth.invalid-key',
  InvalidSecurity: 'auth.invalid-key',
  NotSignedUp: 'auth.invalid-key',
  SignatureDoesNotMatch: 'auth.signature',
  MissingSecurityHeader: 'auth.signature',
  AuthorizationHeaderMalformed: 'auth.signature',
  AuthorizationQueryParametersError: 'auth.signature',
  CredentialsNotSupported: 'auth.signature',
  Unauthorized: 'auth.signature',
  unauthorized: 'auth.signature',
  ExpiredToken: 'auth.expired',
  TokenRefreshRequired: 'auth.expired',
  expired_auth_token: 'auth.expired',
  AccessDenied: 'access.denied',
  AccessForbidden: 'access.denied',
  AllAccessDisabled: 'access.denied',
  AccountProblem: 'access.denied',
  UnauthorizedAccess: 'access.denied',
  UserSuspended: 'access.denied',
  access_denied: 'access.denied',
  InvalidObjectState: 'access.object-archived',
  ObjectNotInActiveTierError: 'access.object-archived',
  ObjectLocked: 'access.locked',
  NoSuchBucket: 'bucket.not-found',
  BucketAlreadyExists: 'bucket.exists',
  BucketAlreadyOwnedByYou: 'bucket.exists',
  BucketNotEmpty: 'bucket.not-empty',
  InvalidBucketName: 'bucket.name-invalid',
  PermanentRedirect: 'bucket.wrong-region',
  TemporaryRedirect: 'bucket.wrong-region',
  Redirect: 'bucket.wrong-region',
  InvalidRegion: 'bucket.wrong-region',
  IllegalLocationConstraintException: 'bucket.wrong-region',
  InvalidLocationConstraint: 'bucket.wrong-region',
  NoSuchKey: 'object.not-found',
  NoSuchVersion: 'object.not-found',
  KeyTooLongError: 'object.name-invalid',
  KeyTooLong: 'object.name-invalid',
  InvalidURI: 'object.name-invalid',
  InvalidObjectName: 'object.name-invalid',
  XMinioInvalidObjectName: 'object.name-invalid',
  XMinioParentIsObject: 'object.name-invalid',
  PreconditionFailed: 'precondition.failed',
  ConditionalRequestConflict: 'precondition.failed',
  NotModified: 'precondition.failed',
  InvalidRange: 'precondition.failed',
  NotImplemented: 'provider.unsupported',
  MethodNotAllowed: 'provider.unsupported',
  UnsupportedOperation: 'provider.unsupported',
  InvalidArgument: 'provider.unsupported',
  InvalidRequest: 'provider.unsupported',
  MalformedXML: 'provider.unsupported',
  MissingContentLength: 'provider.unsupported',
  MissingContentMD5: 'provider.unsupported',
  InvalidStorageClass: 'provider.unsupported',
  AccessControlListNotSupported: 'access.bucket-owner',
  EntityTooSmall: 'provider.unsupported',
  QuotaExceeded: 'provider.quota',
  TooManyBuckets: 'provider.quota',
  InsufficientStorageSpace: 'provider.quota',
  XMinioStorageFull: 'provider.quota',
  XMinioAdminBucketQuotaExceeded: 'provider.quota',
  storage_cap_exceeded: 'provider.quota',
  transaction_cap_exceeded: 'provider.quota',
  download_cap_exceeded: 'provider.quota',
  RequestTimeTooSkewed: 'provider.clock-skew',
  RequestInTheFuture: 'provider.clock-skew',
  InternalError: 'provider.internal',
  OperationAborted: 'provider.internal',
  SlowDown: 'throttle.slow-down',
  ServiceUnavailable: 'throttle.slow-down',
  Throttling: 'throttle.slow-down',
  ThrottlingException: 'throttle.slow-down',
  RequestThrottled: 'throttle.slow-down',
  BandwidthLimitExceeded: 'throttle.slow-down',
  RequestLimitExceeded: 'throttle.slow-down',
  TooManyRequests: 'throttle.too-many',
  TooManyRequestsException: 'throttle.too-many',
  RequestTimeout: 'network.timeout',
  IncompleteBody: 'network.reset',
  BadDigest: 'transfer.checksum-mismatch',
  InvalidDigest: 'transfer.checksum-mismatch',
  XAmzContentSHA256Mismatch: 'transfer.checksum-mismatch',
  XAmzContentChecksumMismatch: 'transfer.checksum-mismatch',
  NoSuchUpload: 'transfer.upload-gone',
  InvalidPart: 'transfer.upload-gone',
  InvalidPartOrder: 'transfer.upload-gone',
  EntityTooLarge: 'transfer.too-large',
};

/** For answers without a code we know: HEAD (no body), proxies, odd servers. */
const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  301: 'bucket.wrong-region',
  302: 'bucket.wrong-region',
  304: 'precondition.failed',
  307: 'bucket.wrong-region',
  308: 'bucket.wrong-region',
  400: 'provider.unsupported',
  401: 'auth.signature',
  402: 'provider.quota',
  403: 'access.denied',
  405: 'provider.unsupported',
  407: 'network.proxy',
  408: 'network.timeout',
  411: 'provider.unsupported',
  412: 'precondition.failed',
  413: 'transfer.too-large',
  416: 'precondition.failed',
  429: 'throttle.too-many',
  501: 'provider.unsupported',
  503: 'throttle.slow-down',
  507: 'provider.quota',
};

/** Node's codes of sockets, DNS and TLS. */
const BY_NODE_CODE: Readonly<Record<string, ErrorCode>> = {
  ENOTFOUND: 'network.dns',
  EAI_AGAIN: 'network.dns',
  EAI_NODATA: 'network.dns',
  EAI_NONAME: 'network.dns',
  ECONNREFUSED: 'network.refused',
  ETIMEDOUT: 'network.timeout',
  ESOCKETTIMEDOUT: 'network.timeout',
  ECONNRESET: 'network.reset',
  ECONNABORTED: 'network.reset',
  EPIPE: 'network.reset',
  ERR_STREAM_PREMATURE_CLOSE: 'network.reset',
  EADDRNOTAVAIL: 'network.offline',
  ENETDOWN: 'network.offline',
  ENETUNREACH: 'network.offline',
  EHOSTUNREACH: 'network.offline',
  EHOSTDOWN: 'network.offline',
  EPROTO: 'network.tls',
  ENOENT: 'local.not-found',
  EACCES: 'local.denied',
  EPERM: 'local.denied',
  ENOSPC: 'local.no-space',
  EDQUOT: 'local.no-space',
  EBUSY: 'local.busy',
  EISDIR: 'local.io',
  EIO: 'local.io',
  EMFILE: 'local.io',
  ENFILE: 'local.io',
};

/** Why a certificate was refused, as the `reason` of `network.tls`. */
const TLS_REASONS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'untrusted',
  CERT_UNTRUSTED: 'untrusted',
  CERT_REJECTED: 'untrusted',
  CERT_REVOKED: 'untrusted',
  CERT_SIGNATURE_FAILURE: 'untrusted',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'other-name',
  EPROTO: 'protocol',
};

/** Any error on the way to or from the server as an `AppError`. */
export function mapError(error: unknown, context: ErrorContext): AppError {
  if (error instanceof AppError) return error;
  if (context.signal?.aborted) return new AppError('transfer.cancelled');
  if (error instanceof ServiceFailure) return mapServiceFailure(error, context);
  return mapNodeError(error, context);
}

function mapServiceFailure(failure: ServiceFailure, context: ErrorContext): AppError {
  const wait = retryAfterMs(failure.headers);
  return new AppError(codeOfFailure(failure, context), {
    params: { ...paramsOf(context), ...(wait === null ? {} : { retryAfterMs: wait }) },
    provider: providerDetails(failure),
    cause: failure,
  });
}

/** Longest pause a server may ask of us, ms. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * What `Retry-After` asks for in ms: seconds, or a date, which is held against the
 * server's own clock. `null`: nothing we understand.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>): number | null {
  const value = headers['retry-after']?.trim();
  if (value === undefined || value === '') return null;
  const ms = /^\d+$/.test(value)
    ? Number(value) * 1_000
    : Date.parse(value) - Date.parse(headers['date'] ?? '');
  return ms > 0 ? Math.min(ms, MAX_RETRY_AFTER_MS) : null;
}

function codeOfFailure(failure: ServiceFailure, context: ErrorContext): ErrorCode {
  const { service, status } = failure;
  // MinIO and AWS name the right region there; without one it is the credentials.
  if (service === 'AuthorizationHeaderMalformed' && failure.fields['Region']) {
    return 'bucket.wrong-region';
  }
  // A server that wants another signature version than the bookmark says.
  if (service === 'InvalidRequest' && failure.text.includes('AWS4-HMAC-SHA256')) {
    return 'auth.signature';
  }
  if (context.upload === true && (service === 'NoSuchKey' || status === 404)) {
    return service === 'NoSuchBucket' ? 'bucket.not-found' : 'transfer.upload-gone';
  }
  const byCode = Object.hasOwn(BY_SERVICE_CODE, service)
    ? BY_SERVICE_CODE[service]
    : undefined;
  if (byCode !== undefined) return byCode;
  if (status === 400 && failure.headers['x-amz-bucket-region'] !== undefined) {
    return 'bucket.wrong-region';
  }
  if (status === 404) {
    if (context.key !== undefined) return 'object.not-found';
    return context.bucket === undefined ? 'provider.unsupported' : 'bucket.not-found';
  }
  const byStatus = BY_STATUS[status];
  if (byStatus !== undefined) return byStatus;
  return status >= 500 || status === 409
    ? 'provider.internal'
    : 'provider.malformed-response';
}

function mapNodeError(error: unknown, context: ErrorContext): AppError {
  const params = paramsOf(context);
  const { name, code, message } = describe(error);
  if (code in TLS_REASONS || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) {
    const reason = TLS_REASONS[code] ?? 'protocol';
    return new AppError('network.tls', { params: { ...params, reason }, cause: error });
  }
  const known = BY_NODE_CODE[code];
  if (known !== undefined) return new AppError(known, { params, cause: error });
  if (name === 'TimeoutError') {
    return new AppError('network.timeout', { params, cause: error });
  }
  if (code.startsWith('HPE_') || message.includes('Deserialization error')) {
    return new AppError('provider.malformed-response', { params, cause: error });
  }
  // The SDK closes a socket this way when the server hangs up before answering.
  if (name === 'AbortError' || message.includes('socket hang up')) {
    return new AppError('network.reset', { params, cause: error });
  }
  if (message.startsWith('Region not accepted')) {
    return new AppError('input.invalid', { params: { field: 'region' }, cause: error });
  }
  return new AppError('internal', { params: {}, cause: error });
}

function describe(error: unknown): { name: string; code: string; message: string } {
  if (!(error instanceof Error)) return { name: '', code: '', message: '' };
  // Happy eyeballs wrap the failures of every address into one error.
  const inner = error instanceof AggregateError ? error.errors[0] : undefined;
  const code =
    (error as NodeJS.ErrnoException).code ??
    (inner as NodeJS.ErrnoException | undefined)?.code ??
    '';
  return { name: error.name, code, message: error.message };
}

function paramsOf(context: ErrorContext): Record<string, string> {
  return {
    host: context.host,
    ...(context.bucket === undefined ? {} : { bucket: context.bucket }),
    ...(context.key === undefined ? {} : { key: context.key }),
  };
}

function providerDetails(failure: ServiceFailure): ProviderDetails {
  const { headers, fields } = failure;
  const requestId = headers['x-amz-request-id'] ?? fields['RequestId'];
  const extended = headers['x-amz-id-2'] ?? fields['HostId'];
  return {
    ...(failure.service === '' ? {} : { service: failure.service }),
    httpStatus: failure.status,
    ...(requestId === undefined ? {} : { requestId }),
    ...(extended === undefined ? {} : { extendedRequestId: extended }),
    ...(failure.text === '' ? {} : { message: failure.text.slice(0, 500) }),
  };
}
