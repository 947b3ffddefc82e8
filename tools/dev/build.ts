import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Everything the build reads. */
const SOURCES = ['src', 'assets', 'electron.vite.config.ts', 'package.json'];
/** One file of each of the three parts. */
const PRODUCTS = [
  'out/main/index.js',
  'out/preload/index.cjs',
  'out/renderer/index.html',
];

function isSource(name: string): boolean {
  return !/\.test\.tsx?$/.test(name);
}

/** The time of the newest source under `path`, in milliseconds. */
function newest(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return isSource(path) ? stats.mtimeMs : 0;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Whether out/ is older than what it is built from, or not there. */
export function needsBuild(): boolean {
  const products = PRODUCTS.map((path) => join(root, path));
  if (!products.every((path) => existsSync(path))) return true;
  const built = Math.min(...products.map((path) => statSync(path).mtimeMs));
  return SOURCES.some((path) => newest(join(root, path)) > built);
}

/**
 * Builds the app into out/ with electron-vite when {@link needsBuild}.
 * @throws Error when the build fails
 */
export function buildIfNeeded(log: (line: string) => void): Promise<void> {
  if (!needsBuild()) return Promise.resolve();
  log('Building …');
  const cli = join(root, 'node_modules/electron-vite/bin/electron-vite.js');
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [cli, 'build', '--logLevel', 'warn'], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.once('error', failed);
    child.once('exit', (code) => {
      if (code === 0) done();
      else failed(new Error(`The build failed (exit code ${code ?? 'none'}).`));
    });
  });
}
