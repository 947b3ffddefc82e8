/** Thrown when the app uses a part of Electron that the stand-in does not have. */
export class HostError extends Error {
  override readonly name = 'HostError';

  constructor(what: string) {
    super(
      `electron-host: ${what} is not available in the development host (it is on real Electron)`,
    );
  }
}

/** Names that JavaScript, Node and test tools look up on any object. */
const INNOCENT = new Set([
  'then',
  'toJSON',
  'inspect',
  'constructor',
  'prototype',
  'nodeType',
  'asymmetricMatch',
  'default',
  'domain',
]);

function isInnocent(key: PropertyKey): boolean {
  return typeof key === 'symbol' || INNOCENT.has(String(key)) || String(key)[0] === '_';
}

function missingApi(): void {
  // Something to call and construct.
}

/** A value that can be passed around but throws {@link HostError} when it is used. */
export function missing(name: string): never {
  return new Proxy(missingApi, {
    get(object, key) {
      if (isInnocent(key)) return Reflect.get(object, key) as unknown;
      throw new HostError(`${name}.${String(key)}`);
    },
    apply() {
      throw new HostError(`${name}()`);
    },
    construct() {
      throw new HostError(`new ${name}()`);
    },
  }) as never;
}

/** The emitter's methods: Node's types for them differ from Electron's in form only. */
type EmitterMethod = keyof NodeJS.EventEmitter;

/** What an implementation may have of Electron's `T`: each member with Electron's type. */
export type PartOf<T> = Partial<Omit<T, EmitterMethod>>;

/**
 * Makes `part` stand for the whole of Electron's `T`. The compiler checks each member it
 * has against electron.d.ts; members it lacks are found, at the end of its prototype
 * chain, as values that throw {@link HostError} when used.
 */
export function complete<T extends object>(name: string, part: PartOf<T> & object): T {
  const parent = Object.getPrototypeOf(part) as object;
  Object.setPrototypeOf(
    part,
    new Proxy(parent, {
      get(object, key, receiver) {
        if (key in object || isInnocent(key)) {
          return Reflect.get(object, key, receiver) as unknown;
        }
        return missing(`${name}.${String(key)}`);
      },
    }),
  );
  return part as unknown as T;
}
