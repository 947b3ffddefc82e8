import { readFileSync } from 'node:fs';
import { complete } from '../missing.ts';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

/** The pixel size in a PNG's header; 0 by 0 for anything else. */
function sizeOf(data: Buffer): Electron.Size {
  if (data.length < 24 || !data.subarray(0, 4).equals(PNG))
    return { width: 0, height: 0 };
  return { width: data.readUInt32BE(16), height: data.readUInt32BE(20) };
}

/** An image that is only carried, never decoded: bytes of a PNG. */
export function imageFrom(data: Buffer): Electron.NativeImage {
  return complete<Electron.NativeImage>('nativeImage', {
    isEmpty: () => data.length === 0,
    toPNG: () => data,
    toDataURL: () => `data:image/png;base64,${data.toString('base64')}`,
    getSize: () => sizeOf(data),
    setTemplateImage: () => {},
  });
}

/** Electron's `nativeImage`. */
export function createNativeImage() {
  return {
    createEmpty: (): Electron.NativeImage => imageFrom(Buffer.alloc(0)),
    createFromBuffer: (data: Buffer): Electron.NativeImage => imageFrom(data),
    createFromDataURL: (url: string): Electron.NativeImage =>
      imageFrom(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')),
    /** As in Electron, a file that cannot be read gives an empty image. */
    createFromPath(path: string): Electron.NativeImage {
      try {
        return imageFrom(readFileSync(path));
      } catch {
        return imageFrom(Buffer.alloc(0));
      }
    },
  };
}
