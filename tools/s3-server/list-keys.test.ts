import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeListedKey, type ListEntry, listKeys } from './list-keys.ts';
import { SortedKeys } from './store/sorted-keys.ts';

function sortedKeys(keys: Iterable<string>): SortedKeys {
  const sorted = new SortedKeys();
  sorted.insertMany([...new Set(keys)]);
  return sorted;
}

/** Lists all pages of a given size. */
function listAll(
  keys: SortedKeys,
  request: { prefix: string; delimiter: string },
  pageSize: number,
): ListEntry[] {
  const all: ListEntry[] = [];
  for (let after = ''; ; ) {
    const page = listKeys(keys, { ...request, after, maxEntries: pageSize });
    all.push(...page.entries);
    if (!page.truncated) return all;
    after = page.entries.at(-1)?.name ?? '';
  }
}

/** The same by definition: filter, group, sort by bytes. */
function expected(
  keys: Iterable<string>,
  { prefix, delimiter }: { prefix: string; delimiter: string },
): ListEntry[] {
  const names = new Map<string, ListEntry>();
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue;
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const name = end < 0 ? key : key.slice(0, end + delimiter.length);
    names.set(`${end < 0 ? 'k' : 'p'}${name}`, {
      kind: end < 0 ? 'key' : 'prefix',
      name,
    });
  }
  return [...names.values()].sort((a, b) =>
    Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)),
  );
}

describe('listKeys', () => {
  it('gives in pages of any size what the definition gives', () => {
    const key = fc
      .array(fc.constantFrom('a', 'b', '/', '//', 'é', '￾', '😀', '-'), {
        minLength: 1,
        maxLength: 6,
      })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(
        fc.array(key, { maxLength: 60 }),
        fc.constantFrom('', 'a', 'a/', '/', '😀', 'ab'),
        fc.constantFrom('', '/', 'b/', '-'),
        fc.integer({ min: 1, max: 7 }),
        (keys, prefix, delimiter, pageSize) => {
          const request = { prefix, delimiter };
          expect(listAll(sortedKeys(keys), request, pageSize)).toEqual(
            expected(new Set(keys), request),
          );
        },
      ),
    );
  });

  it('starts after a key that is not there', () => {
    const keys = sortedKeys(['a', 'c', 'e/1', 'e/2']);
    const request = { prefix: '', delimiter: '/', maxEntries: 10 };
    const names = (after: string) =>
      listKeys(keys, { ...request, after }).entries.map(({ name }) => name);
    // A marker within a group leaves the rest of the group to be listed.
    expect([names('b'), names('e/1'), names('e/'), names('z')]).toEqual([
      ['c', 'e/'],
      ['e/'],
      [],
      [],
    ]);
  });

  it('groups a hundred thousand keys without walking over them', () => {
    const keys = sortedKeys(
      Array.from({ length: 100_000 }, (_, index) => `${index % 10}/${index}`),
    );
    const started = process.cpuUsage();
    for (let round = 0; round < 100; round += 1) {
      listKeys(keys, { prefix: '', delimiter: '/', after: '', maxEntries: 1000 });
    }
    // Walking over all of them takes many seconds.
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(3_000);
  });
});

describe('encodeListedKey', () => {
  it('encodes like a form but keeps slashes', () => {
    expect(encodeListedKey('a b/c+d%é\u0001')).toBe('a+b/c%2Bd%25%C3%A9%01');
  });
});
