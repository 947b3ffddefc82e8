import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { utilityProcess } from 'electron';
import type { Logger } from '../logging/logger.ts';
import type { EngineLauncher } from '../platform/engine-launcher.ts';
import { engineEnvironment } from './engine-environment.ts';

/** Starts the engine as an Electron utility process. */
export function createEngineLauncher(options: {
  /** The compiled engine. */
  readonly modulePath: string;
  /** Folder of its database. */
  readonly userData: string;
  readonly logger: Logger;
}): EngineLauncher {
  const { modulePath, userData, logger } = options;
  return {
    launch() {
      const database = `--database=${join(userData, 'transfers.db')}`;
      const child = utilityProcess.fork(modulePath, [database], {
        serviceName: 'transfer-engine',
        stdio: 'pipe',
        env: engineEnvironment(process.env),
        disclaim: false,
      });
      logOutput(child.stdout, (text) => logger.info('engine output', { text }));
      logOutput(child.stderr, (text) => logger.warn('engine error output', { text }));
      const exited = new Promise<number | null>((resolve) => {
        child.once('exit', (code) => resolve(code));
      });
      return {
        pid: child.pid,
        exited,
        port: {
          // A process, not a window: there is no target origin.
          // oxlint-disable-next-line unicorn/require-post-message-target-origin
          post: (message) => child.postMessage(message),
          onMessage: (listener) => {
            child.on('message', listener);
          },
          onClose: (listener) => {
            void exited.then(listener);
          },
        },
        kill: () => {
          child.kill();
        },
      };
    },
  };
}

function logOutput(
  stream: NodeJS.ReadableStream | null,
  log: (text: string) => void,
): void {
  (stream as Readable | null)?.on('data', (chunk: Buffer | string) => {
    const text = String(chunk).trimEnd();
    if (text !== '') log(text);
  });
}
