import { type ChildProcess, fork } from 'node:child_process';

/** Forks a module, on the given CPUs where taskset is there. Messages may hold arrays. */
export function forkPinned(
  modulePath: string,
  args: readonly string[],
  options: {
    readonly cpus: string | null;
    readonly env: Readonly<Record<string, string | undefined>>;
  },
): ChildProcess {
  const { cpus, env } = options;
  return fork(modulePath, [...args], {
    env: { ...env },
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    ...(cpus === null
      ? { execArgv: [] }
      : { execPath: 'taskset', execArgv: ['-c', cpus, process.execPath] }),
  });
}
