import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ChunkDecoder } from './chunk-decoder.ts';

function decode(pieces: readonly Buffer[]): {
  text: string;
  trailers: string[];
  rest: number;
} {
  const data: Buffer[] = [];
  const trailers: string[] = [];
  const decoder = new ChunkDecoder(
    (bytes) => data.push(Buffer.from(bytes)),
    (line) => trailers.push(line),
  );
  let rest = 0;
  for (const piece of pieces) rest += piece.length - decoder.feed(piece);
  expect(decoder.done).toBe(true);
  return { text: Buffer.concat(data).toString('latin1'), trailers, rest };
}

test('framing comes off wherever the bytes are cut', () => {
  const body = Buffer.from(
    '5;chunk-signature=ab\r\nhello\r\n3\r\n\r\n!\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\nNEXT',
  );
  fc.assert(
    fc.property(fc.array(fc.nat(body.length), { maxLength: 8 }), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), body.length];
      const pieces = places
        .slice(1)
        .map((end, index) => body.subarray(places[index] ?? 0, end));
      expect(decode(pieces)).toEqual({
        text: 'hello\r\n!',
        trailers: ['x-amz-checksum-crc32:AAAA'],
        rest: 4,
      });
    }),
  );
});

test('broken framing is refused', () => {
  expect(() => decode([Buffer.from('zz\r\n')])).toThrow('no size');
  expect(() => decode([Buffer.from('1\r\nab\r\n')])).toThrow('longer');
});
