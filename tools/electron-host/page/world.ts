/* oxlint-disable unicorn/consistent-function-scoping, typescript/unbound-method -- the source text of the functions
   is injected in the page, so all they use must be inside them */
/** The built-ins that the bridge uses, taken before any script of the page could change them. */
export interface World {
  readonly dispatch: (target: EventTarget, type: string, detail: unknown) => void;
  readonly listen: (
    target: EventTarget,
    type: string,
    listener: (detail: unknown) => void,
  ) => void;
  readonly define: typeof Object.defineProperty;
  readonly freeze: <T>(value: T) => T;
  readonly keys: (value: object) => string[];
  readonly tagOf: (value: unknown) => string;
  readonly whenSettled: (
    promise: Promise<unknown>,
    done: (value: unknown) => void,
    failed: (reason: unknown) => void,
  ) => void;
  readonly isPromise: (value: unknown) => value is Promise<unknown>;
  readonly promise: <T>(
    run: (resolve: (value: T) => void, reject: (reason: unknown) => void) => void,
  ) => Promise<T>;
  readonly error: (message: string) => Error;
  readonly isError: (value: unknown) => value is Error;
  readonly map: <K, V>() => {
    readonly get: (key: K) => V | undefined;
    readonly set: (key: K, value: V) => void;
    readonly delete: (key: K) => void;
    readonly size: () => number;
  };
  readonly weakMap: <V>() => {
    readonly get: (key: object) => V | undefined;
    readonly set: (key: object, value: V) => void;
  };
}

/** Takes them. Runs first in both worlds; its source text is injected in the page. */
export function captureWorld(): World {
  const { apply } = Reflect;
  const dispatchEvent = EventTarget.prototype.dispatchEvent;
  const addEventListener = EventTarget.prototype.addEventListener;
  const toText = Object.prototype.toString;
  const slice = String.prototype.slice;
  const detailOf = Object.getOwnPropertyDescriptor(CustomEvent.prototype, 'detail')?.get;
  const sizeOf = Object.getOwnPropertyDescriptor(Map.prototype, 'size')?.get;
  const mapGet = Map.prototype.get;
  const mapSet = Map.prototype.set;
  const mapDelete = Map.prototype.delete;
  const weakGet = WeakMap.prototype.get;
  const weakSet = WeakMap.prototype.set;
  const promiseThen = Promise.prototype.then;
  const [MapType, WeakMapType, ErrorType, PromiseType, EventType] = [
    Map,
    WeakMap,
    Error,
    Promise,
    CustomEvent,
  ];
  if (detailOf === undefined || sizeOf === undefined) throw new Error('no built-ins');
  return {
    dispatch: (target, type, detail) => {
      apply(dispatchEvent, target, [new EventType(type, { detail })]);
    },
    listen: (target, type, listener) => {
      apply(addEventListener, target, [
        type,
        (event: Event) => listener(apply(detailOf, event, [])),
      ]);
    },
    define: Object.defineProperty,
    freeze: Object.freeze,
    keys: Object.keys,
    tagOf: (value) => apply(slice, apply(toText, value, []), [8, -1]),
    whenSettled: (promise, done, failed) => {
      void apply(promiseThen, promise, [done, failed]);
    },
    isPromise: (value) => value instanceof PromiseType,
    promise: (run) => new PromiseType(run),
    error: (message) => new ErrorType(message),
    isError: (value) => value instanceof ErrorType,
    map: <K, V>() => {
      const map = new MapType<K, V>();
      return {
        get: (key: K) => apply(mapGet, map, [key]) as V | undefined,
        set: (key: K, value: V) => {
          apply(mapSet, map, [key, value]);
        },
        delete: (key: K) => {
          apply(mapDelete, map, [key]);
        },
        size: () => apply(sizeOf, map, []) as number,
      };
    },
    weakMap: <V>() => {
      const map = new WeakMapType<object, V>();
      return {
        get: (key: object) => apply(weakGet, map, [key]) as V | undefined,
        set: (key: object, value: V) => {
          apply(weakSet, map, [key, value]);
        },
      };
    },
  };
}
