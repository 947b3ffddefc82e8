import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ListingPage } from '../../../../shared/domain/listing.ts';
import {
  compareNatural,
  naturalKey,
  surelyBefore,
} from '../../../../shared/lib/natural-sort.ts';
import type { Sort } from './columns.ts';
import { ListingModel } from './listing-model.ts';

const slicer = { now: () => performance.now(), pause: () => Promise.resolve() };

function page(
  prefixes: readonly string[],
  files: readonly (readonly [string, number, number?, string?])[],
): ListingPage {
  const classes = [...new Set(files.map((file) => file[3] ?? 'STANDARD'))];
  return {
    prefixes: [...prefixes],
    keys: files.map((file) => file[0]),
    sizes: Float64Array.from(files, (file) => file[1]),
    modified: Float64Array.from(files, (file) => file[2] ?? Number.NaN),
    classes,
    classIndex: Uint8Array.from(files, (file) => classes.indexOf(file[3] ?? 'STANDARD')),
    cursor: null,
  };
}

function model(prefix = '', sort: Sort = { column: 'name', descending: false }) {
  return new ListingModel({
    prefix,
    sort,
    filter: { text: '', showHidden: true },
    slicer,
    naturalKey: (name) => name.toLowerCase().replace(/\d+/g, (n) => n.padStart(8, '0')),
    onChange: () => {},
  });
}

function names(of: ListingModel): string[] {
  return Array.from({ length: of.length }, (_, i) => of.at(i)?.name ?? '?');
}

test('folders come first and numbers in names count as numbers', async () => {
  const m = model();
  m.addPage(
    page(
      ['z/', 'a10/', 'a9/'],
      [
        ['f10', 1],
        ['f9', 2],
        ['B', 3],
      ],
    ),
  );
  await m.settled();
  expect(names(m)).toEqual(['a9', 'a10', 'z', 'B', 'f9', 'f10']);
});

test('pages that come later are merged into every sort, both ways', async () => {
  const m = model('', { column: 'size', descending: true });
  m.addPage(
    page(
      ['x/'],
      [
        ['a', 5],
        ['b', 1],
      ],
    ),
  );
  await m.settled();
  m.addPage(
    page(
      ['w/'],
      [
        ['c', 3],
        ['d', 5],
      ],
    ),
  );
  await m.settled();
  const down = names(m);
  m.setSort({ column: 'size', descending: false });
  await m.settled();
  expect({ down, up: names(m) }).toEqual({
    down: ['x', 'w', 'd', 'a', 'c', 'b'],
    up: ['w', 'x', 'b', 'c', 'a', 'd'],
  });
});

