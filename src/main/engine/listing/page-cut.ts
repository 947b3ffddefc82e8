import { compareNames } from '../s3/name-order.ts';
import type { RemotePage } from '../s3/s3-connection.ts';

/** The page without the names after `to`; the same page when there are none. */
export function cutPage(page: RemotePage, to: string): RemotePage {
  const keys = countUpTo(page.keys, to);
  const prefixes = countUpTo(page.prefixes, to);
  if (keys === page.keys.length && prefixes === page.prefixes.length) return page;
  return {
    prefixes: page.prefixes.slice(0, prefixes),
    keys: page.keys.slice(0, keys),
    sizes: page.sizes.slice(0, keys),
    modified: page.modified.slice(0, keys),
    etags: page.etags.slice(0, keys),
    storageClasses: page.storageClasses.slice(0, keys),
    cursor: page.cursor,
  };
}

/** The last page of a listing that turned out to have nothing more. */
export const EMPTY_PAGE: RemotePage = {
  prefixes: [],
  keys: [],
  sizes: new Float64Array(0),
  modified: new Float64Array(0),
  etags: [],
  storageClasses: [],
  cursor: null,
};

/** How many of the sorted names are not after `to`. */
function countUpTo(names: readonly string[], to: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareNames(names[middle] ?? '', to) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
