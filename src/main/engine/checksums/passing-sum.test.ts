import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type StatedSum, SUM_NAMES, type SumName } from './choose.ts';
import { createCrcMaker } from './crc.ts';
import { choosePassing, PassingSum } from './passing-sum.ts';

const MD5 = '5d41402abc4b2a76b9719d911017c592';
const PARTS = `${MD5}-3`;
const quirks = { etag: 'md5' } as const;
const opaque = { etag: 'opaque' } as const;

function stated(...names: readonly SumName[]): readonly StatedSum[] {
  return names.map((name) => ({ name, value: `${name}==` }));
}

function sumOf(name: SumName | 'md5', content: Buffer): string {
  if (name === 'crc32' || name === 'crc32c' || name === 'crc64nvme') {
    const crc = createCrcMaker().start(name);
    crc.update(content);
    return crc.digest().toString('base64');
  }
  return createHash(name)
    .update(content)
    .digest(name === 'md5' ? 'hex' : 'base64');
}

describe('what is chosen', () => {
  test.each([
    [[], MD5, false, 'md5'],
    [['crc64nvme', 'crc32'], MD5, false, 'crc32'],
    [['crc64nvme'], MD5, false, 'md5'],
    [['crc64nvme'], PARTS, false, 'crc64nvme'],
    [['sha256'], PARTS, false, 'sha256'],
    [[], PARTS, false, undefined],
    // MD5 and SHA go from the first byte to the last, which ranges do not.
    [[], MD5, true, undefined],
    [['sha256'], PARTS, true, undefined],
    [['sha256', 'crc32'], PARTS, true, 'crc32'],
    [['crc64nvme'], PARTS, true, 'crc64nvme'],
    // Reading the file again for its MD5 is cheaper.
    [['crc64nvme'], MD5, true, undefined],
  ] as const)('of %j and the ETag %s, in pieces: %s', (names, etag, pieces, name) => {
    const facts = { etag, stated: stated(...names) };
    expect(choosePassing(quirks, facts, pieces)?.name).toBe(name);
  });

  test('an ETag that may be no MD5 is not taken for one, nor a sum of sums for a sum', () => {
    expect(choosePassing(opaque, { etag: MD5, stated: [] }, false)).toBeNull();
    const composite = [{ name: 'crc32', value: 'AAAAAA==-3' }] as const;
    expect(choosePassing(quirks, { etag: PARTS, stated: composite }, true)).toBeNull();
  });
});

describe('what passed', () => {
  test.each(SUM_NAMES)('holds as a whole by %s, and only if it is the same', (name) => {
    const content = randomBytes(100_000);
    for (const spoilt of [false, true]) {
      const passing = new PassingSum({ name, value: sumOf(name, content) });
      const sum = passing.start();
      const bytes = Buffer.from(content);
      if (spoilt) bytes[50_000] = (bytes[50_000] ?? 0) ^ 1;
      sum.update(bytes.subarray(0, 60_000));
      sum.update(bytes.subarray(60_000));
      expect(passing.holds(1)).toBeNull();
      passing.passed(1, content.length, sum);
      expect(passing.holds(1)).toBe(spoilt ? null : name);
    }
  });

  test.each(['crc32', 'crc32c', 'crc64nvme'] as const)(
    'holds by %s in pieces of any order, once all of them are there',
    (name) => {
      fc.assert(
        fc.property(
          fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 6 }),
          fc.infiniteStream(fc.nat()),
          (pieces, order) => {
            const content = Buffer.concat(pieces);
            const passing = new PassingSum({ name, value: sumOf(name, content) });
            const shuffled = pieces
              .map((piece, index) => ({ piece, index, at: order.next().value as number }))
              .toSorted((a, b) => a.at - b.at);
            for (const { piece, index } of shuffled) {
              expect(passing.holds(pieces.length)).toBeNull();
              // What was cut off and fetched again counts once.
              passing.start().update(Buffer.from('half of it'));
              const sum = passing.start();
              sum.update(piece);
              passing.passed(index + 1, piece.length, sum);
            }
            expect(passing.holds(pieces.length)).toBe(name);
          },
        ),
        { numRuns: 50 },
      );
    },
  );

  test('never holds by MD5 in pieces', () => {
    const passing = new PassingSum({
      name: 'md5',
      value: sumOf('md5', Buffer.from('ab')),
    });
    for (const [index, text] of ['a', 'b'].entries()) {
      const sum = passing.start();
      sum.update(Buffer.from(text));
      passing.passed(index + 1, 1, sum);
    }
    expect(passing.holds(2)).toBeNull();
  });
});
