import { CORS_METHODS, isHeaderName } from './check-rules.ts';

/** Part of a question as typed: what it says, or what to do about it. */
export type Understood<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

/**
 * The origin a browser would send for what was typed: a whole address is cut behind its
 * host, and the usual port is left out.
 */
export function readOrigin(text: string): Understood<string> {
  const typed = text.trim();
  if (typed === '') {
    return {
      ok: false,
      message: 'Enter the page’s origin, such as https://app.example.com.',
    };
  }
  if (typed === 'null') return { ok: true, value: typed };
  if (typed.includes('*')) {
    return { ok: false, message: 'Enter the origin of one page, without a *.' };
  }
  // Pages opened from the disk have no origin of their own.
  if (/^file:/i.test(typed)) return { ok: true, value: 'null' };
  const [, scheme, host] =
    /^([a-z][a-z0-9+.-]*):\/\/([^/?#\s]+)(?:[/?#].*)?$/i.exec(typed) ?? [];
  if (scheme === undefined || host === undefined) {
    const guess = /^[\w.-]+(?::\d+)?(?:\/|$)/.exec(typed)?.[0].replace(/\/$/, '');
    return {
      ok: false,
      message:
        guess === undefined
          ? 'An origin has a scheme and a host: https://app.example.com.'
          : `Begin with the scheme: https://${guess}`,
    };
  }
  if (!/^https?$/i.test(scheme))
    return { ok: true, value: `${scheme}://${host}`.toLowerCase() };
  if (!URL.canParse(`${scheme}://${host}`)) {
    return { ok: false, message: `“${host}” is no host. Check it for slips.` };
  }
  return { ok: true, value: new URL(`${scheme}://${host}`).origin };
}

/** A method a page can use of S3. */
export function readMethod(text: string): Understood<string> {
  const method = text.trim().toUpperCase();
  const known: readonly string[] = CORS_METHODS;
  return known.includes(method)
    ? { ok: true, value: method }
    : { ok: false, message: 'Choose GET, HEAD, PUT, POST or DELETE.' };
}

/** Names of headers, one on a line or with commas between them, each one once. */
export function readHeaderNames(text: string): Understood<readonly string[]> {
  const names: string[] = [];
  for (const piece of text.split(/[,\n]/)) {
    // Somebody may paste whole headers.
    const name = piece.split(':')[0]?.trim().toLowerCase() ?? '';
    if (name === '' || names.includes(name)) continue;
    if (!isHeaderName(name) || name.includes('*')) {
      return {
        ok: false,
        message: `“${name}” is no header’s name. Put commas between names.`,
      };
    }
    names.push(name);
  }
  if (names.length > 100) return { ok: false, message: 'Enter at most 100 headers.' };
  return { ok: true, value: names };
}
