import { expect, test } from 'vitest';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import type { ListingPage } from '../../../shared/domain/listing.ts';
import { createPageCache } from './page-cache.ts';

const connectionId = 'c' as ConnectionId;
const ref = (prefix: string, bucket = 'b') => ({ connectionId, bucket, prefix });

function page(count: number, cursor: string | null = null): ListingPage {
  return {
    prefixes: [],
    keys: Array.from({ length: count }, String),
    sizes: new Float64Array(count),
    modified: new Float64Array(count),
    classes: [],
    classIndex: new Uint8Array(count),
    cursor,
  };
}

test('pages come back by their cursor', () => {
  const cache = createPageCache(100);
  const [first, second] = [page(1, '2:x'), page(1)];
  cache.put(ref('a/'), null, first);
  cache.put(ref('a/'), '2:x', second);
  expect(cache.get(ref('a/'), null)).toEqual(first);
  expect(cache.get(ref('a/'), '2:x')).toEqual(second);
  expect(cache.has(ref('a/'), '2:x')).toBe(true);
  expect(cache.has(ref('a/'), '2:y')).toBe(false);
  expect(cache.get(ref('a/'), '2:y')).toBeUndefined();
  expect(cache.get(ref('a'), null)).toBeUndefined();
});

test('names come back as they were, also odd ones', () => {
  const cache = createPageCache(100);
  const names = [
    ['a', ''],
    ['\0', 'a'],
    ['line\nfeed', '\u{1F600}'],
  ];
  for (const keys of names) {
    const whole = { ...page(keys.length), keys, prefixes: keys.map((key) => `${key}/`) };
    cache.put(ref('a/'), null, whole);
    expect(cache.get(ref('a/'), null)).toEqual(whole);
  }
});

test('what was not used for the longest time goes first, whole listings at a time', () => {
  const cache = createPageCache(10);
  cache.put(ref('old/'), null, page(3, '2:x'));
  cache.put(ref('old/'), '2:x', page(3));
  cache.put(ref('used/'), null, page(4));
  cache.get(ref('old/'), null);
  cache.put(ref('new/'), null, page(2));
  expect(cache.get(ref('used/'), null)).toBeUndefined();
  expect(cache.get(ref('old/'), '2:x')).toBeDefined();
  expect(cache.get(ref('new/'), null)).toBeDefined();
});

test('a new first page throws away the old pages after it', () => {
  const cache = createPageCache(100);
  cache.put(ref(''), null, page(1, '2:x'));
  cache.put(ref(''), '2:x', page(1));
  cache.put(ref(''), null, page(1, '2:y'));
  expect(cache.get(ref(''), '2:x')).toBeUndefined();
  cache.put(ref('alone/'), '2:z', page(1));
  expect(cache.get(ref('alone/'), '2:z')).toBeUndefined();
});

test('a change touches what is under it and above it, nothing beside it', () => {
  const cache = createPageCache(100);
  const kept = [ref('b/'), ref('a/', 'other')];
  const gone = [ref(''), ref('a/'), ref('a/x/'), ref('a/x/y/')];
  for (const each of [...kept, ...gone]) cache.put(each, null, page(1));
  cache.invalidate(connectionId, 'b', 'a/x/');
  for (const each of gone) expect(cache.get(each, null)).toBeUndefined();
  for (const each of kept) expect(cache.get(each, null)).toBeDefined();
  cache.forgetConnection(connectionId);
  expect(cache.get(ref('b/'), null)).toBeUndefined();
});
