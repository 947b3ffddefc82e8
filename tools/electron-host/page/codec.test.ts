import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeCodec } from '../page-link.ts';

const { encode, decode } = nodeCodec();

function roundTrip(value: unknown): unknown {
  return decode(encode(value));
}

describe('makeCodec', () => {
  it('carries what structured clone carries', () => {
    const value = {
      date: new Date(5),
      map: new Map<unknown, unknown>([[1, new Set(['a'])]]),
      bytes: new Uint8Array([1, 2, 255]),
      floats: new Float64Array([0.5, -1]),
      pattern: /a+b/giu,
      big: 2n ** 80n,
      nothing: undefined,
      odd: [Number.NaN, -0, Number.POSITIVE_INFINITY],
      $: 'x',
      nested: { $: 'n', v: '1' },
    };
    expect(roundTrip(value)).toStrictEqual(value);
  });

  it('keeps cycles and shared objects', () => {
    const shared = { a: 1 };
    const value: Record<string, unknown> = { one: shared, two: shared };
    value['self'] = value;
    const copy = roundTrip(value) as Record<string, unknown>;
    expect([copy['one'] === copy['two'], copy['self'] === copy]).toEqual([true, true]);
  });

  it('keeps an error its type, name and message', () => {
    const named = Object.assign(new Error('no'), { name: 'QuotaError' });
    const copies = [new RangeError('far'), named].map(roundTrip) as Error[];
    expect(
      copies.map((each) => [each instanceof RangeError, each.name, each.message]),
    ).toEqual([
      [true, 'RangeError', 'far'],
      [false, 'QuotaError', 'no'],
    ]);
  });

  it('never sets a prototype from data', () => {
    const copy = roundTrip(JSON.parse('{"__proto__": {"polluted": true}}')) as object;
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  });

  it.each([() => 1, Symbol('s'), new WeakMap(), Promise.resolve(1)])(
    'refuses %s as Electron does',
    (value) => {
      expect(() => encode({ value })).toThrow('An object could not be cloned.');
    },
  );

  it('gives back any plain data', () => {
    const data = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: true,
    });
    fc.assert(
      fc.property(data, (value) => {
        expect(roundTrip(value)).toEqual(value);
      }),
    );
  });
});
