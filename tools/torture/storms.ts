import { setTimeout as delay } from 'node:timers/promises';
import { assertNever } from '../../src/shared/lib/assert-never.ts';
import { PROXY_FAULTS, type ProxyFault, type ProxyFaultKind } from './fault-proxy.ts';
import type { Random } from './random.ts';
import type { WireFault } from './server-child.ts';
import { bump, type World } from './world.ts';

/** How likely each fault of the proxy is, relative to the others. */
const PROXY_WEIGHTS: Readonly<Record<ProxyFaultKind, number>> = {
  ...(Object.fromEntries(PROXY_FAULTS.map((kind) => [kind, 10])) as Record<
    ProxyFaultKind,
    number
  >),
  // These cost seconds each.
  stalledRequest: 2,
  stalledResponse: 2,
  slow: 4,
};

/** Share of exchanges that the proxy spoils. */
const PROXY_SHARE = 0.06;

/** Chooses what the proxy does to each exchange. */
export function chooseProxyFault(random: Random): ProxyFault | null {
  if (!random.chance(PROXY_SHARE)) return null;
  return { kind: random.weighted(PROXY_WEIGHTS), at: random.next() };
}

const CHANGES = [
  'PutObject',
  'UploadPart',
  'CreateMultipartUpload',
  'CompleteMultipartUpload',
  'AbortMultipartUpload',
  'CopyObject',
  'DeleteObject',
  'DeleteObjects',
] as const;

/** A fault for the server, struck one to three times. */
function serverFault(random: Random): WireFault {
  const few = { times: random.int(1, 3), skip: random.int(0, 3) };
  const kind = random.weighted({
    slowDown: 3,
    retryAfter: 1,
    error500: 2,
    reset: 2,
    lostResponse: 4,
    errorIn200: 2,
    truncate: 1,
    corrupt: 1,
    stall: 1,
    delay: 2,
  });
  const operation = random.pick(CHANGES);
  const afterBytes = random.int(0, 200_000);
  switch (kind) {
    case 'slowDown':
      return { ...few, action: { kind } };
    case 'retryAfter':
      return { ...few, action: { kind: 'slowDown', retryAfterSeconds: 1 } };
    case 'error500':
      return { ...few, action: { kind } };
    case 'reset': {
      const when = random.pick(['before', 'request', 'response', 'after'] as const);
      return { ...few, action: { kind, when, afterBytes } };
    }
    case 'lostResponse':
      return { ...few, match: { operation }, action: { kind } };
    case 'errorIn200': {
      const where = random.pick(['CompleteMultipartUpload', 'CopyObject'] as const);
      const action = { kind, code: 'InternalError', done: random.chance(0.5) };
      return { ...few, match: { operation: where }, action };
    }
    case 'truncate':
      return { ...few, match: { operation: 'GetObject' }, action: { kind, afterBytes } };
    case 'corrupt': {
      const action = { kind, what: 'response', atByte: random.int(0, 5_000) } as const;
      return { ...few, match: { operation: 'GetObject' }, action };
    }
    case 'stall': {
      const when = random.pick(['before', 'request', 'response'] as const);
      return { times: 1, action: { kind, when, afterBytes } };
    }
    case 'delay':
      return { ...few, action: { kind, ms: random.int(50, 800) } };
    default:
      return assertNever(kind);
  }
}

/** Keeps faults coming to the server until the run closes. */
export async function weather(world: World): Promise<void> {
  const random = world.random.fork('weather');
  for (let round = 1; world.isOpen(); round += 1) {
    await world.exclusive(async () => {
      // Those for rare requests would pile up.
      if (round % 8 === 0) await world.server.clearFaults();
      for (let count = random.int(2, 5); count > 0; count -= 1) {
        await world.server.addFault(serverFault(random));
      }
    });
    await delay(random.int(500, 2_000));
  }
}

/** What happens to the whole of it, and how often relative to the others. */
const EVENTS = {
  kill: 35,
  killAfterYes: 8,
  orderlyRestart: 6,
  serverKilled: 6,
  slowDownStorm: 10,
  offline: 10,
  clockSkew: 8,
  expiredCredentials: 10,
  pause: 7,
} as const;

/** What {@link events} needs beside the world. */
export interface Catastrophes {
  readonly world: World;
  /** The engine dies as soon as it accepted the next piece of work. */
  readonly killAfterYes: () => void;
  readonly kill: (pauseMs: number) => Promise<void>;
}

/** Lets things happen one after the other until the run closes. */
export async function events({ world, kill, killAfterYes }: Catastrophes): Promise<void> {
  const random = world.random.fork('events');
  const { engine, server, proxy, counts } = world;
  while (world.isOpen()) {
    await delay(random.int(400, 3_000));
    const event = random.weighted(EVENTS);
    const lengthMs = random.int(300, 2_500);
    if (event !== 'kill' && event !== 'killAfterYes') bump(counts, event);
    switch (event) {
      case 'kill':
        await kill(random.int(0, 400));
        break;
      case 'killAfterYes':
        killAfterYes();
        break;
      case 'orderlyRestart':
      case 'serverKilled':
        await world.exclusive(() =>
          server.restart(event === 'serverKilled' ? 'killed' : 'orderly'),
        );
        break;
      case 'slowDownStorm':
        await world.exclusive(() =>
          server.addFault({ times: random.int(10, 60), action: { kind: 'slowDown' } }),
        );
        break;
      case 'offline':
        await proxy.offline();
        await delay(lengthMs);
        await proxy.online();
        break;
      case 'clockSkew': {
        const ms = random.pick([-1, 1]) * random.int(16, 90) * 60_000;
        await world.exclusive(() => server.setSkew(ms));
        await delay(lengthMs);
        await world.exclusive(() => server.setSkew(0));
        break;
      }
      case 'expiredCredentials':
        await world.exclusive(() => server.renewCredentials());
        await delay(lengthMs);
        await engine.configure();
        break;
      case 'pause':
        await engine.call('transfers.pause', { ids: null });
        await delay(lengthMs);
        await engine.call('transfers.resume', { ids: null });
        break;
    }
  }
}
