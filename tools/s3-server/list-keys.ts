import { compareKeys, type SortedKeys } from './store/sorted-keys.ts';

/** What to list. */
export interface ListRequest {
  readonly prefix: string;
  /** Empty: no grouping. */
  readonly delimiter: string;
  /** List what comes after this key or common prefix; empty: from the start. */
  readonly after: string;
  readonly maxEntries: number;
}

/** A key or a group of keys with a common prefix. */
export interface ListEntry {
  readonly kind: 'key' | 'prefix';
  readonly name: string;
}

/** A page of a listing. */
interface ListPage {
  readonly entries: readonly ListEntry[];
  readonly truncated: boolean;
}

/**
 * Lists keys in UTF-8 byte order, grouping those that share everything up to the first
 * delimiter after the prefix. Costs a search per entry, not a walk over a group's keys.
 */
export function listKeys(keys: SortedKeys, request: ListRequest): ListPage {
  const { prefix, delimiter, after, maxEntries } = request;
  const entries: ListEntry[] = [];
  if (maxEntries === 0) return { entries, truncated: false };
  let cursor = keys.seek((key) => compareKeys(key, prefix) < 0);
  if (after !== '' && compareKeys(after, prefix) >= 0) {
    // After a common prefix nothing of its group is listed again.
    cursor = isGroup(after, request)
      ? keys.seek((key) => compareKeys(key, after) < 0 || key.startsWith(after))
      : keys.seek((key) => compareKeys(key, after) <= 0);
  }
  for (;;) {
    const { key } = cursor;
    if (key === undefined || !key.startsWith(prefix))
      return { entries, truncated: false };
    if (entries.length === maxEntries) return { entries, truncated: true };
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    if (end < 0) {
      entries.push({ kind: 'key', name: key });
      cursor.advance();
      continue;
    }
    const group = key.slice(0, end + delimiter.length);
    entries.push({ kind: 'prefix', name: group });
    cursor = keys.seek(
      (candidate) => compareKeys(candidate, group) < 0 || candidate.startsWith(group),
    );
  }
}

function isGroup(name: string, { prefix, delimiter }: ListRequest): boolean {
  if (delimiter === '' || !name.startsWith(prefix)) return false;
  const end = name.indexOf(delimiter, prefix.length);
  return end >= 0 && end + delimiter.length === name.length;
}

/**
 * Encodes a key for `encoding-type=url`: like a form, so a space is `+`, but with `/`
 * left as it is.
 */
export function encodeListedKey(key: string): string {
  return new URLSearchParams([['', key]]).toString().slice(1).replaceAll('%2F', '/');
}
