import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeValue } from '../../../shared/lib/encode-words.ts';
import { decodeValue } from './encoded-words.ts';

test.each([
  ['plain text', 'plain text'],
  ['', ''],
  // As S3 gives them back.
  ['=?UTF-8?Q?caf=C3=A9_noir?=', 'café noir'],
  ['=?UTF-8?B?Y2Fmw6k=?=', 'café'],
  ['=?iso-8859-1?q?caf=e9?=', 'café'],
  ['=?utf-8*de?q?=C3=BC?=', 'ü'],
  ['a =?UTF-8?B?w7w=?= b', 'a ü b'],
  ['=?UTF-8?B?w7w=?= =?UTF-8?B?w7w=?=', 'üü'],
  // UTF-8 that was taken for Latin-1, and Latin-1 that is.
  ['cafÃ©', 'café'],
  ['caf\u00e9', 'caf\u00e9'],
  // No words.
  ['=?UTF-8?B?', '=?UTF-8?B?'],
  ['=?UTF-8?X?w7w=?=', '=?UTF-8?X?w7w=?='],
  ['=?no-such-charset?Q?a?=', '=?no-such-charset?Q?a?='],
  ['=?UTF-8?Q?=FF=FE?=', '=?UTF-8?Q?=FF=FE?='],
])('%j is read as %j', (value, text) => {
  expect(decodeValue(value)).toBe(text);
});

test('what is sent is ASCII in words of at most 75 characters, and comes back whole', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      // A text that looks like encoded words would be taken for them by any reader.
      fc.pre(!text.includes('=?'));
      const value = encodeValue(text);
      expect(value).toMatch(/^[\x20-\x7e]*$/);
      if (value !== text) {
        for (const word of value.split(' ')) expect(word.length).toBeLessThanOrEqual(75);
      }
      expect(decodeValue(value)).toBe(text);
    }),
  );
});
