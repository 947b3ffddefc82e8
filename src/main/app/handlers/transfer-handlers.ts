import type { Handlers } from '../../../shared/contract/define.ts';
import type { AppCalls } from '../../../shared/contract/index.ts';
import type { GroupId } from '../../../shared/domain/ids.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Services } from '../services.ts';
import { reveal } from './desktop-handlers.ts';
import type { RecordCallName } from './record-handlers.ts';

type Names = Exclude<
  Extract<keyof AppCalls, `transfers.${string}` | `panel.${string}`>,
  RecordCallName
>;

/** Handlers of the queue, which the engine owns. */
export function transferHandlers(services: Services): Pick<Handlers<AppCalls>, Names> {
  const { engine, grants, transferWatch, unanswered } = services;

  async function began(
    queued: Promise<{ groupId: GroupId }>,
  ): Promise<{ groupId: GroupId }> {
    const { groupId } = await unanswered.during('start', queued);
    transferWatch.began(groupId);
    return { groupId };
  }

  return {
    'transfers.upload': (request) => {
      if (!request.paths.every((path) => grants.mayRead(path))) {
        throw new AppError('ipc.forbidden');
      }
      return began(engine.call('transfers.upload', request));
    },
    'transfers.download': (request) => {
      if (!grants.mayWriteTo(request.folder)) throw new AppError('ipc.forbidden');
      return began(engine.call('transfers.download', request));
    },
    'transfers.preview': (request) => {
      const allowed =
        request.kind === 'upload'
          ? request.paths.every((path) => grants.mayRead(path))
          : grants.mayWriteTo(request.folder);
      if (!allowed) throw new AppError('ipc.forbidden');
      return engine.call('transfers.preview', request);
    },
    'transfers.remove': (request) => began(engine.call('transfers.remove', request)),
    'transfers.copy': (request) => began(engine.call('transfers.copy', request)),
    'transfers.move': (request) => began(engine.call('transfers.move', request)),
    'transfers.pause': (request) =>
      unanswered.during('order', engine.call('transfers.pause', request)),
    'transfers.resume': (request) => engine.call('transfers.resume', request),
    'transfers.cancel': (request) =>
      unanswered.during('order', engine.call('transfers.cancel', request)),
    'transfers.retry': (request) => engine.call('transfers.retry', request),
    'transfers.reorder': (request) => engine.call('transfers.reorder', request),
    'transfers.clear': (request) => engine.call('transfers.clear', request),
    'transfers.answerConflict': (request) =>
      engine.call('transfers.answerConflict', request),
    'transfers.reveal': async ({ id }) => {
      const row = await engine.call('engine.transfer', { id });
      if (row === null || row.localPath === null) throw new AppError('local.not-found');
      await reveal(services, row.localPath);
    },
    'transfers.page': (request) => engine.call('transfers.page', request),
    'transfers.totals': () => engine.call('transfers.totals', undefined),
    'transfers.nextConflict': () => engine.call('transfers.nextConflict', undefined),
    'panel.view': (request) => engine.call('panel.view', request),
    'panel.reorder': (request) => engine.call('panel.reorder', request),
    'panel.detail': (request) => engine.call('panel.detail', request),
  };
}
