import type { Bookmark } from '../../../shared/domain/bookmark.ts';

/** Server of an endpoint, with a port where it is not the usual one. */
export function hostOf(endpoint: string): string {
  return endpoint
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/[/?#].*$/s, '');
}

/** What a bookmark is called: its name, else its bucket, else its server. */
export function displayName(
  bookmark: Pick<Bookmark, 'nickname' | 'endpoint' | 'root'>,
): string {
  const nickname = bookmark.nickname.trim();
  if (nickname !== '') return nickname;
  const root = bookmark.root.trim().replace(/^\/|\/$/g, '');
  return root === '' ? hostOf(bookmark.endpoint) : root;
}

/** Second line of a bookmark: where it leads, without repeating the first line. */
export function secondaryText(
  bookmark: Pick<Bookmark, 'nickname' | 'endpoint' | 'root'>,
): string {
  const root = bookmark.root.replace(/\/$/, '');
  if (root !== '' && displayName(bookmark) !== root) return root;
  const host = hostOf(bookmark.endpoint);
  return displayName(bookmark) === host ? '' : host;
}

/** Whether a bookmark has the searched text in its name, server, path or key. */
export function matchesSearch(bookmark: Bookmark, search: string): boolean {
  const text = search.trim().toLowerCase();
  if (text === '') return true;
  return [bookmark.nickname, bookmark.endpoint, bookmark.root, bookmark.accessKeyId].some(
    (part) => part.toLowerCase().includes(text),
  );
}
