import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { binaryName, findElectronBinary, tryInstallElectron } from './electron-binary.ts';
import { resolveHost } from './launch.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('resolveHost', () => {
  it('takes the stand-in when told to', async () => {
    vi.stubEnv('DIPPER_HOST', 'stand-in');
    vi.stubEnv('CHROMIUM', process.execPath);
    expect(await resolveHost({ mayDownload: true })).toMatchObject({
      kind: 'stand-in',
      executablePath: expect.stringMatching(/electron-host.electron(\.cmd)?$/) as string,
    });
  });

  it('takes the Electron that ELECTRON_OVERRIDE_DIST_PATH names', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'electron-'));
    vi.stubEnv('DIPPER_HOST', '');
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', folder);
    expect(findElectronBinary()).toBeUndefined();
    const executablePath = join(folder, binaryName(process.platform));
    mkdirSync(dirname(executablePath), { recursive: true });
    writeFileSync(executablePath, '');
    expect(await resolveHost()).toMatchObject({ kind: 'electron', executablePath });
    rmSync(folder, { recursive: true });
  });

  it('refuses to run on anything else when Electron is asked for', async () => {
    vi.stubEnv('DIPPER_HOST', 'electron');
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', '/no/such/folder');
    await expect(resolveHost()).rejects.toThrow("Electron's binary is missing");
  });
});

describe('tryInstallElectron', () => {
  it('gives up at once when the download host does not exist', async () => {
    vi.stubEnv('CI', '');
    vi.stubEnv('DIPPER_HOST', '');
    vi.stubEnv('HTTPS_PROXY', undefined);
    vi.stubEnv('https_proxy', undefined);
    vi.stubEnv('ELECTRON_MIRROR', 'https://electron.invalid/');
    const lines: string[] = [];
    const found = await tryInstallElectron(60_000, (line) => lines.push(line));
    expect({ found, lines }).toEqual({ found: undefined, lines: [] });
  });
});
