import fc from 'fast-check';
import { expect, test } from 'vitest';
import { combineCrcs } from './combine.ts';
import { createCrcMaker } from './crc.ts';
import { CRC_KINDS, type CrcName } from './crc-tables.ts';

const NAMES = Object.keys(CRC_KINDS) as CrcName[];
const maker = createCrcMaker();

function sumOf(name: CrcName, ...chunks: readonly Uint8Array[]): string {
  const sum = maker.start(name);
  for (const chunk of chunks) sum.update(chunk);
  return sum.digest().toString('hex');
}

/** Bit by bit, as the definition has it. */
function slowly(name: CrcName, bytes: Uint8Array): string {
  const { width, polynomial } = CRC_KINDS[name];
  const ones = (1n << BigInt(width)) - 1n;
  let value = ones;
  for (const byte of bytes) {
    value ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) {
      value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    }
  }
  return (value ^ ones).toString(16).padStart(width / 4, '0');
}

test.each([
  // https://reveng.sourceforge.io/crc-catalogue/all.htm, the check values
  ['crc32', 'cbf43926'],
  ['crc32c', 'e3069283'],
  ['crc64nvme', 'ae8b14860a799888'],
] as const)('%s of 123456789 is the published one', (name, check) => {
  expect(sumOf(name, Buffer.from('123456789'))).toBe(check);
});

test.each([
  // The test vectors of the NVM Express specification, "CRC64 Checking".
  [Buffer.alloc(4_096), '6482d367eb22b64e'],
  [Buffer.alloc(4_096, 0xff), 'c0ddba7302eca3ac'],
])('crc64nvme agrees with the vectors of its specification', (bytes, check) => {
  expect(sumOf('crc64nvme', bytes)).toBe(check);
});

test.each(NAMES)('%s does not depend on how the bytes come', (name) => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 70 }), { maxLength: 6 }),
      (chunks) => {
        expect(sumOf(name, ...chunks)).toBe(slowly(name, Buffer.concat(chunks)));
      },
    ),
  );
});

test.each(NAMES)('%s of parts gives that of the whole', (name) => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }),
      (parts) => {
        const sums = parts.map((part) => ({
          value: Buffer.from(sumOf(name, part), 'hex'),
          length: part.length,
        }));
        const whole = sumOf(name, Buffer.concat(parts));
        expect(combineCrcs(name, sums).toString('hex')).toBe(whole);
      },
    ),
  );
});
