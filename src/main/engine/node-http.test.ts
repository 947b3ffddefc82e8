import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const folder = import.meta.dirname;

/** Whether a process that runs this has loaded undici. */
async function loadsUndici(script: string): Promise<boolean> {
  const tell = `console.log(process.moduleLoadList.some((name) => name.includes('undici')));`;
  const { stdout } = await run(process.execPath, [
    '--no-warnings',
    '--input-type=module',
    '--eval',
    `${script}\n${tell}`,
  ]);
  return stdout.trim() === 'true';
}

const ours = JSON.stringify(path.join(folder, 'node-http.ts'));

test('sockets of the SDK do without undici', async () => {
  const theirs = `await import('@smithy/node-http-handler'); await import('node:http');`;
  const dropped = `const http = await import(${ours}); http.dropUnusedHttp();`;
  expect(await loadsUndici(theirs)).toBe(true);
  expect(await loadsUndici(`${dropped}\n${theirs}`)).toBe(false);
});

test('nothing of the engine imports node:http for more than types', () => {
  const offenders = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.test\.ts$|^testing/.test(name))
    .filter((name) =>
      /^import (?!type )(?:(?!;)[^])*? from '(?:node:)?http';/m.test(
        readFileSync(path.join(folder, name), 'utf8'),
      ),
    );
  expect(offenders).toEqual([]);
});
