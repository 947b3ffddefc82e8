import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeIcns, encodeIco } from './icon-files.ts';

const assets = join(import.meta.dirname, '..', '..', 'assets');
const SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1_024];

async function readImages(): Promise<Map<number, Buffer>> {
  const images = new Map<number, Buffer>();
  for (const size of SIZES) {
    const name = size === 1_024 ? 'icon.png' : join('icons', `${size}x${size}.png`);
    images.set(size, await readFile(join(assets, name)));
  }
  return images;
}

test('every picture has the size its name says', async () => {
  for (const [size, png] of await readImages()) {
    // IHDR follows the signature, its length and its name.
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size, size]);
  }
});

test('icon.ico and icon.icns hold these pictures', async () => {
  const images = await readImages();
  expect(encodeIco(images).equals(await readFile(join(assets, 'icon.ico')))).toBe(true);
  expect(encodeIcns(images).equals(await readFile(join(assets, 'icon.icns')))).toBe(true);
});

test('entries of an ico point at their pictures', async () => {
  const images = await readImages();
  const ico = encodeIco(images);
  const count = ico.readUInt16LE(4);
  for (let index = 0; index < count; index++) {
    const entry = 6 + 16 * index;
    const width = ico.readUInt8(entry) || 256;
    const start = ico.readUInt32LE(entry + 12);
    const png = ico.subarray(start, start + ico.readUInt32LE(entry + 8));
    expect(png.equals(images.get(width) ?? Buffer.alloc(0))).toBe(true);
  }
});

test('a missing size is an error', () => {
  expect(() => encodeIco(new Map())).toThrow('No image of 16 pixels');
});
