import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { canReach } from './network.ts';

/** Where the package `electron` fetches its binary unless told otherwise. */
const DEFAULT_MIRROR = 'https://github.com/electron/electron/releases/download/';

const packageFolder = resolve(import.meta.dirname, '../../node_modules/electron');

/** The binary's place inside an Electron distribution. */
export function binaryName(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return platform === 'win32' ? 'electron.exe' : 'electron';
}

/**
 * The path of Electron's binary, or `undefined` when it has not been downloaded. Never
 * loads the package: that would start the download.
 */
export function findElectronBinary(): string | undefined {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const hasOverride = override !== undefined && override !== '';
  // The installer writes path.txt last: without it the download is not complete.
  if (!hasOverride && !existsSync(join(packageFolder, 'path.txt'))) return undefined;
  const folder = hasOverride ? override : join(packageFolder, 'dist');
  const path = join(folder, binaryName(process.platform));
  return existsSync(path) ? path : undefined;
}

function mirror(): string {
  const { env } = process;
  return env['ELECTRON_MIRROR'] ?? env['npm_config_electron_mirror'] ?? DEFAULT_MIRROR;
}

function runInstaller(timeoutMs: number): Promise<boolean> {
  const installer = join(packageFolder, 'install.js');
  return new Promise((done) => {
    const child = spawn(process.execPath, [installer], {
      stdio: 'ignore',
      env: { ...process.env, ELECTRON_SKIP_BINARY_DOWNLOAD: '' },
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    const end = (ok: boolean): void => {
      clearTimeout(timer);
      done(ok);
    };
    child.once('error', () => end(false));
    child.once('exit', (code) => end(code === 0));
  });
}

/**
 * Tries to download Electron's binary: gives up at once when its host cannot be reached,
 * and after `timeoutMs` when the download is slow. Skipped when CI is set or
 * DIPPER_HOST=stand-in.
 * @returns the binary's path, or undefined
 */
export async function tryInstallElectron(
  timeoutMs: number,
  log: (line: string) => void,
): Promise<string | undefined> {
  const { env } = process;
  if (Boolean(env['CI']) || env['DIPPER_HOST'] === 'stand-in') return undefined;
  if (!existsSync(join(packageFolder, 'install.js'))) return undefined;
  if (!(await canReach(mirror()))) return undefined;
  log("Downloading Electron's binary …");
  if (!(await runInstaller(timeoutMs))) {
    log('The download did not finish in time.');
    return undefined;
  }
  return findElectronBinary();
}
