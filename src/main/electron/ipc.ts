import { ipcMain } from 'electron';
import { z } from 'zod';
import type { Envelope } from '../../shared/contract/define.ts';
import { AppError, serializeError } from '../../shared/errors/app-error.ts';
import type { DipperApp } from '../app/create-app.ts';
import type { Logger } from '../logging/logger.ts';
import { isTrustedSender } from './sender.ts';

/** The one channel for calls of the window. */
export const CALL_CHANNEL = 'app:call';
/** The one channel for events to the window. */
export const EVENT_CHANNEL = 'app:event';

/** The one channel on which the preload tells which files were dropped. */
export const DROP_CHANNEL = 'app:dropped';

const Dropped = z.array(z.string().max(32_768)).max(100_000);

/** Answers the calls of trusted windows; everybody else gets `ipc.forbidden`. */
export function serveCalls(options: {
  readonly dipper: Pick<DipperApp, 'dispatch' | 'grantDropped'>;
  readonly trustedIds: ReadonlySet<number>;
  readonly logger: Logger;
}): void {
  const { dipper, trustedIds, logger } = options;
  ipcMain.handle(
    CALL_CHANNEL,
    (event, name: unknown, payload: unknown): Promise<Envelope<unknown>> => {
      if (isTrustedSender(event, trustedIds)) return dipper.dispatch(name, payload);
      logger.warn('call from a stranger', { origin: event.senderFrame?.origin });
      const error = serializeError(new AppError('ipc.forbidden'));
      return Promise.resolve({ ok: false, error });
    },
  );
  ipcMain.on(DROP_CHANNEL, (event, payload: unknown) => {
    const paths = Dropped.safeParse(payload);
    if (paths.success && isTrustedSender(event, trustedIds)) {
      dipper.grantDropped(paths.data);
    } else {
      logger.warn('drop refused');
    }
  });
}
