import type { ProviderDetails, SerializedAppError } from '../errors/app-error.ts';
import type { ErrorText, ErrorTexts } from './error-text.ts';
import { LOCAL_ERRORS } from './local-errors.en.ts';
import { SERVER_ERRORS } from './server-errors.en.ts';

/** An error's words with the server's own code and request id for support. */
export interface ErrorMessage extends ErrorText {
  /** One line such as `SlowDown · HTTP 503 · request 4A2…`; empty when there is nothing. */
  readonly details: string;
}

/** Words of every error code: a new code without them does not compile. */
const TEXTS: ErrorTexts = { ...SERVER_ERRORS, ...LOCAL_ERRORS };

/** The words for an error, in English. Never fails, whatever the error carries. */
export function errorText(error: SerializedAppError): ErrorMessage {
  const { params, provider } = error;
  const name = (param: string, fallback: string): string => {
    const value = params[param];
    return value === undefined || value === '' ? fallback : `“${value}”`;
  };
  const text = (TEXTS[error.code] ?? TEXTS.internal)({ params, provider, name });
  return { ...text, details: detailsLine(provider) };
}

function detailsLine(provider: ProviderDetails | undefined): string {
  if (provider === undefined) return '';
  const message = provider.message?.trim() ?? '';
  return [
    provider.service ?? '',
    provider.httpStatus === undefined ? '' : `HTTP ${provider.httpStatus}`,
    message === '' ? '' : `“${message}”`,
    provider.requestId === undefined ? '' : `request ${provider.requestId}`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
