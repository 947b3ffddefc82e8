import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Chain } from './chains.ts';
import { check, type Verdict } from './checker.ts';
import { EngineHost } from './engine-host.ts';
import { FaultProxy } from './fault-proxy.ts';
import { Ledger } from './ledger.ts';
import { digestFolder, TinyDisk } from './local-files.ts';
import { Plan } from './plan.ts';
import { QueueWatch } from './queue-watch.ts';
import { Random } from './random.ts';
import { ServerHost } from './server-host.ts';
import { chooseProxyFault, events, weather } from './storms.ts';
import { BUCKETS, bump, connectionsTo, type World } from './world.ts';

/** Chains at work at the same time. */
const CHAINS_AT_ONCE = 12;
/** How long the queue has to come to its end once all faults are over, ms. */
const SETTLE_MS = 180_000;
/** The disk that is too small, before and after somebody made room, MiB. */
const TINY_MIB = 40;
const ROOMY_MIB = 1_024;

/** Options of {@link torture}. */
export interface TortureOptions {
  readonly seed: number;
  readonly minutes: number;
  /** The engine's entry, sources or built. */
  readonly engineEntry: string;
  readonly log: (line: string) => void;
  /** Keeps database, sources and downloads for a look at them. Default: removes them. */
  readonly keep?: boolean;
}

/** What a run reports. */
export interface TortureReport extends Verdict {
  readonly seed: number;
  readonly seconds: number;
  /** Rows of the queue. */
  readonly transfers: number;
  readonly kills: number;
  /** How often what happened. */
  readonly faults: Readonly<Record<string, number>>;
  readonly completed: number;
  /** Rows that ended failed with a reason, as those refused for good must. */
  readonly failedLoudly: number;
  /** Bytes sent or fetched again, for whatever reason. */
  readonly resentBytes: number;
  /** The most that one kill cost: what was in flight. */
  readonly maxResentPerKillBytes: number;
  /** Failures on the way, by code, that a retry by hand got over. */
  readonly retriedByHand: Readonly<Record<string, number>>;
  /** Conflicts asked about where nothing was in the way. */
  readonly needlessQuestions: readonly string[];
  /** Parts that were whole and answered, sent again after a kill. */
  readonly needlessParts: readonly string[];
  /** What could not be done on this machine. */
  readonly skipped: readonly string[];
}

