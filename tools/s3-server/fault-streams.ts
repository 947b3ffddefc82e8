import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultAction } from './faults.ts';

/** Thrown where a fault has cut the connection and nothing is left to answer. */
export class ConnectionCut extends Error {
  constructor() {
    super('a fault cut the connection');
    this.name = 'ConnectionCut';
  }
}

/** What a fault can do to a connection. */
export interface ConnectionControl {
  /** Aborts when the connection is gone. */
  readonly signal: AbortSignal;
  /** Aborts when stalled requests are to be cut. */
  readonly released: AbortSignal;
  /** Aborts when the faults are cleared: delays and slow lines end then. */
  readonly cleared: AbortSignal;
  /** Sends RST. */
  reset(): void;
  /** Sends what was written, then FIN. */
  end(): void;
}

/** The first action of a kind. */
export function findAction<Kind extends FaultAction['kind']>(
  actions: readonly FaultAction[],
  kind: Kind,
): Extract<FaultAction, { kind: Kind }> | undefined {
  return actions.find(
    (action): action is Extract<FaultAction, { kind: Kind }> => action.kind === kind,
  );
}

/** Applies faults that act while the request's or response's body streams. */
export async function* shapeBody(
  source: AsyncIterable<Buffer>,
  side: 'request' | 'response',
  actions: readonly FaultAction[],
  connection: ConnectionControl,
): AsyncGenerator<Buffer, void, undefined> {
  const direction = side === 'request' ? 'up' : 'down';
  const rate = actions.find(
    (action) => action.kind === 'bandwidth' && action.direction === direction,
  );
  const stop = stopOf(side, actions);
  const corrupt = findAction(actions, 'corrupt');
  let at = 0;
  for await (const chunk of source) {
    for (const piece of pieces(chunk, rate, stop && stop.at - at)) {
      if (stop && at >= stop.at) await cut(stop.action, connection);
      const spoilt =
        corrupt?.what === side ? flipByte(piece, (corrupt.atByte ?? 0) - at) : piece;
      at += piece.length;
      yield spoilt;
      if (rate?.kind === 'bandwidth') {
        const ms = (piece.length / rate.bytesPerSecond) * 1000;
        await hold(ms, connection);
      }
    }
  }
  // Also where the body is shorter than the place named, or ends there.
  if (stop) await cut(stop.action, connection);
}

interface Stop {
  readonly at: number;
  readonly action: 'reset' | 'end' | 'stall';
}

function stopOf(
  side: 'request' | 'response',
  actions: readonly FaultAction[],
): Stop | undefined {
  for (const action of actions) {
    if (action.kind === 'truncate' && side === 'response') {
      return { at: action.afterBytes, action: 'end' };
    }
    if ((action.kind === 'reset' || action.kind === 'stall') && action.when === side) {
      return { at: action.afterBytes ?? 0, action: action.kind };
    }
  }
  return undefined;
}

async function cut(action: Stop['action'], connection: ConnectionControl): Promise<void> {
  if (action === 'stall') await stall(connection);
  if (action === 'end') {
    connection.end();
    throw new ConnectionCut();
  }
  // What was written shall arrive: a reset discards what the kernel still holds.
  await pause(20, connection);
  connection.reset();
  throw new ConnectionCut();
}

/** Waits until the client gives up or the stall is released, then cuts. */
export async function stall(connection: ConnectionControl): Promise<never> {
  const end = AbortSignal.any([connection.signal, connection.released]);
  if (!end.aborted) {
    await new Promise<void>((resolve) => {
      end.addEventListener('abort', () => resolve(), { once: true });
    });
  }
  connection.reset();
  throw new ConnectionCut();
}

/** Waits, but no longer than until the faults are cleared or the connection goes. */
export async function hold(ms: number, connection: ConnectionControl): Promise<void> {
  const end = AbortSignal.any([connection.signal, connection.cleared]);
  try {
    await sleep(ms, undefined, { signal: end });
  } catch {
    if (connection.signal.aborted) throw new ConnectionCut();
  }
}

async function pause(ms: number, connection: ConnectionControl): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: connection.signal });
  } catch {
    throw new ConnectionCut();
  }
}

function* pieces(
  chunk: Buffer,
  rate: FaultAction | undefined,
  untilStop: number | undefined,
): Generator<Buffer> {
  // A tenth of a second's worth at a time makes a smooth flow.
  const step =
    rate?.kind === 'bandwidth'
      ? Math.max(1, Math.ceil(rate.bytesPerSecond / 10))
      : Infinity;
  let at = 0;
  while (at < chunk.length) {
    const toStop = untilStop !== undefined && untilStop > at ? untilStop - at : Infinity;
    const count = Math.min(step, toStop, chunk.length - at);
    yield chunk.subarray(at, at + count);
    at += count;
  }
}

/** A copy with the byte at `index` inverted; the same buffer if there is none. */
export function flipByte(chunk: Buffer, index: number): Buffer {
  const byte = chunk[index];
  if (byte === undefined) return chunk;
  const out = Buffer.from(chunk);
  out[index] = byte ^ 0xff;
  return out;
}
