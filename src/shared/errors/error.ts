import { ERROR_CODES, type ErrorCode, type RetryClass } from './codes.ts';

/** What the server said of itself when it refused. Safe to show and to log. */
export interface ProviderDetails {
  /** The server's own code, such as `SlowDown`. */
  readonly service?: string | undefined;
  readonly httpStatus?: number | undefined;
  readonly requestId?: string | undefined;
  readonly extendedRequestId?: string | undefined;
  /** The server's message, cut to 500 characters; may be empty (Ceph). */
  readonly message?: string | undefined;
}

/** Values the user's text may mention, such as `{ bucket }`. Never a secret. */
export type ErrorParams = Readonly<Record<string, string | number | boolean>>;

/** An error as it crosses a process border. */
export interface SerializedError {
  readonly code: ErrorCode;
  readonly params: ErrorParams;
  readonly provider?: ProviderDetails | undefined;
}

/**
 * An expected failure with a code. The text for people lives in the catalogue. This file
 * carries no schema, so that the window's bundle does not carry zod.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly params: ErrorParams;
  readonly provider: ProviderDetails | undefined;

  constructor(
    code: ErrorCode,
    options: {
      readonly params?: ErrorParams;
      readonly provider?: ProviderDetails | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.params = options.params ?? {};
    this.provider = options.provider;
  }

  /** What may be done about it without asking. */
  get retry(): RetryClass {
    return ERROR_CODES[this.code];
  }
}

/** Plain data for another process: no stack, no cause. Unknown errors become `internal`. */
export function serializeError(error: unknown): SerializedError {
  if (!(error instanceof AppError)) return { code: 'internal', params: {} };
  return error.provider === undefined
    ? { code: error.code, params: error.params }
    : { code: error.code, params: error.params, provider: error.provider };
}

/** The inverse of {@link serializeError}. */
export function deserializeError(error: SerializedError): AppError {
  return new AppError(error.code, { params: error.params, provider: error.provider });
}
