import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareNames } from '../s3/name-order.ts';
import type { RemotePage } from '../s3/s3-connection.ts';
import { NotInOrder, type PageSource } from './page-source.ts';
import { WideListing } from './wide-listing.ts';

const never = new AbortController().signal;

function pageOf(
  keys: readonly string[],
  prefixes: readonly string[],
  cursor: string | null,
): RemotePage {
  return {
    keys,
    prefixes,
    sizes: Float64Array.from(keys, (key) => key.length),
    modified: new Float64Array(keys.length),
    etags: keys.map(() => ''),
    storageClasses: keys.map(() => 'STANDARD'),
    cursor,
  };
}

interface Shelf {
  readonly names: readonly string[];
  readonly pageSize: number;
  readonly knowsStartAfter?: boolean;
}

/** A bucket in memory that lists as S3 does; keys with `/` are rolled up. */
function shelf({ names, pageSize, knowsStartAfter = true }: Shelf) {
  const sorted = [...new Set(names)].sort(compareNames);
  let requests = 0;
  let atOnce = 0;
  let most = 0;
  const source: PageSource = async ({ cursor: at, maxKeys = pageSize }) => {
    const cursor = at ?? '2:';
    requests += 1;
    atOnce += 1;
    most = Math.max(most, atOnce);
    await setImmediate();
    atOnce -= 1;
    const after = cursor.slice(2);
    const known = knowsStartAfter || !cursor.startsWith('a:');
    const keys: string[] = [];
    const prefixes: string[] = [];
    let last = '';
    for (const name of sorted) {
      if (known && compareNames(name, after) <= 0) continue;
      const slash = name.indexOf('/');
      const prefix = slash === -1 ? '' : name.slice(0, slash + 1);
      // Pages before told the folder that this one starts in.
      const told = known && prefix !== '' && after.startsWith(prefix);
      if (told || (prefix !== '' && prefixes.at(-1) === prefix)) {
        last = name;
        continue;
      }
      if (keys.length + prefixes.length === Math.min(maxKeys, pageSize)) {
        return pageOf(keys, prefixes, `2:${last}`);
      }
      if (prefix === '') keys.push(name);
      else prefixes.push(prefix);
      last = name;
    }
    return pageOf(keys, prefixes, null);
  };
  const folders = sorted.flatMap((name) =>
    name.includes('/') ? [name.slice(0, name.indexOf('/') + 1)] : [],
  );
  const all = [...new Set([...sorted.filter((name) => !name.includes('/')), ...folders])];
  return {
    source,
    all: all.sort(compareNames),
    requests: () => requests,
    mostAtOnce: () => most,
  };
}

function listing(source: PageSource, width = 6): WideListing {
  return new WideListing({ source, prefix: '', cursor: '2:', width });
}

/** Names in the order they came, and the cursor after each page. */
async function readAll(wide: WideListing) {
  const names: string[] = [];
  const stops: { readonly cursor: string; readonly count: number }[] = [];
  for (;;) {
    const page = await wide.next(never);
    const both = [...page.keys, ...page.prefixes].sort(compareNames);
    names.push(...both);
    if (page.cursor === null) return { names, stops };
    expect(page.cursor).toBe(wide.nextCursor);
    stops.push({ cursor: page.cursor, count: names.length });
  }
}

const word = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }),
  fc.stringMatching(/^[0-9]{6}$/),
  fc.stringMatching(/^[ab]{1,3}\/[0-9]{1,2}$/),
);

