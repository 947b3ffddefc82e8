/* oxlint-disable unicorn/consistent-function-scoping -- the source text of the functions
   is injected in the page, so all they use must be inside them */
import type { World } from './world.ts';

/** A value on its way between the worlds: a letter for its kind, then what it needs. */
export type Wire =
  | readonly ['v', unknown]
  | readonly ['r', number]
  | readonly ['f', number]
  | readonly ['b', number]
  | readonly ['p', number]
  | readonly ['e', string]
  | readonly ['x', unknown]
  | readonly ['a', readonly Wire[]]
  | readonly ['o', readonly (readonly [string, Wire])[]];

/** An answer: done or failed, and the value. */
export type Reply = readonly [ok: boolean, value: Wire];

/** One world's end of the bridge. */
export interface BridgeEnd {
  readonly encode: (value: unknown) => Wire;
  readonly decode: (wire: Wire, freeze: boolean) => unknown;
  /** Sends and takes the answer that came while sending. */
  readonly ask: (kind: string, detail: unknown) => Reply | undefined;
  readonly reply: (answer: Reply) => void;
}

type Fn = (...args: readonly unknown[]) => unknown;

/**
 * Makes one end of contextBridge. Both worlds run this; they share only `node`, a detached
 * EventTarget that no script of the page can reach. Injected as source text.
 */
export function bridgeEnd(
  node: EventTarget,
  side: 'iso' | 'main',
  world: World,
): BridgeEnd {
  const peer = side === 'iso' ? 'main' : 'iso';
  const functions = world.map<number, Fn>();
  const waiting = world.map<number, { done: Fn; failed: Fn }>();
  /** Stand-ins for the other world's functions, so that they unwrap when sent back. */
  const origin = world.weakMap<number>();
  let nextId = 1;
  let answer: Reply | undefined;
  const send = (kind: string, detail: unknown): void =>
    world.dispatch(node, peer + kind, detail);
  const collected = new FinalizationRegistry((id: number) => send('gc', id));
  const messageOf = (reason: unknown): string => {
    const message = (reason as { message?: unknown } | null | undefined)?.message;
    return String(message === undefined ? reason : message);
  };
  const newId = (): number => {
    nextId += 1;
    return nextId;
  };

  const encode = (root: unknown): Wire => {
    const seen = world.map<object, number>();
    const walk = (value: unknown, depth: number): Wire => {
      if (typeof value === 'symbol') {
        throw world.error('Unsupported type: symbol cannot cross the contextBridge');
      }
      if (typeof value === 'function') {
        const back = origin.get(value);
        if (back !== undefined) return ['b', back];
        const id = newId();
        functions.set(id, value as Fn);
        return ['f', id];
      }
      if (typeof value !== 'object' || value === null) return ['v', value];
      if (depth > 1000) {
        throw world.error(
          'Electron contextBridge recursion depth exceeded.  Nested objects deeper than 1000 are not supported.',
        );
      }
      const at = seen.get(value);
      if (at !== undefined) return ['r', at];
      seen.set(value, seen.size());
      const tag = world.tagOf(value);
      if (tag === 'Array') {
        const items = value as readonly unknown[];
        const list: Wire[] = [];
        for (let i = 0; i < items.length; i += 1) list[i] = walk(items[i], depth + 1);
        return ['a', list];
      }
      if (world.isPromise(value)) {
        const id = newId();
        world.whenSettled(
          value,
          (result) => settle(id, true, result),
          (reason) => settle(id, false, reason),
        );
        return ['p', id];
      }
      // Like Electron: only the message survives.
      if (tag === 'Error' || world.isError(value)) return ['e', messageOf(value)];
      if (tag === 'Object' || (side === 'iso' && tag === 'Module')) {
        const entries: (readonly [string, Wire])[] = [];
        const keys = world.keys(value);
        for (let i = 0; i < keys.length; i += 1) {
          const key = keys[i] ?? '';
          entries[i] = [key, walk((value as Record<string, unknown>)[key], depth + 1)];
        }
        return ['o', entries];
      }
      // Date, Map, ArrayBuffer, Blob, File: cloned by the browser.
      return ['x', value];
    };
    return walk(root, 0);
  };

  const decode = (root: Wire, freeze: boolean): unknown => {
    const made: unknown[] = [];
    const keep = <T>(value: T): T => {
      made[made.length] = value;
      return value;
    };
    const walk = (wire: Wire): unknown => {
      switch (wire[0]) {
        case 'v':
          return wire[1];
        case 'r':
          return made[wire[1]];
        case 'b':
          return functions.get(wire[1]);
        case 'f': {
          const id = wire[1];
          const proxy = (...args: readonly unknown[]): unknown => call(id, args);
          origin.set(proxy, id);
          collected.register(proxy, id);
          return proxy;
        }
        case 'a': {
          const list: unknown[] = keep([]);
          for (let i = 0; i < wire[1].length; i += 1) {
            const item = wire[1][i];
            if (item !== undefined) list[i] = walk(item);
          }
          return freeze ? world.freeze(list) : list;
        }
        case 'o': {
          const value = keep({});
          for (let i = 0; i < wire[1].length; i += 1) {
            const entry = wire[1][i];
            if (entry === undefined) continue;
            world.define(value, entry[0], {
              // @ts-expect-error A null prototype keeps a patched Object.prototype out.
              __proto__: null,
              value: walk(entry[1]),
              enumerable: true,
              writable: true,
              configurable: true,
            });
          }
          return freeze ? world.freeze(value) : value;
        }
        case 'e':
          return keep(world.error(wire[1]));
        case 'p':
          return keep(
            world.promise<unknown>((done, failed) =>
              waiting.set(wire[1], { done, failed }),
            ),
          );
        default:
          return keep(wire[1]);
      }
    };
    return walk(root);
  };

  const settle = (id: number, ok: boolean, value: unknown): void => {
    try {
      send('settle', [id, ok, encode(value)]);
    } catch (error) {
      send('settle', [id, false, ['e', messageOf(error)]]);
    }
  };
  const ask = (kind: string, detail: unknown): Reply | undefined => {
    answer = undefined;
    send(kind, detail);
    const given = answer;
    answer = undefined;
    return given;
  };
  const reply = (value: Reply): void => send('reply', value);
  const call = (id: number, args: readonly unknown[]): unknown => {
    const given = ask('call', [id, encode(args)]);
    // The browser could not clone the event's detail.
    if (given === undefined) throw world.error('An object could not be cloned.');
    const value = decode(given[1], false);
    if (!given[0]) throw value;
    return value;
  };

  world.listen(node, `${side}reply`, (detail) => {
    answer = detail as Reply;
  });
  world.listen(node, `${side}gc`, (detail) => functions.delete(detail as number));
  world.listen(node, `${side}settle`, (detail) => {
    if (detail === null) return;
    const [id, ok, wire] = detail as readonly [number, boolean, Wire];
    const resolvers = waiting.get(id);
    waiting.delete(id);
    (ok ? resolvers?.done : resolvers?.failed)?.(decode(wire, false));
  });
  world.listen(node, `${side}call`, (detail) => {
    if (detail === null) return;
    const [id, wire] = detail as readonly [number, Wire];
    try {
      const run = functions.get(id);
      if (run === undefined) throw world.error('The function is gone');
      const args = decode(wire, false) as readonly unknown[];
      reply([true, encode(run(...args))]);
    } catch (error) {
      reply([false, ['e', messageOf(error)]]);
    }
  });
  return { encode, decode, ask, reply };
}
