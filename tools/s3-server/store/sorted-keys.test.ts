import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareKeys, SortedKeys } from './sorted-keys.ts';

function contents(keys: SortedKeys): string[] {
  const out: string[] = [];
  for (
    const cursor = keys.seek(() => false);
    cursor.key !== undefined;
    cursor.advance()
  ) {
    out.push(cursor.key);
  }
  return out;
}

describe('SortedKeys', () => {
  it('orders as the UTF-8 bytes do', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 5 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(
          Buffer.compare(Buffer.from(a), Buffer.from(b)),
        );
      }),
    );
    // A surrogate pair sorts after U+FFFD in UTF-8, before it in UTF-16.
    expect(compareKeys('\u{1F680}', '\uFFFD')).toBeGreaterThan(0);
  });

  it('holds exactly what was inserted and not deleted, in order', () => {
    const key = fc.integer({ min: 0, max: 300 }).map(String);
    fc.assert(
      fc.property(
        fc.array(fc.array(key, { maxLength: 200 }), { maxLength: 4 }),
        fc.array(key, { maxLength: 100 }),
        (batches, deleted) => {
          const sorted = new SortedKeys();
          const model = new Set<string>();
          for (const batch of batches) {
            const fresh = [...new Set(batch)].filter((name) => !model.has(name));
            for (const name of fresh) model.add(name);
            sorted.insertMany(fresh);
          }
          for (const name of deleted) {
            model.delete(name);
            sorted.delete(name);
          }
          expect([contents(sorted), sorted.size]).toEqual([
            [...model].sort(),
            model.size,
          ]);
        },
      ),
    );
  });

  it('splits its blocks as single keys come in', () => {
    const sorted = new SortedKeys();
    const names = Array.from({ length: 10_000 }, (_, index) =>
      String((index * 7919) % 10_000).padStart(5, '0'),
    );
    for (const name of names) sorted.insert(name);
    expect(contents(sorted)).toEqual([...names].sort());
  });
});