/** Runs it. Rejects only when the tools themselves fail. */
export async function torture(options: TortureOptions): Promise<TortureReport> {
  const { seed, minutes, log } = options;
  const random = new Random(`torture ${seed}`);
  const folder = await mkdtemp(join(tmpdir(), 'dipper-torture-'));
  const tinyDisk = await TinyDisk.mount(join(folder, 'tiny'), TINY_MIB);
  await mkdir(join(folder, 'downloads'));
  await mkdir(join(folder, 'sources'));
  const counts = new Map<string, number>();
  const problems: string[] = [];
  const ledger = new Ledger();
  const began = Date.now();
  const endAt = began + minutes * 60_000;
  let calm = false;

  const server = new ServerHost(join(folder, 'server'));
  await server.start();
  for (const bucket of BUCKETS) await server.createBucket(bucket);
  await server.addFault(
    {
      match: { keyPattern: 'denied-.*refused' },
      action: { kind: 'error', status: 403, code: 'AccessDenied' },
    },
    true,
  );
  const proxyRandom = random.fork('proxy');
  const proxy = new FaultProxy({
    upstreamPort: server.port,
    decide: () => (calm ? null : chooseProxyFault(proxyRandom)),
    onBegin: (exchange) => ledger.begin(exchange),
    onEnd: (exchange) => ledger.end(exchange),
  });
  await proxy.online();
  const engine = new EngineHost({
    entry: options.engineEntry,
    folder,
    connections: () => connectionsTo(proxy, server),
    onCrash: (evidence) => problems.push(`the engine broke down: ${evidence}`),
  });
  const watch = new QueueWatch(engine);
  const plan = new Plan();
  let last: Promise<unknown> = Promise.resolve();
  let dieAfterYes = false;

  function exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  }
  async function killNow(pauseMs: number): Promise<void> {
    ledger.killed();
    await engine.kill(pauseMs);
  }
  const world: World = {
    random,
    folder,
    engine,
    server,
    proxy,
    watch,
    plan,
    tinyDisk,
    counts,
    exclusive,
    submit: (work) =>
      exclusive(async () => {
        const { groupId } = await work();
        if (dieAfterYes) {
          dieAfterYes = false;
          await killNow(0);
        }
        return groupId;
      }),
    isOpen: () => Date.now() < endAt,
  };

  // The first to see the disk full makes room, once the row has said so.
  let roomy = tinyDisk === null;
  watch.holdBack = (code) => {
    if (code !== 'local.no-space' || roomy) return false;
    roomy = true;
    bump(counts, 'diskFull');
    void tinyDisk?.grow(ROOMY_MIB);
    return true;
  };

  try {
    engine.start();
    const watching = watch.run();
    let index = 0;
    async function worker(): Promise<void> {
      while (world.isOpen()) {
        const chain = new Chain(world, index);
        index += 1;
        await chain.run();
      }
    }
    const work = Promise.all(Array.from({ length: CHAINS_AT_ONCE }, () => worker()));
    await Promise.race([
      // A defect of the tools ends the run at once.
      Promise.all([work, never()]),
      Promise.all([
        weather(world),
        events({
          world,
          kill: (pauseMs) => exclusive(() => killNow(pauseMs)),
          killAfterYes: () => {
            dieAfterYes = true;
          },
        }),
      ]),
      fails(watching),
    ]);
    log(`faults end after ${elapsed(began)} s, ${index} chains; letting the queue end`);
    calm = true;
    await server.clearFaults();
    await engine.call('transfers.resume', { ids: null });
    const settled = await Promise.race([
      work.then(() => true),
      fails(watching),
      delay(SETTLE_MS, false, { ref: false }),
    ]);
    if (!settled) problems.push(`the queue had not ended ${SETTLE_MS} ms later`);
    watch.stop();
    await watching;

    const rows = await watch.rows('all');
    const outcome = plan.outcome(rows);
    for (const row of rows) {
      if (row.note !== '' && row.kind === 'upload')
        log(`note on ${row.bucket}/${row.key}: ${row.note}`);
      if (row.error?.code === 'internal') problems.push(`internal error: ${row.key}`);
    }
    // The user gives up on what was refused: nothing may stay of it.
    const given = rows.filter((row) => row.state === 'failed').map((row) => row.id);
    if (given.length > 0) await engine.call('transfers.cancel', { ids: given });
    if ((await engine.stop()) === 'hung') problems.push('the engine did not stop');
    for (const [code, sample] of watch.samples) log(`failed ${code}: ${sample}`);
    log(`comparing after ${elapsed(began)} s`);

    const { objects, uploads } = await server.inspect(BUCKETS);
    const files = await digestFolder(join(folder, 'downloads'));
    if (tinyDisk !== null) {
      for (const [path, digest] of await digestFolder(tinyDisk.folder)) {
        files.set(path, digest);
      }
    }
    const observed = { objects: new Map(Object.entries(objects)), files, uploads };
    const facts = watch.unexplained.map((detail) => ({
      origin: 'on the way',
      kind: 'failed-without-reason' as const,
      detail,
    }));
    const verdict = check(outcome.expectations, observed, [...outcome.facts, ...facts]);
    await server.stop('orderly');
    return {
      seed,
      seconds: elapsed(began),
      transfers: rows.length,
      kills: engine.kills,
      faults: Object.fromEntries(
        [...server.counts, ...proxy.counts, ...counts].sort(([a], [b]) =>
          a < b ? -1 : 1,
        ),
      ),
      completed: outcome.completed,
      failedLoudly: outcome.failedLoudly,
      ...verdict,
      problems: [...problems, ...verdict.problems],
      resentBytes: ledger.resentBytes,
      maxResentPerKillBytes: ledger.maxResentPerKillBytes,
      retriedByHand: Object.fromEntries(watch.failures),
      needlessQuestions: watch.questions,
      needlessParts: ledger.needless,
      skipped: tinyDisk === null ? ['disk full: no tmpfs can be mounted here'] : [],
    };
  } finally {
    engine.abandon();
    await server.stop('killed').catch(() => undefined);
    await proxy.offline();
    await tinyDisk?.unmount();
    if (options.keep === true) log(`kept in ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  }
}

function elapsed(began: number): number {
  return Math.round((Date.now() - began) / 1_000);
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** Rejects when `work` does; never resolves. */
async function fails(work: Promise<unknown>): Promise<never> {
  await work;
  return never();
}
