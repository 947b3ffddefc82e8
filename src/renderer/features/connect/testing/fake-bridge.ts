import type { Bridge } from '../../../../shared/bridge.ts';
import type { Envelope } from '../../../../shared/contract/define.ts';
import type {
  AppPayload,
  AppRequest,
  AppResponse,
  CallName,
  TopicName,
} from '../../../../shared/contract/index.ts';
import { serializeError } from '../../../../shared/errors/error.ts';

/** Answers of a {@link FakeBridge}; a call without one fails the test that makes it. */
export type FakeHandlers = {
  readonly [N in CallName]?: (
    payload: AppRequest<N>,
  ) => AppResponse<N> | Promise<AppResponse<N>>;
};

/** The main process as tests want it, behind the real bridge's interface. */
export interface FakeBridge extends Bridge {
  /** Every call made, in order. */
  readonly calls: readonly { readonly name: CallName; readonly payload: unknown }[];
  /** Sends an event to whoever listens. */
  readonly emit: <N extends TopicName>(topic: N, payload: AppPayload<N>) => void;
}

/** Makes a bridge that answers with `handlers`; what they throw comes back as an error. */
export function createFakeBridge(handlers: FakeHandlers): FakeBridge {
  const calls: { name: CallName; payload: unknown }[] = [];
  const listeners = new Map<TopicName, Set<(payload: never) => void>>();
  return {
    calls,
    platform: 'linux',
    pathsForFiles: () => [],
    call: async <N extends CallName>(
      name: N,
      payload: AppRequest<N>,
    ): Promise<Envelope<AppResponse<N>>> => {
      calls.push({ name, payload });
      const handler = handlers[name];
      if (handler === undefined) throw new Error(`no answer for ${name}`);
      try {
        return { ok: true, value: await handler(payload) };
      } catch (error) {
        return { ok: false, error: serializeError(error) };
      }
    },
    subscribe: (topic, listener) => {
      const set = listeners.get(topic) ?? new Set();
      listeners.set(topic, set);
      set.add(listener);
      return () => set.delete(listener);
    },
    emit: (topic, payload) => {
      for (const listener of listeners.get(topic) ?? []) listener(payload as never);
    },
  };
}
