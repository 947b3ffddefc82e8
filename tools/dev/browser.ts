import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { canReach } from './network.ts';

/** Where the usual installers put Chrome or Chromium, most specific first. */
const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/** Where Playwright downloads browsers from unless told otherwise. */
const PLAYWRIGHT_HOST = 'https://cdn.playwright.dev';

/** Playwright's executable inside one of its `chromium-<revision>` folders. */
const PLAYWRIGHT_EXECUTABLES = [
  'chrome-linux64/chrome',
  'chrome-linux/chrome',
  'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
  'chrome-mac-x64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
  'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  'chrome-win64/chrome.exe',
  'chrome-win/chrome.exe',
];

function playwrightCache(): string {
  const named = process.env['PLAYWRIGHT_BROWSERS_PATH'];
  if (named !== undefined && named !== '' && named !== '0') return named;
  if (process.platform === 'darwin')
    return join(homedir(), 'Library/Caches/ms-playwright');
  if (process.platform === 'win32') {
    return join(homedir(), 'AppData', 'Local', 'ms-playwright');
  }
  return join(homedir(), '.cache', 'ms-playwright');
}

function findPlaywrightBrowser(): string | undefined {
  const cache = playwrightCache();
  if (!existsSync(cache)) return undefined;
  return readdirSync(cache)
    .filter((name) => /^chromium-\d+$/.test(name))
    .sort((a, b) => Number(b.slice(9)) - Number(a.slice(9)))
    .flatMap((name) => PLAYWRIGHT_EXECUTABLES.map((path) => join(cache, name, path)))
    .find((path) => existsSync(path));
}

/**
 * The browser that tests and the stand-in host use: the environment variable CHROMIUM,
 * else the system's Chrome or Chromium, else the one Playwright has downloaded.
 * `undefined` when none is there.
 */
export function findBrowserPath(): string | undefined {
  const named = process.env['CHROMIUM'];
  if (named !== undefined && named !== '') return named;
  return CANDIDATES.find((path) => existsSync(path)) ?? findPlaywrightBrowser();
}

function run(
  command: string,
  args: readonly string[],
  log: (line: string) => void,
): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    let last = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => {
        last = data.toString('utf8').trim().split('\n').at(-1) ?? last;
      });
    }
    child.once('error', (error) => {
      log(`${command}: ${error.message}`);
      resolve(false);
    });
    child.once('exit', (code) => {
      if (code !== 0) log(`${command} ${args[0] ?? ''} failed: ${last}`);
      resolve(code === 0);
    });
  });
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

async function installByPlaywright(log: (line: string) => void): Promise<boolean> {
  const cli = join(import.meta.dirname, '../../node_modules/playwright/cli.js');
  const host = process.env['PLAYWRIGHT_DOWNLOAD_HOST'] ?? PLAYWRIGHT_HOST;
  if (!existsSync(cli) || !(await canReach(host))) return false;
  log("No Chrome or Chromium found: downloading Playwright's Chromium.");
  // The libraries it needs come from the system's packages.
  const withLibraries = process.platform === 'linux' && isRoot() ? ['--with-deps'] : [];
  return run(process.execPath, [cli, 'install', ...withLibraries, 'chromium'], log);
}

async function installByApt(log: (line: string) => void): Promise<boolean> {
  if (!isRoot() || !existsSync('/usr/bin/apt-get')) return false;
  log('No Chrome or Chromium found: installing the Debian package "chromium".');
  await run('apt-get', ['update'], log);
  return run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], log);
}

/**
 * Finds a browser or installs one, and says what it does: Playwright's download where it is
 * reachable, else Debian's package when this runs as root.
 * @returns the path of its executable
 * @throws Error that says what to install by hand
 */
export async function ensureBrowser(log: (line: string) => void): Promise<string> {
  const found = findBrowserPath();
  if (found !== undefined) {
    if (existsSync(found)) return found;
    throw new Error(`CHROMIUM names ${found}, which does not exist.`);
  }
  for (const install of [installByPlaywright, installByApt]) {
    if (!(await install(log))) continue;
    const path = findBrowserPath();
    if (path !== undefined) return path;
  }
  throw new Error(
    'Dipper needs Chrome or Chromium here. Install one (Debian: apt-get install chromium; ' +
      'Fedora: dnf install chromium; macOS, Windows: Google Chrome), or set CHROMIUM to its path.',
  );
}
