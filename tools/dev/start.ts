import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { buildIfNeeded } from './build.ts';
import { describeHost, resolveHost } from './launch.ts';

function log(line: string): void {
  console.log(line);
}

/** `npm start`: builds what is stale and opens the app; arguments go to the app. */
async function main(): Promise<number> {
  await buildIfNeeded(log);
  const host = await resolveHost({ mayDownload: true, log });
  log(describeHost(host));
  const root = resolve(import.meta.dirname, '../..');
  const args = [...host.args, root, ...process.argv.slice(2)];
  const child = spawn(host.executablePath, args, {
    stdio: 'inherit',
    // A batch file needs a shell.
    shell: process.platform === 'win32' && host.kind === 'stand-in',
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('exit', (code) => done(code ?? 1));
  });
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
