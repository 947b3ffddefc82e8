import type { Handlers } from '../../../shared/contract/define.ts';
import type { AppCalls } from '../../../shared/contract/index.ts';
import type { Services } from '../services.ts';

type Names = Extract<keyof AppCalls, `aspects.${string}`>;

/** Handlers of the inspector's editors; the engine does it all. */
export function aspectHandlers({
  engine,
  transferWatch,
  unanswered,
}: Services): Pick<Handlers<AppCalls>, Names> {
  return {
    'aspects.read': (request) => engine.call('aspects.read', request),
    'aspects.write': (request) =>
      unanswered.during('edit', engine.call('aspects.write', request)),
    'aspects.earlier': (request) => engine.call('aspects.earlier', request),
    'aspects.changeMany': async (request) => {
      const queued = engine.call('aspects.changeMany', request);
      const { groupId } = await unanswered.during('start', queued);
      transferWatch.began(groupId);
      return { groupId };
    },
    'aspects.exposure': (request) => engine.call('aspects.exposure', request),
    'aspects.anonymous': (request) => engine.call('aspects.anonymous', request),
    'aspects.preflight': (request) => engine.call('aspects.preflight', request),
    'aspects.sign': (request) => engine.call('aspects.sign', request),
    'aspects.testLink': (request) => engine.call('aspects.testLink', request),
  };
}
