import type { z } from 'zod';
import type { SerializedAppError } from '../errors/app-error.ts';

/** One request and its answer. */
export interface CallDefinition<
  Request extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  readonly request: Request;
  readonly response: Response;
}

/** Calls by full name, `namespace.verb`. */
export type Calls = Readonly<Record<string, CallDefinition>>;
/** Event payload schemas by topic name. */
export type Topics = Readonly<Record<string, z.ZodType>>;

/** A whole contract: what one side may ask of the other and what it is told unasked. */
export interface Contract<C extends Calls = Calls, T extends Topics = Topics> {
  readonly calls: C;
  readonly topics: T;
}

/** What the caller of N hands over. */
export type RequestOf<C extends Calls, N extends keyof C> = z.output<C[N]['request']>;
/** What the caller of N gets. */
export type ResponseOf<C extends Calls, N extends keyof C> = z.output<C[N]['response']>;
/** What a subscriber of topic N gets. */
export type PayloadOf<T extends Topics, N extends keyof T> = z.output<T[N]>;

/** Handlers for every call of a contract: one too few or too many does not compile. */
export type Handlers<C extends Calls, Context = void> = {
  readonly [N in keyof C]: (
    request: RequestOf<C, N>,
    context: Context,
  ) => ResponseOf<C, N> | Promise<ResponseOf<C, N>>;
};

/** What crosses the border in answer to a call; nothing is ever thrown across it. */
export type Envelope<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: SerializedAppError };

/** Defines a call by its two schemas. */
export function call<Q extends z.ZodType, S extends z.ZodType>(
  request: Q,
  response: S,
): CallDefinition<Q, S> {
  return { request, response };
}

/** Prefixes call names with their namespace: `{ list }` in `browse` becomes `browse.list`. */
export function namespace<const N extends string, C extends Calls>(
  name: N,
  calls: C,
): { readonly [K in keyof C & string as `${N}.${K}`]: C[K] } {
  return Object.fromEntries(
    Object.entries(calls).map(([verb, definition]) => [`${name}.${verb}`, definition]),
  ) as { readonly [K in keyof C & string as `${N}.${K}`]: C[K] };
}