test('pages in order are put behind each other, others among them, filtered or not', async () => {
  const name = fc.oneof(
    fc.nat(1_300).map((number) => `d/${String(number).padStart(4, '0')}`),
    fc.constantFrom('d/Ä', 'd/a', 'd/B', 'd/b10', 'd/b9'),
  );
  const pages = fc.array(fc.uniqueArray(name, { maxLength: 8 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.boolean(),
      fc.nat(12),
      pages,
      async (sorted, whole, switchAt, found) => {
        const m = new ListingModel({
          prefix: 'd/',
          sort: { column: 'name', descending: false },
          filter: { text: whole ? '' : '0', showHidden: true },
          slicer,
          naturalKey,
          surelyBefore,
          onChange: () => {},
        });
        const all = [...new Set(found.flat())];
        if (sorted) all.sort();
        let showsAll = whole;
        for (let at = 0, index = 0; at < all.length; at += 4, index += 1) {
          m.addPage(
            page(
              [],
              all.slice(at, at + 4).map((key) => [key, 1] as const),
            ),
          );
          await m.settled();
          if (index === switchAt) {
            showsAll = !showsAll;
            m.setFilter({ text: showsAll ? '' : '0', showHidden: true });
            await m.settled();
          }
          const expected = all
            .slice(0, at + 4)
            .filter((key) => showsAll || key.includes('0'))
            .sort(compareNatural);
          expect(Array.from({ length: m.length }, (_, i) => m.at(i)?.key)).toEqual(
            expected,
          );
          for (const [position, key] of expected.entries()) {
            const row = m.rowAt(position);
            expect([m.positionOf(row), m.columns.keyOf(row)]).toEqual([position, key]);
          }
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('a flipped sort is the order a fresh sort would give', async () => {
  const rows = Array.from(
    { length: 300 },
    (_, i) => [`k${(i * 7) % 300}`, i % 13, (i * 31) % 7] as const,
  );
  for (const column of ['name', 'size', 'modified', 'class', 'kind'] as const) {
    const flipped = model('', { column, descending: false });
    flipped.addPage(page(['p/', 'q/'], rows));
    await flipped.settled();
    flipped.setSort({ column, descending: true });
    await flipped.settled();
    const fresh = model('', { column, descending: true });
    fresh.addPage(page(['p/', 'q/'], rows));
    await fresh.settled();
    expect(names(flipped)).toEqual(names(fresh));
  }
});

test('filter and hidden toggle hold for rows that are there and rows to come', async () => {
  const m = model('d/');
  m.addPage(
    page(
      ['d/.git/'],
      [
        ['d/Photo.JPG', 1],
        ['d/.env', 2],
        ['d/notes', 3],
      ],
    ),
  );
  m.setFilter({ text: 'o', showHidden: false });
  await m.settled();
  const before = names(m);
  m.addPage(
    page(
      ['d/logo/'],
      [
        ['d/.photo', 1],
        ['d/audio', 2],
        ['d/x', 9],
      ],
    ),
  );
  await m.settled();
  const after = names(m);
  m.setFilter({ text: '', showHidden: true });
  await m.settled();
  expect({ before, after, all: m.length, excluded: m.excluded }).toEqual({
    before: ['notes', 'Photo.JPG'],
    after: ['logo', 'audio', 'notes', 'Photo.JPG'],
    all: 8,
    excluded: 0,
  });
});

test('an empty folder name has a placeholder, the empty marker is hidden, a full one shown', async () => {
  const empty = model('a/');
  empty.addPage(page(['a//'], [['a/', 0]]));
  const full = model('a/');
  full.addPage(page([], [['a/', 7]]));
  await Promise.all([empty.settled(), full.settled()]);
  expect([names(empty), empty.at(0)?.key, names(full), full.at(0)?.key]).toEqual([
    ['(empty name)'],
    'a//',
    ['(folder object)'],
    'a/',
  ]);
});

test('every shown row is found at its position, before and after filtering', async () => {
  const m = model();
  m.addPage(
    page(
      [],
      Array.from({ length: 999 }, (_, i) => [`n${i * 7}`, i % 5] as const),
    ),
  );
  m.setSort({ column: 'size', descending: true });
  m.setFilter({ text: '3', showHidden: true });
  await m.settled();
  const wrong = Array.from({ length: m.length }, (_, i) => i).filter(
    (i) => m.positionOf(m.rowAt(i)) !== i,
  );
  expect(wrong).toEqual([]);
});

test('type-ahead starts where one is and wraps around', async () => {
  const m = model();
  m.addPage(
    page(
      [],
      [
        ['apple', 1],
        ['Avocado', 1],
        ['berry', 1],
      ],
    ),
  );
  await m.settled();
  expect([m.find('a', 1), m.find('a', 2), m.find('b', 0), m.find('z', 0)]).toEqual([
    1, 0, 2, -1,
  ]);
});

test('a million rows come in page by page, in slices', async () => {
  let pauses = 0;
  const m = new ListingModel({
    prefix: '',
    sort: { column: 'name', descending: false },
    filter: { text: '', showHidden: true },
    slicer: {
      now: () => performance.now(),
      pause: async () => {
        pauses += 1;
      },
    },
    naturalKey: (name) => name,
    onChange: () => {},
  });
  for (let p = 0; p < 1_000; p += 1) {
    const files = Array.from(
      { length: 1_000 },
      (_, i) => [`f${p * 1_000 + i}`, i] as const,
    );
    m.addPage(page([], files));
    if (p % 50 === 0) await m.settled();
  }
  m.setSort({ column: 'size', descending: true });
  await m.settled();
  expect({ rows: m.length, first: m.at(0)?.size, sliced: pauses > 20 }).toEqual({
    rows: 1_000_000,
    first: 999,
    sliced: true,
  });
});
