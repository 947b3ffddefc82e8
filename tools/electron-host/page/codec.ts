/* oxlint-disable unicorn/consistent-function-scoping -- the source text of the functions
   is injected in the page, so all they use must be inside them */
/** Bytes as base64 text and back; Node and the page have different means. */
export interface Base64 {
  readonly encode: (bytes: Uint8Array) => string;
  readonly decode: (text: string) => Uint8Array<ArrayBuffer>;
}

/** Structured clone as JSON text. */
export interface Codec {
  /** @throws Error "An object could not be cloned." as Electron's IPC does. */
  readonly encode: (value: unknown) => string;
  readonly decode: (text: string) => unknown;
}

/**
 * Makes a codec for what Electron's IPC carries: plain data, cycles, typed arrays, Map,
 * Set, Date, RegExp, Error, BigInt. The function's source text also runs in the page, so
 * it uses nothing from outside itself.
 */
export function makeCodec(base64: Base64): Codec {
  type Json =
    | string
    | number
    | boolean
    | null
    | readonly Json[]
    | { readonly [key: string]: Json };
  type Tagged = { readonly $?: string; readonly v?: never; readonly t?: string } & Record<
    string,
    unknown
  >;
  const cloneError = (): Error => new Error('An object could not be cloned.');
  const arrays: Record<string, (buffer: ArrayBuffer) => ArrayBufferView> = {
    Int8Array: (b) => new Int8Array(b),
    Uint8Array: (b) => new Uint8Array(b),
    Uint8ClampedArray: (b) => new Uint8ClampedArray(b),
    Int16Array: (b) => new Int16Array(b),
    Uint16Array: (b) => new Uint16Array(b),
    Int32Array: (b) => new Int32Array(b),
    Uint32Array: (b) => new Uint32Array(b),
    Float32Array: (b) => new Float32Array(b),
    Float64Array: (b) => new Float64Array(b),
    BigInt64Array: (b) => new BigInt64Array(b),
    BigUint64Array: (b) => new BigUint64Array(b),
    DataView: (b) => new DataView(b),
  };
  const errors: Record<string, ErrorConstructor> = {
    TypeError,
    RangeError,
    SyntaxError,
    ReferenceError,
    EvalError,
    URIError,
  };
  const tagOf = (value: unknown): string =>
    Object.prototype.toString.call(value).slice(8, -1);
  const put = (target: object, key: string, value: unknown): void => {
    Object.defineProperty(target, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  };

  function encode(root: unknown): string {
    const seen = new Map<object, number>();
    const number = (value: number): Json => {
      if (Object.is(value, -0)) return { $: 'n', v: '-0' };
      return Number.isFinite(value) ? value : { $: 'n', v: String(value) };
    };
    const plain = (value: object): Json => {
      const copy: Record<string, Json> = {};
      let special = false;
      for (const key of Object.keys(value)) {
        if (key === '$' || key === '__proto__') special = true;
        put(copy, key, walk((value as Record<string, unknown>)[key]));
      }
      return special ? { $: 'o', v: Object.entries(copy) } : copy;
    };
    const object = (value: object): Json => {
      const tag = tagOf(value);
      if (tag === 'Boolean' || tag === 'Number' || tag === 'String') {
        return walk(value.valueOf());
      }
      const at = seen.get(value);
      if (at !== undefined) return { $: 'r', v: at };
      seen.set(value, seen.size);
      if (Array.isArray(value)) {
        const copy: Json[] = [];
        for (let i = 0; i < value.length; i += 1) {
          copy.push(i in value ? walk(value[i]) : { $: 'h' });
        }
        return copy;
      }
      if (ArrayBuffer.isView(value)) {
        const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
        return { $: 'b', t: tag, v: base64.encode(bytes) };
      }
      switch (tag) {
        case 'ArrayBuffer':
          return {
            $: 'b',
            t: tag,
            v: base64.encode(new Uint8Array(value as ArrayBuffer)),
          };
        case 'Date':
          return { $: 'd', v: walk((value as Date).getTime()) };
        case 'RegExp':
          return { $: 'x', v: [(value as RegExp).source, (value as RegExp).flags] };
        case 'Map':
          return {
            $: 'm',
            v: [...(value as Map<unknown, unknown>)].map(([k, w]) => [walk(k), walk(w)]),
          };
        case 'Set':
          return { $: 's', v: [...(value as Set<unknown>)].map(walk) };
        case 'Error': {
          const error = value as Error;
          return {
            $: 'e',
            v: [error.name, error.message, error.stack ?? ''],
          };
        }
        case 'Object':
          return plain(value);
        default:
          // Promise, WeakMap, Blob, File, DOM nodes: as Electron's IPC.
          throw cloneError();
      }
    };
    const walk = (value: unknown): Json => {
      switch (typeof value) {
        case 'string':
        case 'boolean':
          return value;
        case 'number':
          return number(value);
        case 'undefined':
          return { $: 'u' };
        case 'bigint':
          return { $: 'i', v: String(value) };
        case 'object':
          return value === null ? null : object(value);
        default:
          throw cloneError();
      }
    };
    return JSON.stringify(walk(root));
  }

  function decode(text: string): unknown {
    const made: object[] = [];
    const keep = <T extends object>(value: T): T => {
      made.push(value);
      return value;
    };
    const bytes = (type: string, value: string): object => {
      const data = base64.decode(value);
      if (type === 'ArrayBuffer') return data.buffer;
      return arrays[type]?.(data.buffer) ?? data;
    };
    const error = ([name, message, stack]: readonly [string, string, string]): Error => {
      const value = new (errors[name] ?? Error)(message);
      if (value.name !== name) {
        Object.defineProperty(value, 'name', {
          value: name,
          configurable: true,
          writable: true,
        });
      }
      value.stack = stack;
      return value;
    };
    const walk = (json: unknown): unknown => {
      if (typeof json !== 'object' || json === null) return json;
      if (Array.isArray(json)) {
        const list = keep(Array.from<unknown>({ length: 0 }));
        list.length = json.length;
        for (let i = 0; i < json.length; i += 1) {
          const item = json[i] as Tagged | null;
          if (item?.$ !== 'h') list[i] = walk(item);
        }
        return list;
      }
      const tagged = json as Tagged;
      const pairs = (): readonly (readonly [unknown, unknown])[] => tagged.v ?? [];
      switch (tagged.$) {
        case undefined: {
          const value = keep({});
          for (const key of Object.keys(json)) put(value, key, walk(tagged[key]));
          return value;
        }
        case 'n':
          return Number(tagged.v);
        case 'u':
          return undefined;
        case 'i':
          return BigInt(tagged.v ?? 0);
        case 'r':
          return made[Number(tagged.v)];
        case 'b':
          return keep(bytes(tagged.t ?? '', tagged.v ?? ''));
        case 'd':
          return keep(new Date(walk(tagged.v) as number));
        case 'x':
          return keep(new RegExp(tagged.v?.[0] ?? '', tagged.v?.[1]));
        case 'm': {
          const map = keep(new Map<unknown, unknown>());
          for (const [key, value] of pairs()) map.set(walk(key), walk(value));
          return map;
        }
        case 's': {
          const set = keep(new Set<unknown>());
          for (const value of (tagged.v ?? []) as readonly unknown[])
            set.add(walk(value));
          return set;
        }
        case 'e':
          return keep(error(tagged.v ?? ['Error', '', '']));
        case 'o': {
          const value = keep({});
          for (const [key, item] of pairs()) put(value, String(key), walk(item));
          return value;
        }
        default:
          throw new Error('electron-host: unknown wire tag');
      }
    };
    return walk(JSON.parse(text));
  }

  return { encode, decode };
}
