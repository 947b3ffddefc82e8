import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine, csvTime } from './csv.ts';

test('cells are quoted where they must be, and formulas are made harmless', () => {
  const cells = ['a', 'b,c', 'say "hi"', 'two\nlines', null, 5, -5, Number.NaN];
  expect(csvLine(cells)).toBe('a,"b,c","say ""hi""","two\nlines",,5,-5,\r\n');
  const formulas = ['=1+1', '+1', '-1', '@x', '\tx', '=HYPERLINK("x","y")'];
  expect(csvLine(formulas)).toBe(`'=1+1,'+1,'-1,'@x,'\tx,"'=HYPERLINK(""x"",""y"")"\r\n`);
});

test('a line reads back as the cells it was made of', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (cells) => {
      const line = csvLine(cells);
      const read: string[] = [];
      const pattern = /(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/gy;
      const text = line.slice(0, -2);
      while (read.length < cells.length) {
        const match = pattern.exec(text);
        if (match === null) break;
        read.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
      }
      const guarded = cells.map((cell) =>
        /^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell,
      );
      expect(read).toEqual(guarded);
    }),
  );
});

test('times are UTC, and none is empty', () => {
  expect(csvTime(0)).toBe('1970-01-01T00:00:00.000Z');
  expect([csvTime(null), csvTime(Number.NaN), csvTime(1e300)]).toEqual(['', '', '']);
});
