import type {
  PreflightAnswer,
  PreflightQuestion,
} from '../../../shared/domain/exposure.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { PlainAnswer } from './plain-request.ts';

/**
 * The headers of a browser's preflight: names of headers in lower case, sorted, without
 * blanks. Throws `aspect.invalid` for what no browser could send.
 * https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
export function preflightHeaders(question: PreflightQuestion): Record<string, string> {
  const { origin, method } = question;
  const headers = question.headers.map((name) => name.trim().toLowerCase()).sort();
  const words = { Origin: origin, Method: method };
  for (const [field, value] of Object.entries(words)) {
    if (value === '') refuse('empty', field);
    if (!/^[\x21-\x7e]+$/.test(value)) refuse('line-break', field);
  }
  for (const name of headers) {
    if (!/^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(name)) refuse('name', name);
  }
  return {
    origin,
    'access-control-request-method': method,
    ...(headers.length === 0
      ? {}
      : { 'access-control-request-headers': headers.join(',') }),
  };
}

/** What a browser reads in the answer. */
export function preflightAnswer({ status, headers }: PlainAnswer): PreflightAnswer {
  const read = (name: string): string => headers[`access-control-${name}`] ?? '';
  return {
    status,
    allowOrigin: read('allow-origin'),
    allowMethods: read('allow-methods'),
    allowHeaders: read('allow-headers'),
    exposeHeaders: read('expose-headers'),
    maxAge: read('max-age'),
    allowCredentials: read('allow-credentials') === 'true',
  };
}

function refuse(reason: string, field: string): never {
  throw new AppError('aspect.invalid', { params: { reason, field } });
}
