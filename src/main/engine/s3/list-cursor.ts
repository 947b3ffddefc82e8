import type { RemotePage } from './s3-connection.ts';

/**
 * Where a page begins. The first letter of a cursor says which: `1:` the marker of version
 * 1, `2:` the token of version 2, `a:` after a name, which both versions know.
 */
export type ListCursor =
  | { readonly kind: 'start' }
  | { readonly kind: 'marker' | 'token' | 'after'; readonly value: string };

const KINDS = { '1:': 'marker', '2:': 'token', 'a:': 'after' } as const;

/** Reads a cursor; what is no cursor is taken for a token, which the server judges. */
export function readCursor(cursor: string | null): ListCursor {
  if (cursor === null) return { kind: 'start' };
  // From the start, but in version 1.
  if (cursor === '1:') return { kind: 'marker', value: '' };
  if (cursor.length <= 2) return { kind: 'start' };
  const kind = KINDS[cursor.slice(0, 2) as keyof typeof KINDS] ?? 'token';
  return { kind, value: cursor.slice(2) };
}

/** The cursor of the page that starts after a name, be the name there or not. */
export function cursorAfter(name: string): string {
  return `a:${name}`;
}

/**
 * Servers tell the folder once more that the name lies in which a page starts after. It
 * belongs to the pages before, as do all names up to that one.
 */
export function withoutFolderOf(page: RemotePage, cursor: string | null): RemotePage {
  const start = readCursor(cursor);
  const [prefix] = page.prefixes;
  if (start.kind !== 'after' || prefix === undefined) return page;
  if (!start.value.startsWith(prefix)) return page;
  return { ...page, prefixes: page.prefixes.slice(1) };
}
