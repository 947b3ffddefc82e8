import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { HostContext } from '../context.ts';

function opener(target: string): readonly [command: string, args: readonly string[]] {
  if (process.platform === 'darwin') return ['open', [target]];
  if (process.platform === 'win32') return ['explorer.exe', [target]];
  return ['xdg-open', [target]];
}

function open(target: string): Promise<void> {
  const [command, args] = opener(target);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'ignore', detached: true });
    child.once('error', reject);
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}

function trash(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('gio', ['trash', '--', path], { stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`Failed to move item to trash: ${path}`));
    });
  });
}

/** Electron's `shell`: records each call, and opens nothing when HOST_TEST=1. */
export function createShell(context: HostContext) {
  const record = (method: string, ...args: readonly unknown[]): boolean => {
    context.records.push({ method: `shell.${method}`, args });
    return !context.options.test;
  };
  return {
    async openExternal(url: string): Promise<void> {
      if (record('openExternal', url)) await open(url);
    },
    async openPath(path: string): Promise<string> {
      const really = record('openPath', path);
      try {
        await stat(path);
        if (really) await open(path);
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    },
    showItemInFolder(path: string): void {
      if (record('showItemInFolder', path)) open(dirname(path)).catch(context.log);
    },
    async trashItem(path: string): Promise<void> {
      if (record('trashItem', path)) await trash(path);
    },
    beep(): void {
      record('beep');
    },
  };
}
