import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import {
  type EngineTopics,
  engineContract,
  NO_STORAGE_CODES,
  STORAGE_EXIT_CODE,
} from '../../shared/contract/engine.ts';
import { AppError, serializeError } from '../../shared/errors/app-error.ts';
import {
  forkedProcessAdapter,
  type ParentPort,
  parentPortAdapter,
} from '../rpc/adapters.ts';
import type { Port } from '../rpc/port.ts';
import { type ContractServer, serveContract } from '../rpc/serve-contract.ts';
import { dropUnusedHttp } from './node-http.ts';
import { createEngine, type Engine, type EngineEmit } from './serve.ts';

/**
 * Entry of the engine process: an Electron utility process, or a child of
 * `child_process.fork` in the development host. `--database=PATH` names the queue's file.
 */
function main(): void {
  const { values } = parseArgs({
    args: process.argv.slice(2),
    options: { database: { type: 'string' } },
    // Electron adds switches of its own.
    strict: false,
  });
  if (typeof values.database !== 'string' || values.database === '') {
    throw new Error('The engine needs --database=PATH');
  }
  keepHeapSmall();
  dropUnusedHttp();
  trustSystemAuthorities();
  const port = pickPort();
  // What the engine says while it starts waits until there is a line to say it on.
  let server: Pick<ContractServer<EngineTopics>, 'emit'> | null = null;
  const early: (() => void)[] = [];
  const emit: EngineEmit = (topic, payload) => {
    if (server === null) early.push(() => emit(topic, payload));
    else server.emit(topic, payload);
  };
  const engine = startEngine(values.database, emit, port);
  if (engine === null) return;
  server = serveContract(engineContract, engine.handlers, port, (name, error) =>
    emit('engine.log', {
      level: 'error',
      message: 'A call failed unexpectedly.',
      details: { name, ...describe(error) },
    }),
  );
  for (const say of early) say();

  // A forked child outlives its parent unless it ends itself.
  port.onClose?.(() => void engine.stop().finally(() => process.exit(0)));
  // Nobody knows what state this leaves: main starts a new engine over the same queue.
  process.on('uncaughtException', (error) => {
    emit('engine.log', {
      level: 'error',
      message: 'The engine broke down.',
      details: describe(error),
    });
    setImmediate(() => process.exit(1));
  });
}

/**
 * V8 doubles its young generation whenever much of it survives, up to dozens of MiB, and
 * lets the old one grow fourfold before it looks for garbage. Transfers make many objects
 * that live for one request: with both kept small, thousands of small files take a hundred
 * MiB less and no more time. TurboFan is left out, too: what is hot here (sums, ciphers,
 * SQLite) is native, and Maglev's code for the rest takes as long, where compiling it all a
 * second time takes 8 MiB and a twentieth of the time that 5,000 small files need. So is
 * inlining, which compiles the same functions many times over: without it 4 MiB less and no
 * more time. Flags that a later V8 does not know change nothing.
 */
function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=30');
  setFlagsFromString('--no-turbofan');
  setFlagsFromString('--no-maglev-inlining');
}

/** What was said until then still gets out. */
function endWithoutStorage(): void {
  setImmediate(() => process.exit(STORAGE_EXIT_CODE));
}

/** An engine that cannot start says why before it ends: `null`. */
function startEngine(databasePath: string, emit: EngineEmit, port: Port): Engine | null {
  try {
    const onBroken = endWithoutStorage;
    const options = { databasePath, clock: Date, random: Math.random, onBroken };
    return createEngine(options, emit);
  } catch (error) {
    const topic = 'engine.notice' satisfies keyof EngineTopics;
    port.post({ kind: 'event', topic, payload: serializeError(error) });
    if (!(error instanceof AppError) || !NO_STORAGE_CODES.includes(error.code))
      throw error;
    endWithoutStorage();
    return null;
  }
}

/**
 * Companies put their own certificate authority into the operating system's store: what
 * browsers trust there, Dipper trusts too, besides Node's own list.
 */
function trustSystemAuthorities(): void {
  try {
    const trusted = new Set([
      ...getCACertificates('default'),
      ...getCACertificates('system'),
    ]);
    setDefaultCACertificates([...trusted]);
  } catch {
    // A store that cannot be read leaves Node's own list, which serves most servers.
  }
}

function pickPort(): Port {
  const { parentPort } = process as unknown as { readonly parentPort?: ParentPort };
  if (parentPort !== undefined) return parentPortAdapter(parentPort);
  if (process.send !== undefined) return forkedProcessAdapter(process);
  throw new Error('The engine is started by Dipper, not by hand');
}

/** Name, code and stack: our own errors carry no request headers. */
function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: String(error) };
  return {
    name: error.name,
    message: error.message,
    code: (error as NodeJS.ErrnoException).code,
    stack: error.stack,
  };
}

main();
