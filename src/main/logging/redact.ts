/** What stands in a log where a secret was. */
export const REDACTED = '[redacted]';

/** Names of fields whose value never gets into a log. */
const SECRET_FIELD =
  /secret|token|password|passphrase|authorization|credential|cipher|^signature$|^cookie$/i;
/**
 * Query parameters, headers and fields that grant access, inside any text: of addresses,
 * of header lines, and of JSON that somebody put into a message.
 */
const SECRET_TEXTS = [
  /((?:X-Amz-(?:Signature|Credential|Security-Token)|AWSAccessKeyId|Signature)(?:=|%3D))[^&\s"']+/gi,
  /(\bAuthorization\\?["']?\s*[:=]\s*\\?["']?)[^\r\n"'\\]+/gi,
  /(\bX-Amz-Security-Token\\?["']?\s*:\s*\\?["']?)[^\r\n"'\\]+/gi,
  /(\b(?:secretAccessKey|secret_access_key|sessionToken|session_token|password)\\?["']?\s*[:=]\s*\\?["']?)[^\s"'\\,}]+/gi,
  /(\bAWS4-HMAC-SHA256\s+Credential=)[^\r\n"']+/gi,
  /(\bhttps?:\/\/[^\s/:@"']*:)[^\s/@"']+(?=@)/gi,
];
const MAX_DEPTH = 8;
const MAX_TEXT = 4_000;

/**
 * A copy of log details without secrets: by field name at any depth, and presigned
 * parameters and authorisation headers within texts. Errors become plain data.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (value instanceof Error) return redactError(value, depth);
  if (Array.isArray(value)) return value.map((each) => redact(each, depth + 1));
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      SECRET_FIELD.test(key) ? REDACTED : redact(each, depth + 1),
    ]),
  );
}

/** A text without presigned parameters, at most 4,000 characters. */
export function redactText(text: string): string {
  return SECRET_TEXTS.reduce(
    (cleaned, pattern) => cleaned.replace(pattern, `$1${REDACTED}`),
    text.slice(0, MAX_TEXT),
  );
}

function redactError(error: Error, depth: number): unknown {
  const code = 'code' in error ? { code: String(error.code) } : {};
  const cause =
    error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) };
  return {
    name: error.name,
    message: redactText(error.message),
    ...code,
    ...(error.stack === undefined ? {} : { stack: redactText(error.stack) }),
    ...cause,
  };
}
