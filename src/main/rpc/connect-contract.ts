import type {
  Calls,
  Contract,
  Envelope,
  PayloadOf,
  RequestOf,
  ResponseOf,
  Topics,
} from '../../shared/contract/define.ts';
import { AppError, deserializeError } from '../../shared/errors/app-error.ts';
import { type Port, readMessage } from './port.ts';

/** The calling end of a line. */
export interface ContractClient<C extends Calls, T extends Topics> {
  /**
   * Rejects with the `AppError` of the other side, with `engine.gone` when the line broke
   * or is closed, and with `transfer.cancelled` as soon as `signal` aborts.
   */
  call<N extends keyof C & string>(
    name: N,
    request: RequestOf<C, N>,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<ResponseOf<C, N>>;
  /** Hears every event of a topic until the returned function is called. */
  subscribe<N extends keyof T & string>(
    topic: N,
    listener: (payload: PayloadOf<T, N>) => void,
  ): () => void;
  /** Rejects all that waits with `engine.gone` and hears nothing more. */
  close(): void;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: AppError) => void;
}

/** Connects to the side that serves `contract` over `port`. */
export function connectContract<C extends Calls, T extends Topics>(
  // Only its types are needed: answers are not parsed, the other side is our own code.
  _contract: Contract<C, T>,
  port: Port,
): ContractClient<C, T> {
  const pending = new Map<number, Pending>();
  const listeners = new Map<string, Set<(payload: never) => void>>();
  let lastId = 0;
  let closed = false;

  function close(): void {
    closed = true;
    for (const { reject } of pending.values()) reject(new AppError('engine.gone'));
    pending.clear();
    listeners.clear();
  }

  function settle(id: number, envelope: Envelope<unknown>): void {
    const waiting = pending.get(id);
    if (waiting === undefined) return;
    pending.delete(id);
    if (envelope.ok) waiting.resolve(envelope.value);
    else waiting.reject(deserializeError(envelope.error));
  }

  port.onMessage((raw) => {
    const message = readMessage(raw);
    if (closed || message === null) return;
    if (message.kind === 'answer') {
      settle(message.id, message.envelope as Envelope<unknown>);
    } else if (message.kind === 'event') {
      for (const listener of listeners.get(message.topic) ?? []) {
        listener(message.payload as never);
      }
    }
  });
  port.onClose?.(close);

  return {
    call<N extends keyof C & string>(
      name: N,
      request: RequestOf<C, N>,
      options: { readonly signal?: AbortSignal | undefined } = {},
    ): Promise<ResponseOf<C, N>> {
      const { signal } = options;
      if (closed) return Promise.reject(new AppError('engine.gone'));
      if (signal?.aborted) return Promise.reject(new AppError('transfer.cancelled'));
      const id = ++lastId;
      return new Promise<unknown>((resolve, reject) => {
        function onAbort(): void {
          pending.delete(id);
          if (!closed) port.post({ kind: 'cancel', id });
          reject(new AppError('transfer.cancelled'));
        }
        function done(): void {
          signal?.removeEventListener('abort', onAbort);
        }
        pending.set(id, {
          resolve: (value) => {
            done();
            resolve(value);
          },
          reject: (error) => {
            done();
            reject(error);
          },
        });
        signal?.addEventListener('abort', onAbort, { once: true });
        port.post({ kind: 'call', id, name, request });
      }) as Promise<ResponseOf<C, N>>;
    },
    subscribe(topic, listener) {
      const set = listeners.get(topic) ?? new Set();
      listeners.set(topic, set);
      set.add(listener);
      return () => set.delete(listener);
    },
    close,
  };
}
