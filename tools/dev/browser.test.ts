import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ensureBrowser, findBrowserPath } from './browser.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('findBrowserPath', () => {
  it('takes the browser that CHROMIUM names', () => {
    vi.stubEnv('CHROMIUM', '/opt/browser');
    expect(findBrowserPath()).toBe('/opt/browser');
  });
});

describe('ensureBrowser', () => {
  it('gives a browser that is there, without a word', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'browser-'));
    const path = join(folder, 'bin', 'chrome');
    mkdirSync(join(folder, 'bin'));
    writeFileSync(path, '');
    vi.stubEnv('CHROMIUM', path);
    const lines: string[] = [];
    expect(await ensureBrowser((line) => lines.push(line))).toBe(path);
    expect(lines).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  it('says that the browser CHROMIUM names is not there', async () => {
    vi.stubEnv('CHROMIUM', '/no/such/browser');
    await expect(ensureBrowser(() => {})).rejects.toThrow(
      'CHROMIUM names /no/such/browser, which does not exist.',
    );
  });
});
