import type { NullServerControl } from './server.ts';
import { startNullServer } from './server.ts';

/** A call of {@link NullServerControl} from the bench. */
interface ControlCall {
  readonly id: number;
  readonly verb: keyof NullServerControl;
  readonly args: readonly unknown[];
}

/** Entry of the null server's process; its parent is the bench. */
async function main(): Promise<void> {
  const { BENCH_KEY: key = '', BENCH_CERT: cert = '' } = process.env;
  const server = await startNullServer({ key, cert });
  process.on('message', (message) => {
    const { id, verb, args } = message as ControlCall;
    const call = server.control[verb] as (...values: readonly unknown[]) => unknown;
    try {
      process.send?.({ id, value: call(...args) });
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? error.message : 'unknown' });
    }
  });
  process.once('disconnect', () => process.exit(0));
  process.send?.({ http: server.http, https: server.https });
}

await main();
