import type { Handlers } from '../../../shared/contract/define.ts';
import type { AppCalls } from '../../../shared/contract/index.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Services } from '../services.ts';
import { TEXTS } from '../texts.ts';

/** The calls that {@link recordHandlers} answers. */
export type RecordCallName =
  | Extract<keyof AppCalls, `requests.${string}` | `verify.${string}`>
  | 'transfers.receipt'
  | 'transfers.exportHistory';

/** Handlers of what is looked at afterwards: receipts, verifications, the request log. */
export function recordHandlers(
  services: Services,
): Pick<Handlers<AppCalls>, RecordCallName> {
  const { engine, grants, platform } = services;

  async function askWhere(title: string, name: string): Promise<string | null> {
    return platform.dialogs.saveFile({ title, defaultName: name, extensions: ['csv'] });
  }

  return {
    'transfers.receipt': (request) => engine.call('engine.receipt', request),
    'transfers.exportHistory': async ({ filter }) => {
      const { title, name } = TEXTS.exportHistory;
      const path = await askWhere(title, name);
      if (path === null) return { path, rows: 0 };
      const { rows } = await engine.call('engine.exportHistory', { filter, path });
      return { path, rows };
    },
    'requests.page': (request) => engine.call('requests.page', request),
    'requests.clear': () => engine.call('requests.clear', undefined),
    'verify.start': (request) => {
      const { folder } = request;
      // The window names no folder that the user has not chosen.
      const known = grants.mayRead(folder) || grants.mayWriteTo(folder);
      if (!known) throw new AppError('ipc.forbidden');
      return engine.call('verify.start', request);
    },
    'verify.status': (request) => engine.call('verify.status', request),
    'verify.page': (request) => engine.call('verify.page', request),
    'verify.cancel': (request) => engine.call('verify.cancel', request),
    'verify.close': (request) => engine.call('verify.close', request),
    'verify.export': async ({ verifyId, filter }) => {
      const { title, name } = TEXTS.exportVerification;
      const path = await askWhere(title, name);
      if (path === null) return { path, rows: 0 };
      const request = { verifyId, filter, path };
      const { rows } = await engine.call('engine.exportVerification', request);
      return { path, rows };
    },
  };
}
