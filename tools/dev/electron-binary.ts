import { spawn } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where the package `electron` fetches its binary unless told otherwise. */
const DEFAULT_MIRROR = 'https://github.com/electron/electron/releases/download/';
/** How long the host may take to answer at all, in milliseconds. */
const PROBE_TIMEOUT = 5000;

const packageFolder = resolve(import.meta.dirname, '../../node_modules/electron');

/**
 * The path of Electron's binary, or `undefined` when it has not been downloaded. Never
 * loads the package: that would start the download.
 */
export function findElectronBinary(): string | undefined {
  const pathFile = join(packageFolder, 'path.txt');
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override !== undefined && override !== '') {
    const name = process.platform === 'win32' ? 'electron.exe' : 'electron';
    const path = join(
      override,
      existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : name,
    );
    return existsSync(path) ? path : undefined;
  }
  if (!existsSync(pathFile)) return undefined;
  const path = join(packageFolder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(path) ? path : undefined;
}

function mirror(): string {
  const { env } = process;
  return env['ELECTRON_MIRROR'] ?? env['npm_config_electron_mirror'] ?? DEFAULT_MIRROR;
}

async function canReach(url: string): Promise<boolean> {
  try {
    const behindProxy = Boolean(process.env['https_proxy'] ?? process.env['HTTPS_PROXY']);
    if (!behindProxy) await lookup(new URL(url).hostname);
    // Any answer will do; following it is the installer's work.
    await fetch(url, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(PROBE_TIMEOUT),
    });
    return true;
  } catch {
    return false;
  }
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
