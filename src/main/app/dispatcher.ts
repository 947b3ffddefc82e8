import type {
  Calls,
  Contract,
  Envelope,
  Handlers,
} from '../../shared/contract/define.ts';
import { AppError, serializeError } from '../../shared/errors/app-error.ts';
import type { Logger } from '../logging/logger.ts';

/** Answers one call of the window. Never rejects. */
export type Dispatch = (name: unknown, payload: unknown) => Promise<Envelope<unknown>>;

interface Entry {
  readonly parse: (payload: unknown) => unknown;
  readonly parseResponse: (value: unknown) => unknown;
  readonly handle: (request: never) => unknown;
}

/**
 * Makes the one door through which calls reach the handlers: known names only, every
 * request parsed, every failure an envelope. Errors that are no {@link AppError} become
 * `internal` without a word about their cause, which goes into the log.
 */
export function createDispatcher<C extends Calls>(
  contract: Pick<Contract<C>, 'calls'>,
  handlers: Handlers<C>,
  options: {
    readonly logger: Logger;
    /** Hold answers against their schema: development and tests. */
    readonly parseResponses: boolean;
  },
): Dispatch {
  const { logger, parseResponses } = options;
  // A Map of own keys: `__proto__` or `constructor` find nothing.
  const entries = new Map<string, Entry>(
    Object.keys(contract.calls).map((name) => {
      const definition = contract.calls[name];
      const handle = handlers[name];
      if (definition === undefined || handle === undefined) {
        throw new Error(`The call ${name} has no handler`);
      }
      const entry: Entry = {
        parse: (payload) => definition.request.parse(payload),
        parseResponse: (value) => definition.response.parse(value),
        handle,
      };
      return [name, entry];
    }),
  );

  return async function dispatch(name, payload) {
    const entry = typeof name === 'string' ? entries.get(name) : undefined;
    if (entry === undefined) {
      // Not String(name): an object may say how it is turned into text, or refuse.
      const shown = typeof name === 'string' ? name.slice(0, 100) : typeof name;
      logger.warn('unknown call', { name: shown });
      return refuse(new AppError('ipc.invalid-request'));
    }
    const request = attempt(() => entry.parse(payload));
    if (!request.ok) {
      const field = firstPath(request.error);
      logger.warn('invalid request', { name, field });
      const params = { name: String(name), field };
      return refuse(new AppError('ipc.invalid-request', { params }));
    }
    try {
      const value = await entry.handle(request.value as never);
      return { ok: true, value: parseResponses ? entry.parseResponse(value) : value };
    } catch (error) {
      if (error instanceof AppError) {
        logger.info('call refused', { name, code: error.code, provider: error.provider });
      } else {
        logger.error('call failed', { name, error });
      }
      return refuse(error);
    }
  };
}

function refuse(error: unknown): Envelope<never> {
  return { ok: false, error: serializeError(error) };
}

type Attempt =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: unknown };

function attempt(action: () => unknown): Attempt {
  try {
    return { ok: true, value: action() };
  } catch (error) {
    return { ok: false, error };
  }
}

/** Where in the payload the first mistake is; never the payload itself. */
function firstPath(error: unknown): string {
  const { issues } = error as {
    readonly issues?: readonly { readonly path: readonly PropertyKey[] }[];
  };
  return issues?.[0]?.path.map(String).join('.').slice(0, 200) ?? '';
}
