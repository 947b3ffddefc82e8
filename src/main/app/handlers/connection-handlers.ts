import type { Handlers } from '../../../shared/contract/define.ts';
import type { AppCalls } from '../../../shared/contract/index.ts';
import type { Services } from '../services.ts';

type Names = Extract<keyof AppCalls, `connections.${string}` | `browse.${string}`>;

/** Handlers of connections and of looking around; the engine does nearly all of it. */
export function connectionHandlers({
  connections,
  engine,
}: Services): Pick<Handlers<AppCalls>, Names> {
  return {
    'connections.open': ({ bookmarkId }) => connections.open(bookmarkId),
    'connections.quick': ({ draft, secret }) => connections.quick(draft, secret),
    'connections.close': ({ connectionId }) => connections.close(connectionId),
    'connections.test': (request) => connections.test(request),
    'connections.cancelTest': (request) => engine.call('engine.cancelTest', request),
    'connections.addBucket': ({ connectionId, bucket }) =>
      connections.addBucket(connectionId, bucket),
    'connections.forgetBucket': ({ connectionId, bucket }) =>
      connections.forgetBucket(connectionId, bucket),

    'browse.buckets': ({ connectionId }) => connections.buckets(connectionId),
    'browse.list': (request) => engine.call('browse.list', request),
    'browse.cancel': (request) => engine.call('browse.cancel', request),
    'browse.details': (request) => engine.call('browse.details', request),
    'browse.urls': (request) => engine.call('browse.urls', request),
    'browse.count': (request) => engine.call('browse.count', request),
    'browse.createFolder': (request) => engine.call('browse.createFolder', request),
    'browse.createBucket': (request) => engine.call('browse.createBucket', request),
    'browse.deleteBucket': async ({ connectionId, bucket }) => {
      await engine.call('browse.deleteBucket', { connectionId, bucket });
      await connections.forgetBucket(connectionId, bucket);
    },
  };
}
