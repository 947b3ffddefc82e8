import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { findBrowserPath } from './browser.ts';
import { encodeIcns, encodeIco } from './icon-files.ts';

const SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1_024] as const;
/** Below this the drawing with fewer details is used. */
const SMALL = 48;

/** Draws every icon file of assets/ from icon.svg and icon-small.svg. */
async function makeIcons(assets: string): Promise<void> {
  const large = await readFile(join(assets, 'icon.svg'), 'utf8');
  const small = await readFile(join(assets, 'icon-small.svg'), 'utf8');
  const executablePath = findBrowserPath();
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const images = new Map<number, Buffer>();
  try {
    const page = await browser.newPage();
    for (const size of SIZES) {
      await page.setViewportSize({ width: size, height: size });
      const svg = Buffer.from(size < SMALL ? small : large).toString('base64');
      await page.setContent(
        `<style>*{margin:0}img{display:block}</style><img width="${size}" height="${size}" src="data:image/svg+xml;base64,${svg}">`,
      );
      await page.locator('img').evaluate((image: HTMLImageElement) => image.decode());
      images.set(size, await page.screenshot({ omitBackground: true }));
    }
  } finally {
    await browser.close();
  }
  await mkdir(join(assets, 'icons'), { recursive: true });
  for (const [size, png] of images) {
    const path = size === 1_024 ? 'icon.png' : `icons/${size}x${size}.png`;
    await writeFile(join(assets, path), png);
  }
  await writeFile(join(assets, 'icon.ico'), encodeIco(images));
  await writeFile(join(assets, 'icon.icns'), encodeIcns(images));
}

await makeIcons(join(import.meta.dirname, '..', '..', 'assets'));
