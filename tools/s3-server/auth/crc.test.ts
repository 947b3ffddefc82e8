import { describe, expect, it } from 'vitest';
import { CRC_KINDS, combineCrc, createCrc } from './crc.ts';

const NAMES = ['CRC32', 'CRC32C', 'CRC64NVME'] as const;

function crcOf(name: (typeof NAMES)[number], data: Uint8Array): Buffer {
  const crc = createCrc(name);
  crc.update(data);
  return crc.digest();
}

describe('CRCs', () => {
  // The check values of the CRC catalogue, for the digits 1 to 9.
  it.each([
    ['CRC32', 'cbf43926'],
    ['CRC32C', 'e3069283'],
    ['CRC64NVME', 'ae8b14860a799888'],
  ] as const)('%s gives the catalogued check value', (name, hex) => {
    expect(crcOf(name, Buffer.from('123456789')).toString('hex')).toBe(hex);
  });

  it.each(NAMES)('%s is the same in pieces', (name) => {
    const data = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251));
    const pieces = createCrc(name);
    for (let at = 0; at < data.length; at += 777)
      pieces.update(data.subarray(at, at + 777));
    expect(pieces.digest()).toEqual(crcOf(name, data));
  });

  it.each(NAMES)('%s of a whole comes from its parts', (name) => {
    for (const [first, second] of [
      [0, 10],
      [10, 0],
      [1, 1],
      [4096, 12_345],
    ] as const) {
      const a = Buffer.alloc(first, 'left');
      const b = Buffer.alloc(second, 'right');
      const joined = combineCrc(CRC_KINDS[name], crcOf(name, a), crcOf(name, b), second);
      expect(joined).toEqual(crcOf(name, Buffer.concat([a, b])));
    }
  });
});