describe('a listing read at several places', () => {
  test('gives every name once, in order, and cursors that work by themselves', async () => {
    const cases = fc.record({
      names: fc.array(word, { maxLength: 300 }),
      pageSize: fc.integer({ min: 1, max: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ names, pageSize }) => {
        const bucket = shelf({ names, pageSize });
        const { names: found, stops } = await readAll(listing(bucket.source));
        expect(found).toEqual(bucket.all);
        const stop = stops[Math.floor(stops.length / 2)];
        if (stop === undefined) return;
        const { source } = bucket;
        const rest = await readAll(
          new WideListing({ source, prefix: '', cursor: stop.cursor, width: 3 }),
        );
        expect(rest.names).toEqual(bucket.all.slice(stop.count));
      }),
      { numRuns: 150 },
    );
  });

  test('goes on after a page that is known, with several requests from the first on', async () => {
    const cases = fc.record({
      names: fc.array(word, { maxLength: 300 }),
      pageSize: fc.integer({ min: 1, max: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ names, pageSize }) => {
        const { source, all } = shelf({ names, pageSize });
        const before = await source({ cursor: null }, never);
        const { cursor } = before;
        if (cursor === null) return;
        const wide = new WideListing({ source, prefix: '', cursor, before, width: 4 });
        const { names: found } = await readAll(wide);
        expect(found).toEqual(all.slice(before.keys.length + before.prefixes.length));
      }),
      { numRuns: 100 },
    );
    const numbers = Array.from({ length: 5_000 }, (_, index) => `${10_000 + index}`);
    const { source, mostAtOnce } = shelf({ names: numbers, pageSize: 100 });
    const before = await source({ cursor: null }, never);
    const cursor = before.cursor ?? '';
    const wide = new WideListing({ source, prefix: '', cursor, before, width: 6 });
    expect(mostAtOnce()).toBe(6);
    wide.dispose();
  });

  test('where guesses bring nothing there are few of them', async () => {
    // A page of names that stand close together, and then there is nothing for long.
    const names = Array.from({ length: 3_000 }, (_, index) =>
      String(Math.floor(index / 10) * 100_000 + (index % 10)).padStart(8, '0'),
    );
    const bucket = shelf({ names, pageSize: 10 });
    expect((await readAll(listing(bucket.source, 10))).names).toEqual(bucket.all);
    expect(bucket.requests()).toBeLessThan(5 * 300);
  });

  test('really reads at several places, and hardly more than once', async () => {
    const names = Array.from(
      { length: 5_000 },
      (_, index) => `photo-${String(index).padStart(8, '0')}.jpg`,
    );
    const bucket = shelf({ names, pageSize: 50 });
    const { names: found } = await readAll(listing(bucket.source, 8));
    expect(found).toEqual(names);
    expect(bucket.mostAtOnce()).toBe(8);
    expect(bucket.requests()).toBeLessThan(200);
  });

  test('reads only so far ahead of the one who takes', async () => {
    const names = Array.from({ length: 5_000 }, (_, index) =>
      String(index).padStart(6, '0'),
    );
    const bucket = shelf({ names, pageSize: 10 });
    const wide = listing(bucket.source, 8);
    await wide.next(never);
    for (let turns = 0; turns < 1_000; turns += 1) await setImmediate();
    expect(bucket.requests()).toBeLessThan(150);
    wide.dispose();
    await expect(
      (async () => {
        for (;;) await wide.next(never);
      })(),
    ).rejects.toMatchObject({ code: 'transfer.cancelled' });
  });

  test('a server that does not know start-after is read page by page from there', async () => {
    const names = Array.from({ length: 400 }, (_, index) =>
      String(index).padStart(4, '0'),
    );
    const bucket = shelf({ names, pageSize: 20, knowsStartAfter: false });
    const wide = listing(bucket.source);
    const found: string[] = [];
    await expect(
      (async () => {
        for (;;) found.push(...(await wide.next(never)).keys);
      })(),
    ).rejects.toBeInstanceOf(NotInOrder);
    for (let cursor: string | null = wide.nextCursor; cursor !== null; ) {
      const page: RemotePage = await bucket.source({ cursor }, never);
      found.push(...page.keys);
      cursor = page.cursor;
    }
    expect(found).toEqual(bucket.all);
  });

  test('a place that fails waits for its turn, and then says why', async () => {
    const names = Array.from({ length: 400 }, (_, index) =>
      String(index).padStart(4, '0'),
    );
    const bucket = shelf({ names, pageSize: 20 });
    const source: PageSource = async (input, signal) => {
      const page = await bucket.source(input, signal);
      if (page.keys.includes('0390')) throw new Error('broken');
      return page;
    };
    const found: string[] = [];
    const wide = listing(source);
    await expect(
      (async () => {
        for (;;) found.push(...(await wide.next(never)).keys);
      })(),
    ).rejects.toThrow('broken');
    expect(found).toEqual(names.slice(0, found.length));
    expect(found.length).toBeGreaterThan(200);
  });
});
