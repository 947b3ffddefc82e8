import { once } from 'node:events';
import { join } from 'node:path';
import { forkPinned } from '../measure/fork-pinned.ts';
import { readTimes } from '../measure/proc.ts';
import type { NullServerControl } from './server.ts';

/** The control of a server in another process. */
export type RemoteControl = {
  readonly [V in keyof NullServerControl]: (
    ...args: Parameters<NullServerControl[V]>
  ) => Promise<ReturnType<NullServerControl[V]>>;
};

/** The null server in a process of its own. */
export interface NullServerProcess extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` or its https twin. */
  endpoint(tls: boolean): string;
  readonly control: RemoteControl;
  /** CPU seconds it has used so far. */
  cpuS(): number;
}

/** Starts the server, on the given CPUs where taskset is there. */
export async function launchNullServer(options: {
  readonly key: string;
  readonly cert: string;
  readonly cpus: string | null;
}): Promise<NullServerProcess> {
  const child = forkPinned(join(import.meta.dirname, 'process.ts'), [], {
    cpus: options.cpus,
    env: { ...process.env, BENCH_KEY: options.key, BENCH_CERT: options.cert },
  });
  const [ports] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error('The null server did not start.');
    }),
  ])) as [{ readonly http: number; readonly https: number }];
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;
  child.on('message', (message) => {
    const { id, value, error } = message as {
      id: number;
      value: unknown;
      error?: string;
    };
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(value);
    else call?.reject(new Error(`The null server failed: ${error}`));
  });
  child.once('exit', () => {
    for (const call of waiting.values()) call.reject(new Error('The null server ended.'));
    waiting.clear();
  });
  const verbs: readonly (keyof NullServerControl)[] = [
    'generate',
    'clear',
    'contents',
    'received',
    'setVerify',
    'setDelay',
    'takeTier',
    'takeAgents',
  ];
  const control = Object.fromEntries(
    verbs.map((verb) => [
      verb,
      (...args: readonly unknown[]) => {
        lastId += 1;
        const call = Promise.withResolvers<unknown>();
        waiting.set(lastId, call);
        child.send({ id: lastId, verb, args });
        return call.promise;
      },
    ]),
  ) as unknown as RemoteControl;
  return {
    endpoint: (tls) =>
      tls ? `https://127.0.0.1:${ports.https}` : `http://127.0.0.1:${ports.http}`,
    control,
    cpuS: () => readTimes(child.pid ?? -1)?.ownS ?? Number.NaN,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
