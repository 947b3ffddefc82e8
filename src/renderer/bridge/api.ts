import type { Bridge } from '../../shared/bridge.ts';
import type {
  AppPayload,
  AppRequest,
  AppResponse,
  CallName,
  TopicName,
} from '../../shared/contract/index.ts';
import { CALL_NAMES } from '../../shared/contract/names.ts';
import { AppError, deserializeError } from '../../shared/errors/error.ts';

type NamespaceOf<N extends CallName> = N extends `${infer S}.${string}` ? S : never;
type VerbOf<S extends string> =
  Extract<CallName, `${S}.${string}`> extends infer N
    ? N extends `${S}.${infer V}`
      ? V
      : never
    : never;
type CallFunction<N extends CallName> = (
  payload: AppRequest<N>,
) => Promise<AppResponse<N>>;

/**
 * Every call of the contract as a function, `api.browse.list(…)`. Each resolves with the
 * answer's value and rejects with an {@link AppError}.
 */
export type Api = {
  readonly [S in NamespaceOf<CallName>]: {
    readonly [V in VerbOf<S>]: CallFunction<Extract<CallName, `${S}.${V}`>>;
  };
};

/** Listens to a topic of the contract; returns the function that ends it. */
export type Subscribe = <T extends TopicName>(
  topic: T,
  listener: (payload: AppPayload<T>) => void,
) => () => void;

/** Builds the {@link Api} over a bridge. */
export function createApi(bridge: Bridge): Api {
  const api: Record<string, Record<string, (payload: unknown) => Promise<unknown>>> = {};
  for (const name of CALL_NAMES) {
    const dot = name.indexOf('.');
    const verbs = (api[name.slice(0, dot)] ??= {});
    verbs[name.slice(dot + 1)] = async (payload) => {
      const envelope = await bridge.call(name, payload as AppRequest<CallName>);
      if (envelope.ok) return envelope.value;
      throw deserializeError(envelope.error);
    };
  }
  return api as unknown as Api;
}

/** Builds {@link Subscribe} over a bridge. */
export function createSubscribe(bridge: Bridge): Subscribe {
  return (topic, listener) =>
    bridge.subscribe(topic, (payload) => {
      listener(payload);
    });
}

/** Any thrown thing as an {@link AppError}; what we did not expect becomes `internal`. */
export function toAppError(error: unknown): AppError {
  return error instanceof AppError ? error : new AppError('internal', { cause: error });
}

/** Whether the user (or a newer request) ended it: nothing to report. */
export function isCancelled(error: unknown): boolean {
  return error instanceof AppError && error.code === 'transfer.cancelled';
}
