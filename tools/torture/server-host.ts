import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Credentials } from '../../src/shared/contract/engine.ts';
import {
  type FaultTally,
  type ServerRequest,
  temporaryUser,
  type WireFault,
} from './server-child.ts';
import type { ServerContents, TortureServer } from './torture-server.ts';

/** Its data is new at every run, so the names need not be. */
const BUCKETS = ['torture-one', 'torture-two'] as const;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Our S3 server in a process of its own, which can be restarted over its data. */
export class ServerHost implements TortureServer {
  /** How often each fault of the server struck, over all its restarts. */
  readonly counts = new Map<string, number>();
  readonly buckets = BUCKETS;
  /** Paths of objects that were spoilt on their way out. */
  readonly spoilt = new Set<string>();
  readonly #dataDir: string;
  readonly #lasting: WireFault[] = [];
  #child: ChildProcess | undefined;
  #pending = new Map<number, Pending>();
  #lastId = 0;
  #port = 0;
  #generation = 0;
  #skewMs = 0;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  get port(): number {
    return this.#port;
  }

  /** The only credentials that are valid now. */
  get credentials(): Credentials {
    const { accessKeyId, secretAccessKey, sessionToken } = temporaryUser(
      this.#generation,
      () => true,
    );
    return { accessKeyId, secretAccessKey, sessionToken: sessionToken ?? '' };
  }

  /** Starts the process; again on the same port and data. */
  async start(): Promise<void> {
    const isFirst = this.#port === 0;
    const child = fork(join(import.meta.dirname, 'server-child.ts'), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child = child;
    child.on('message', (message: { id: number; value?: unknown; error?: string }) => {
      const waiting = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      if (message.error === undefined) waiting?.resolve(message.value);
      else waiting?.reject(new Error(message.error));
    });
    child.once('exit', () => {
      for (const { reject } of this.#pending.values()) {
        reject(new Error('the server is gone'));
      }
      this.#pending.clear();
    });
    const port = await this.#ask({
      op: 'start',
      port: this.#port,
      dataDir: this.#dataDir,
    });
    this.#port = port as number;
    if (isFirst) for (const name of BUCKETS) await this.#ask({ op: 'bucket', name });
    await this.#ask({ op: 'renew', generation: this.#generation });
    await this.#ask({ op: 'skew', ms: this.#skewMs });
    for (const fault of this.#lasting) await this.#ask({ op: 'fault', fault });
  }

  /** Stops in order, or dies; then starts over the same data. */
  async restart(how: 'orderly' | 'killed'): Promise<void> {
    await this.stop(how);
    await this.start();
  }

  async stop(how: 'orderly' | 'killed'): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    const gone = once(child, 'exit');
    // One that did not even start has nothing to tell.
    await this.#tally('hits', child).catch(() => undefined);
    if (how === 'orderly') await this.#ask({ op: 'close' }, child);
    else child.kill('SIGKILL');
    await gone;
  }

  /** Makes objects without requests. */
  async seed(
    bucket: string,
    entries: readonly { readonly key: string; readonly body: Buffer }[],
  ): Promise<void> {
    await this.#ask({ op: 'seed', bucket, entries });
  }

  /** Adds a fault; `lasting` ones survive restarts and {@link clearFaults}. */
  async addFault(fault: WireFault, lasting = false): Promise<void> {
    if (lasting) this.#lasting.push(fault);
    await this.#ask({ op: 'fault', fault });
  }

  async clearFaults(): Promise<void> {
    await this.#tally('clear');
    for (const fault of this.#lasting) await this.#ask({ op: 'fault', fault });
  }

  async setSkew(ms: number): Promise<void> {
    this.#skewMs = ms;
    await this.#ask({ op: 'skew', ms });
  }

  /** Ends the credentials of now; {@link credentials} gives the next ones. */
  async renewCredentials(): Promise<void> {
    this.#generation += 1;
    await this.#ask({ op: 'renew', generation: this.#generation });
  }

  async inspect(): Promise<ServerContents> {
    return (await this.#ask({ op: 'inspect', buckets: this.buckets })) as ServerContents;
  }

  /** As {@link restart} without coming back. */
  async close(): Promise<void> {
    await this.stop('killed');
  }

  async #tally(op: 'hits' | 'clear', child = this.#child): Promise<void> {
    const hits = (await this.#ask({ op }, child)) as readonly FaultTally[];
    for (const { kind, spoilt } of hits) {
      this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
      if (spoilt !== null) this.spoilt.add(spoilt);
    }
  }

  #ask(request: ServerRequest, child = this.#child): Promise<unknown> {
    if (child === undefined) return Promise.reject(new Error('the server is not up'));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      child.send({ id, request });
    });
  }
}
