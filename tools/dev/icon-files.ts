/** PNG files by width in pixels. */
export type IconImages = ReadonlyMap<number, Buffer>;

/** Sizes Windows asks for. */
const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256] as const;

/** Types of an icns file that hold a PNG, with their width in pixels. */
const ICNS_TYPES = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
  ['ic10', 1_024],
  // The same sizes for Retina: 16, 32, 128 and 256 points.
  ['ic11', 32],
  ['ic12', 64],
  ['ic13', 256],
  ['ic14', 512],
] as const;

/**
 * A Windows icon around PNG images.
 * https://learn.microsoft.com/en-us/windows/win32/uxguide/vis-icons
 */
export function encodeIco(images: IconImages): Buffer {
  const chosen = ICO_SIZES.map((size) => [size, imageOf(images, size)] as const);
  const header = Buffer.alloc(6);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(chosen.length, 4);
  let offset = 6 + 16 * chosen.length;
  const entries = chosen.map(([size, png]) => {
    const entry = Buffer.alloc(16);
    // 0 stands for 256.
    entry.writeUInt8(size % 256, 0);
    entry.writeUInt8(size % 256, 1);
    entry.writeUInt16LE(1, 4);
    entry.writeUInt16LE(32, 6);
    entry.writeUInt32LE(png.length, 8);
    entry.writeUInt32LE(offset, 12);
    offset += png.length;
    return entry;
  });
  return Buffer.concat([header, ...entries, ...chosen.map(([, png]) => png)]);
}

/** A macOS icon around PNG images. */
export function encodeIcns(images: IconImages): Buffer {
  const blocks = ICNS_TYPES.map(([type, size]) => {
    const png = imageOf(images, size);
    return Buffer.concat([Buffer.from(type, 'latin1'), uint32(png.length + 8), png]);
  });
  const body = Buffer.concat(blocks);
  return Buffer.concat([Buffer.from('icns', 'latin1'), uint32(body.length + 8), body]);
}

function imageOf(images: IconImages, size: number): Buffer {
  const image = images.get(size);
  if (image === undefined) throw new Error(`No image of ${size} pixels.`);
  return image;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
