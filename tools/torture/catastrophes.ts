import { setTimeout as delay } from 'node:timers/promises';
import { assertNever } from '../../src/shared/lib/assert-never.ts';
import type { Random } from './random.ts';
import type { ServerHost } from './server-host.ts';
import { bump, type World } from './world.ts';

/** What happens on this side of the server, and how often relative to the others. */
const ANYWHERE = {
  kill: 35,
  killAfterYes: 8,
  engineRestart: 4,
  offline: 10,
  pause: 7,
  pauseSome: 7,
} as const;

/** What only our own server can be made to do. */
const AT_OURS = {
  orderlyRestart: 6,
  serverKilled: 6,
  slowDownStorm: 10,
  clockSkew: 8,
  expiredCredentials: 10,
} as const;

type Event = keyof typeof ANYWHERE | keyof typeof AT_OURS;

/** Rows that one pause takes. */
const SOME = 5;

/** What {@link catastrophes} needs beside the world. */
export interface CatastropheInput {
  readonly world: World;
  /** The engine dies as soon as it accepted the next piece of work. */
  readonly killAfterYes: () => void;
  readonly kill: (pauseMs: number) => Promise<void>;
}

/** The kinds of events there are. */
export function eventKinds(host: ServerHost | null): readonly Event[] {
  return Object.keys(weightsOf(host)) as Event[];
}

/** Lets things happen one after the other until the run closes. */
export async function catastrophes(input: CatastropheInput): Promise<void> {
  const { world } = input;
  const random = world.random.fork('events');
  const weights = weightsOf(world.host);
  // Everything once, with a kill after each, however short the run is.
  const first = random
    .shuffled(eventKinds(world.host))
    .flatMap((event): Event[] => (event === 'kill' ? ['kill'] : [event, 'kill']));
  while (world.isOpen()) {
    await delay(random.int(400, 3_000));
    const event = first.shift() ?? random.weighted(weights);
    await happen(input, event, random);
  }
}

function weightsOf(host: ServerHost | null): Readonly<Record<Event, number>> {
  const here = host === null ? ANYWHERE : { ...ANYWHERE, ...AT_OURS };
  // Whatever is left out does not happen.
  return here as Readonly<Record<Event, number>>;
}

async function happen(
  { world, kill, killAfterYes }: CatastropheInput,
  event: Event,
  random: Random,
): Promise<void> {
  const { engine, proxy, counts, host } = world;
  const lengthMs = random.int(300, 2_500);
  if (event !== 'killAfterYes') bump(counts, event);
  switch (event) {
    case 'kill':
      return kill(random.int(0, 400));
    case 'killAfterYes':
      killAfterYes();
      return;
    case 'engineRestart':
      await world.exclusive(() => engine.restart());
      return;
    case 'orderlyRestart':
    case 'serverKilled':
      await world.exclusive(async () =>
        host?.restart(event === 'serverKilled' ? 'killed' : 'orderly'),
      );
      return;
    case 'slowDownStorm': {
      const times = random.int(10, 60);
      await world.exclusive(async () =>
        host?.addFault({ times, action: { kind: 'slowDown' } }),
      );
      return;
    }
    case 'offline':
      await proxy.offline();
      await delay(lengthMs);
      await proxy.online();
      return;
    case 'clockSkew': {
      const ms = random.pick([-1, 1]) * random.int(16, 90) * 60_000;
      await world.exclusive(async () => host?.setSkew(ms));
      await delay(lengthMs);
      await world.exclusive(async () => host?.setSkew(0));
      return;
    }
    case 'expiredCredentials':
      await world.exclusive(async () => host?.renewCredentials());
      await delay(lengthMs);
      await engine.configure();
      return;
    case 'pause':
      await engine.call('transfers.pause', { ids: null });
      await delay(lengthMs);
      await engine.call('transfers.resume', { ids: null });
      return;
    case 'pauseSome': {
      const rows = await world.watch.rows('active');
      const ids = random
        .shuffled(rows)
        .slice(0, SOME)
        .map((row) => row.id);
      if (ids.length === 0) return;
      await engine.call('transfers.pause', { ids });
      await delay(lengthMs);
      await engine.call('transfers.resume', { ids });
      return;
    }
    default:
      assertNever(event);
  }
}
