import { setTimeout as delay } from 'node:timers/promises';
import { assertNever } from '../../src/shared/lib/assert-never.ts';
import {
  canStrike,
  type Exchange,
  PROXY_FAULTS,
  type ProxyFault,
  type ProxyFaultKind,
} from './proxy-faults.ts';
import type { Random } from './random.ts';
import { COPY_TOO_LARGE, type WireFault } from './server-child.ts';
import type { ServerHost } from './server-host.ts';
import type { World } from './world.ts';

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
/** How much likelier a kind is that has not been there yet. */
const OWED = 8;

/** Share of exchanges that the proxy spoils: more where the server has no faults. */
const PROXY_SHARE = { own: 0.06, other: 0.12 } as const;

/** Chooses what the proxy does to an exchange, of what can be done to it. */
export function chooseProxyFault(
  random: Random,
  exchange: Exchange,
  struck: ReadonlyMap<ProxyFaultKind, number>,
  host: ServerHost | null,
): ProxyFault | null {
  if (!random.chance(host === null ? PROXY_SHARE.other : PROXY_SHARE.own)) return null;
  const weights = Object.fromEntries(
    PROXY_FAULTS.filter((kind) => canStrike(kind, exchange)).map((kind) => [
      kind,
      PROXY_WEIGHTS[kind] * (struck.has(kind) ? 1 : OWED),
    ]),
  ) as Record<ProxyFaultKind, number>;
  return { kind: random.weighted(weights), at: random.next() };
}

const CHANGES = [
  'PutObject',
  'UploadPart',
  'UploadPartCopy',
  'CreateMultipartUpload',
  'CompleteMultipartUpload',
  'AbortMultipartUpload',
  'CopyObject',
  'DeleteObject',
  'DeleteObjects',
] as const;

/** How likely each fault of the server is, relative to the others. */
const SERVER_WEIGHTS = {
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
  copyTooLarge: 2,
} as const;

/**
 * The faults of the server that any run of some minutes meets, by the names they are
 * counted under. Large files are not copied often enough.
 */
export const SERVER_FAULTS = Object.keys(SERVER_WEIGHTS).filter(
  (kind) => kind !== 'copyTooLarge',
);

/** Keys of files that are large enough for parts. */
const LARGE = 'large\\.bin$';

/** A fault for the server, struck one to three times. */
function serverFault(random: Random): WireFault {
  const few = { times: random.int(1, 3), skip: random.int(0, 3) };
  const kind = random.weighted(SERVER_WEIGHTS);
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
    case 'copyTooLarge': {
      // So that copies go in parts, which else only those beyond 5 GiB do.
      const action = { kind: 'error', status: 400, code: COPY_TOO_LARGE } as const;
      const match = { operation: 'CopyObject', keyPattern: LARGE } as const;
      return { times: few.times, match, action };
    }
    default:
      return assertNever(kind);
  }
}

/** Keeps faults coming to the server until the run closes. */
export async function weather(world: World, host: ServerHost): Promise<void> {
  const random = world.random.fork('weather');
  for (let round = 1; world.isOpen(); round += 1) {
    await world.exclusive(async () => {
      // Those for rare requests would pile up.
      if (round % 8 === 0) await host.clearFaults();
      for (let count = random.int(2, 5); count > 0; count -= 1) {
        await host.addFault(serverFault(random));
      }
    });
    await delay(random.int(500, 2_000));
  }
}
