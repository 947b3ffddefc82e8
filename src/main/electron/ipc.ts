import { ipcMain } from 'electron';
import type { Envelope } from '../../shared/contract/define.ts';
import { AppError, serializeError } from '../../shared/errors/app-error.ts';
import type { Dispatch } from '../app/dispatcher.ts';
import type { Logger } from '../logging/logger.ts';
import { isTrustedSender } from './sender.ts';

/** The one channel for calls of the window. */
export const CALL_CHANNEL = 'app:call';
/** The one channel for events to the window. */
export const EVENT_CHANNEL = 'app:event';

/** Answers the calls of trusted windows; everybody else gets `ipc.forbidden`. */
export function serveCalls(options: {
  readonly dispatch: Dispatch;
  readonly trustedIds: ReadonlySet<number>;
  readonly logger: Logger;
}): void {
  const { dispatch, trustedIds, logger } = options;
  ipcMain.handle(
    CALL_CHANNEL,
    (event, name: unknown, payload: unknown): Promise<Envelope<unknown>> => {
      if (isTrustedSender(event, trustedIds)) return dispatch(name, payload);
      logger.warn('call from a stranger', { origin: event.senderFrame?.origin });
      const error = serializeError(new AppError('ipc.forbidden'));
      return Promise.resolve({ ok: false, error });
    },
  );
}
