import { fork } from 'node:child_process';
import type { EngineHandle, EngineLauncher } from '../../platform/engine-launcher.ts';

/** A launcher that counts and can be told to start something that dies at once. */
export interface ForkLauncher extends EngineLauncher {
  readonly launched: EngineHandle[];
  /** From now on every process exits at once. */
  broken: boolean;
  /** Ends what is left. */
  dispose(): Promise<void>;
}

/** Starts the tiny engine as a child process. */
export function createForkLauncher(...args: readonly string[]): ForkLauncher {
  const launched: EngineHandle[] = [];
  const launcher: ForkLauncher = {
    launched,
    broken: false,
    launch() {
      const child = fork(
        new URL(launcher.broken ? 'dead-engine.ts' : 'tiny-engine.ts', import.meta.url),
        [...args],
        { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
      );
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
  return launcher;
}
