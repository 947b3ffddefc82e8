import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { catastrophes } from './catastrophes.ts';
import { Chain } from './chains.ts';
import { check } from './checker.ts';
import { EngineHost } from './engine-host.ts';
import { FaultProxy } from './fault-proxy.ts';
import { Ledger } from './ledger.ts';
import { digestFolder, TinyDisk } from './local-files.ts';
import { Plan } from './plan.ts';
import { QueueWatch } from './queue-watch.ts';
import { type Endpoint, RadosgwServer } from './radosgw.ts';
import { Random } from './random.ts';
import { missingKinds, type TortureReport } from './report.ts';
import { ServerHost } from './server-host.ts';
import { chooseProxyFault, weather } from './storms.ts';
import { bump, connectionsTo, type World } from './world.ts';

/** Chains at work at the same time. */
const CHAINS_AT_ONCE = 12;
/**
 * How long nothing at all may move in the queue once all faults are over, ms. As long as
 * anything does it may take its time: machines are slow.
 */
const STUCK_MS = 60_000;
/** From so many minutes on there are files that take long. */
const HEAVY_MINUTES = 0.75;
/** The disk that is too small, before and after somebody made room, MiB. */
const TINY_MIB = 40;
const ROOMY_MIB = 1_024;

/** Options of {@link torture}. */
export interface TortureOptions {
  readonly seed: number;
  readonly minutes: number;
  /** The engine's entry, sources or built. */
  readonly engineEntry: string;
  /** Another server than our own, which then is only spoilt by the proxy. */
  readonly endpoint?: Endpoint | undefined;
  readonly log: (line: string) => void;
  /** Keeps database, sources and downloads for a look at them. Default: removes them. */
  readonly keep?: boolean;
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
  const ledger = new Ledger(() => performance.now());
  const began = Date.now();
  const endAt = began + minutes * 60_000;
  let calm = false;

  const host =
    options.endpoint === undefined ? new ServerHost(join(folder, 'server')) : null;
  const server = host ?? new RadosgwServer(requireEndpoint(options));
  await server.start();
  await host?.addFault(
    {
      match: { keyPattern: 'denied-.*refused' },
      action: { kind: 'error', status: 403, code: 'AccessDenied' },
    },
    true,
  );
  const proxyRandom = random.fork('proxy');
  const proxy: FaultProxy = new FaultProxy({
    upstreamPort: server.port,
    decide: (exchange) =>
      calm ? null : chooseProxyFault(proxyRandom, exchange, proxy.counts, host),
    onBegin: (exchange) => ledger.begin(exchange),
    onEnd: (exchange) => ledger.end(exchange),
  });
  await proxy.online();
  const engine = new EngineHost({
    entry: options.engineEntry,
    folder,
    connections: () => connectionsTo(proxy, server),
    onCrash: (evidence) => {
      log(`the engine broke down: ${evidence}`);
      problems.push(`the engine broke down: ${evidence}`);
    },
    log,
    onHang: () => problems.push('the engine did not stop when it was told to'),
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
    host,
    proxy,
    ledger,
    heavy: minutes >= HEAVY_MINUTES,
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
          bump(counts, 'killAfterYes');
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
        host === null ? undefined : weather(world, host),
        catastrophes({
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
    await host?.clearFaults();
    await engine.call('transfers.resume', { ids: null });
    const settled = await Promise.race([
      work.then(() => true),
      fails(watching),
      stuck(watch),
    ]);
    if (!settled) {
      problems.push(`nothing moved in the queue for ${STUCK_MS} ms`);
      for (const row of (await watch.rows('active')).slice(0, 10)) {
        log(`stuck: ${JSON.stringify(row)}`);
      }
    }
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

    const { objects, uploads } = await server.inspect();
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
    await host?.stop('orderly');
    const costs = ledger.costs((target) => isExcused(target, host));
    problems.push(...costs.needless.map((name) => `needless after a kill: ${name}`));
    problems.push(...costs.beyond);
    const faults = Object.fromEntries(
      [...(host?.counts ?? []), ...proxy.counts, ...counts].sort(([a], [b]) =>
        a < b ? -1 : 1,
      ),
    );
    const missing = missingKinds(faults, host, minutes, tinyDisk !== null);
    for (const kind of missing) problems.push(`no ${kind} happened at all`);
    return {
      seed,
      target: host === null ? 'radosgw' : 'own',
      seconds: elapsed(began),
      transfers: rows.length,
      kills: engine.kills,
      faults,
      completed: outcome.completed,
      failedLoudly: outcome.failedLoudly,
      ...verdict,
      problems: [...problems, ...verdict.problems],
      resentBytes: ledger.resentBytes,
      maxResentPerKillBytes: costs.maxResentPerKillBytes,
      retriedByHand: Object.fromEntries(watch.failures),
      needlessQuestions: watch.questions,
      needlessParts: costs.needless,
      skipped: tinyDisk === null ? ['disk full: no tmpfs can be mounted here'] : [],
    };
  } finally {
    engine.abandon();
    await proxy.offline();
    await server.close().catch((error: unknown) => log(String(error)));
    await tinyDisk?.unmount();
    if (options.keep === true) log(`kept in ${folder}`);
    else {
      const gone = rm(folder, { recursive: true, force: true, maxRetries: 5 });
      await gone.catch((error: unknown) => log(String(error)));
    }
  }
}

function elapsed(began: number): number {
  return Math.round((Date.now() - began) / 1_000);
}

function requireEndpoint({ endpoint }: TortureOptions): Endpoint {
  if (endpoint === undefined) throw new Error('no endpoint');
  return endpoint;
}

/** Resolves once nothing has moved for long enough. */
async function stuck(watch: QueueWatch): Promise<false> {
  const began = performance.now();
  for (;;) {
    await delay(1_000, undefined, { ref: false });
    const since = Math.max(began, watch.lastMovedAt);
    if (performance.now() - since > STUCK_MS) return false;
  }
}

/**
 * Whether something may have to go again for a reason that the proxy cannot see: a source
 * or an object of other bytes, or a disk that was full.
 */
function isExcused(target: string, host: ServerHost | null): boolean {
  const [path = ''] = target.split('?');
  const key = decodeURIComponent(path);
  if (key.endsWith('/changing.bin') || key.includes('/chain-0')) return true;
  return host?.spoilt.has(key) ?? false;
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** Rejects when `work` does; never resolves. */
async function fails(work: Promise<unknown>): Promise<never> {
  await work;
  return never();
}
