import { fork } from 'node:child_process';
import { join } from 'node:path';
import { engineEnvironment } from '../../electron/engine-environment.ts';
import type { EngineHandle, EngineLauncher } from '../../platform/engine-launcher.ts';

/** The real engine as a child process, with everything it says. */
export interface RealEngineLauncher extends EngineLauncher {
  readonly launched: EngineHandle[];
  /** All of stdout and stderr of every engine so far. */
  readonly output: string[];
  /** Messages from the engine, as they came over the line. */
  readonly heard: unknown[];
  dispose(): Promise<void>;
}

/** Starts `src/main/engine/process.ts` over the queue in `userData`. */
export function createRealEngineLauncher(userData: string): RealEngineLauncher {
  const launched: EngineHandle[] = [];
  const output: string[] = [];
  const heard: unknown[] = [];
  return {
    launched,
    output,
    heard,
    launch() {
      const child = fork(
        new URL('../../engine/process.ts', import.meta.url),
        [`--database=${join(userData, 'transfers.db')}`],
        {
          serialization: 'advanced',
          stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
          env: engineEnvironment(process.env),
        },
      );
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
      }
      child.on('message', (message) => heard.push(message));
      const exited = new Promise<number | null>((resolve) => {
        child.once('exit', (code) => resolve(code));
      });
      const handle: EngineHandle = {
        pid: child.pid,
        exited,
        port: {
          post: (message) => {
            if (child.connected) child.send(message as object);
          },
          onMessage: (listener) => {
            child.on('message', listener);
          },
        },
        kill: () => {
          child.kill('SIGKILL');
        },
      };
      launched.push(handle);
      return handle;
    },
    async dispose() {
      for (const handle of launched) handle.kill();
      await Promise.all(launched.map((handle) => handle.exited));
    },
  };
}
