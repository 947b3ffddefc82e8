import type { PreflightAnswer } from '../exposure.ts';
import type { CorsQuestion } from './match.ts';

/** Why a browser would not go on after an answer to its preflight. */
export type Refusal =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'no-origin' }
  | { readonly kind: 'other-origin'; readonly allowed: string }
  | { readonly kind: 'wildcard-credentials' }
  | { readonly kind: 'no-credentials' }
  | { readonly kind: 'method'; readonly allowed: readonly string[] }
  | { readonly kind: 'headers'; readonly missing: readonly string[] };

/** Methods that need no leave. https://fetch.spec.whatwg.org/#cors-safelisted-method */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST']);

/**
 * All that would keep a browser from sending the request after this answer to its
 * preflight; empty: it sends it. https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
export function refusals(
  answer: PreflightAnswer,
  { origin, method, headers, credentials }: CorsQuestion,
): readonly Refusal[] {
  const found: Refusal[] = [];
  if (answer.status < 200 || answer.status > 299) {
    found.push({ kind: 'status', status: answer.status });
    // A refusal allows nothing: there is no need to say so of everything.
    if (answer.allowOrigin === '') return found;
  }
  const { allowOrigin } = answer;
  if (allowOrigin === '') found.push({ kind: 'no-origin' });
  else if (allowOrigin === '*') {
    if (credentials) found.push({ kind: 'wildcard-credentials' });
  } else if (allowOrigin !== origin) {
    found.push({ kind: 'other-origin', allowed: allowOrigin });
  }
  if (credentials && allowOrigin !== '*' && !answer.allowCredentials) {
    found.push({ kind: 'no-credentials' });
  }
  // With credentials `*` is only a name like another one.
  const star = (names: readonly string[]): boolean => !credentials && names.includes('*');
  const methods = namesIn(answer.allowMethods);
  if (!SAFE_METHODS.has(method) && !methods.includes(method) && !star(methods)) {
    found.push({ kind: 'method', allowed: methods });
  }
  const allowed = namesIn(answer.allowHeaders).map((name) => name.toLowerCase());
  const missing = headers.filter((name) => {
    const lower = name.toLowerCase();
    return !allowed.includes(lower) && (lower === 'authorization' || !star(allowed));
  });
  if (missing.length > 0) found.push({ kind: 'headers', missing });
  return found;
}

function namesIn(list: string): readonly string[] {
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
