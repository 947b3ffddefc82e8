import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Either this process has the lock, or the one that has it is being told of this start. */
export type InstanceLock =
  | { readonly kind: 'held'; readonly release: () => void }
  | { readonly kind: 'taken'; readonly told: Promise<void> };

interface Greeting {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly data: unknown;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function readPid(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Socket paths are short (108 bytes), so the folder is only in them as a digest. */
function socketPath(folder: string): string {
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 24);
  return process.platform === 'win32'
    ? `\\\\.\\pipe\\electron-host-${digest}`
    : join(tmpdir(), `electron-host-${digest}.sock`);
}

function tell(path: string, greeting: Greeting): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.setTimeout(2000, () => socket.destroy());
    socket.on('error', () => resolve());
    socket.on('close', () => resolve());
    socket.resume();
    socket.end(JSON.stringify(greeting));
  });
}

/**
 * Makes this process the only one on `folder`, or tells the one that is. Synchronous as
 * in Electron; `onSecond` runs for each later start.
 */
export function lockInstance(
  folder: string,
  data: unknown,
  onSecond: (argv: readonly string[], cwd: string, data: unknown) => void,
): InstanceLock {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'host-instance.pid');
  const path = socketPath(folder);
  const owner = readPid(file);
  if (owner !== undefined && owner !== process.pid && isAlive(owner)) {
    const greeting = { argv: process.argv, cwd: process.cwd(), data };
    return { kind: 'taken', told: tell(path, greeting) };
  }
  writeFileSync(file, String(process.pid), { mode: 0o600 });
  if (process.platform !== 'win32') rmSync(path, { force: true });
  const server = createServer((socket) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('error', () => socket.destroy());
    socket.on('data', (part: string) => {
      text += part;
    });
    socket.on('end', () => {
      try {
        const { argv, cwd, data: extra } = JSON.parse(text) as Greeting;
        onSecond(argv, cwd, extra);
      } catch {
        // Not one of ours.
      }
    });
  });
  server.on('error', () => server.close());
  server.listen(path);
  server.unref();
  const release = (): void => {
    server.close();
    rmSync(file, { force: true });
    if (process.platform !== 'win32') rmSync(path, { force: true });
  };
  return { kind: 'held', release };
}
