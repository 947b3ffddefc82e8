import type { Bridge } from '../../shared/bridge.ts';
import type {
  AppPayload,
  AppRequest,
  AppResponse,
  CallName,
  TopicName,
} from '../../shared/contract/index.ts';
import { AppError, serializeError } from '../../shared/errors/error.ts';

/** What a fake bridge answers, by call; a call without an answer fails as `internal`. */
export type FakeAnswers = {
  readonly [N in CallName]?: (
    request: AppRequest<N>,
  ) => AppResponse<N> | Promise<AppResponse<N>>;
};

/** A bridge for component tests: answers from a table, records calls, sends events. */
export interface FakeBridge {
  readonly bridge: Bridge;
  /** Calls in order. */
  readonly calls: readonly { readonly name: CallName; readonly payload: unknown }[];
  /** Payloads of the calls of one name. */
  readonly payloads: (name: CallName) => readonly unknown[];
  readonly send: <N extends TopicName>(topic: N, payload: AppPayload<N>) => void;
}

/** Makes a {@link FakeBridge}. */
export function createFakeBridge(answers: FakeAnswers): FakeBridge {
  const calls: { name: CallName; payload: unknown }[] = [];
  const listeners = new Map<TopicName, Set<(payload: unknown) => void>>();
  const bridge = {
    platform: 'linux',
    pathsForFiles: (files: readonly unknown[]) => files.map((_, i) => `/dropped/${i}`),
    call: async (name: CallName, payload: unknown) => {
      calls.push({ name, payload });
      const answer = answers[name] as ((request: unknown) => unknown) | undefined;
      try {
        if (!answer) throw new AppError('internal');
        return { ok: true, value: await answer(payload) };
      } catch (error) {
        return { ok: false, error: serializeError(error) };
      }
    },
    subscribe: (topic: TopicName, listener: (payload: unknown) => void) => {
      const set = listeners.get(topic) ?? new Set();
      listeners.set(topic, set.add(listener));
      return () => set.delete(listener);
    },
  };
  return {
    bridge: bridge as unknown as Bridge,
    calls,
    payloads: (name) =>
      calls.filter((call) => call.name === name).map((call) => call.payload),
    send: (topic, payload) => {
      for (const listener of listeners.get(topic) ?? []) listener(payload);
    },
  };
}
