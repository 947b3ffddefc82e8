import { AppError } from '../../../shared/errors/app-error.ts';
import { ServiceFailure } from './service-failure.ts';

/**
 * The document of a good answer without blanks around it. Complete and Copy keep the
 * connection alive with blanks and may fail late: an error in a 200 throws
 * {@link ServiceFailure}. Another document than one of `expected` (`|` between names) throws
 * `provider.unsupported`; none, or half of one, `provider.malformed-response`.
 */
export function checkDocument(
  text: string,
  expected: string,
  headers: Readonly<Record<string, string>>,
): string {
  const document = text.trim();
  const root = /^(?:<\?[^>]*\?>\s*|<!--[^]*?-->\s*)*<(?:\w+:)?(\w+)/.exec(document)?.[1];
  // The status is 200, so the code alone decides; without one we know it is their fault.
  if (root === 'Error') throw new ServiceFailure(500, headers, document);
  if (root === undefined) throw malformed(document === '' ? 'empty' : 'not-xml');
  if (!expected.split('|').includes(root)) {
    const what = root.toLowerCase() === 'html' ? 'not-xml' : root;
    if (what === 'not-xml') throw malformed(what);
    throw new AppError('provider.unsupported', { params: { expected, received: root } });
  }
  if (!/(?:<\/(?:\w+:)?\w+\s*>|\/>)$/.test(document) || !closes(document, root)) {
    throw malformed('cut-off');
  }
  return document;
}

function closes(document: string, root: string): boolean {
  const end = document.slice(-root.length - 80);
  return new RegExp(`</(?:\\w+:)?${root}\\s*>$|<(?:\\w+:)?${root}[^<>]*/>$`).test(end);
}

/** An answer that cannot be read. */
export function malformed(reason: string): AppError {
  return new AppError('provider.malformed-response', { params: { reason } });
}
