import type {
  Calls,
  Contract,
  Envelope,
  Handlers,
  PayloadOf,
  Topics,
} from '../../shared/contract/define.ts';
import { AppError, serializeError } from '../../shared/errors/app-error.ts';
import { type Port, readMessage } from './port.ts';

/** What a handler gets besides its request. */
export interface CallContext {
  /** Aborts when the caller lost interest or went away. */
  readonly signal: AbortSignal;
}

/** The serving end of a line. */
export interface ContractServer<T extends Topics> {
  /** Tells the other side. The payload is not parsed: its type is the contract. */
  emit<N extends keyof T & string>(topic: N, payload: PayloadOf<T, N>): void;
  /** Aborts what runs and answers nothing more. */
  close(): void;
}

/**
 * Serves every call of `contract` over `port`. Requests are parsed before a handler sees
 * them (`ipc.invalid-request` otherwise); errors travel as {@link Envelope}s.
 * `onUnexpected` hears of errors that are no `AppError`, for the log.
 */
export function serveContract<C extends Calls, T extends Topics>(
  contract: Contract<C, T>,
  handlers: Handlers<C, CallContext>,
  port: Port,
  onUnexpected: (name: string, error: unknown) => void = () => undefined,
): ContractServer<T> {
  const running = new Map<number, AbortController>();
  let closed = false;

  async function answer(id: number, name: string, request: unknown): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    const envelope = await run(name, request, controller.signal);
    running.delete(id);
    if (!closed) port.post({ kind: 'answer', id, envelope });
  }

  async function run(
    name: string,
    request: unknown,
    signal: AbortSignal,
  ): Promise<Envelope<unknown>> {
    try {
      if (!Object.hasOwn(contract.calls, name)) throw invalidRequest(name, '');
      const parsed = contract.calls[name]?.request.safeParse(request);
      if (!parsed?.success) {
        throw invalidRequest(name, parsed?.error.issues[0]?.path.join('.') ?? '');
      }
      const handler = handlers[name] as (
        request: unknown,
        context: CallContext,
      ) => unknown;
      return { ok: true, value: await handler(parsed.data, { signal }) };
    } catch (error) {
      if (!(error instanceof AppError)) onUnexpected(name, error);
      return { ok: false, error: serializeError(error) };
    }
  }

  function close(): void {
    closed = true;
    for (const controller of running.values()) controller.abort();
    running.clear();
  }

  port.onMessage((raw) => {
    const message = readMessage(raw);
    if (closed || message === null) return;
    if (message.kind === 'call') void answer(message.id, message.name, message.request);
    else if (message.kind === 'cancel') running.get(message.id)?.abort();
  });
  port.onClose?.(close);

  return {
    emit(topic, payload) {
      if (!closed) port.post({ kind: 'event', topic, payload });
    },
    close,
  };
}

function invalidRequest(name: string, field: string): AppError {
  return new AppError('ipc.invalid-request', { params: { name, field } });
}
