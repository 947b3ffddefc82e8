import type * as Http from 'node:http';

/**
 * `node:http` as CommonJS modules have it. To import it as an ES module reads each of its
 * exports once, and {@link UNUSED} load undici: 3 MiB and 30 ms of processor time for nothing
 * we use.
 */
export const nodeHttp: typeof Http = process.getBuiltinModule('node:http');

/** Exports that are made when they are first read. */
const UNUSED = ['CloseEvent', 'MessageEvent', 'WebSocket'] as const;

/**
 * Takes the exports that load undici out of `node:http`, for modules of others that import
 * it. For the entry of a process that has no use for them.
 */
export function dropUnusedHttp(): void {
  for (const name of UNUSED) Object.defineProperty(nodeHttp, name, { value: undefined });
}
