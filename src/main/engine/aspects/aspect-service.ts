import type { Handlers } from '../../../shared/contract/define.ts';
import type { EngineCalls } from '../../../shared/contract/engine.ts';
import type { AspectName } from '../../../shared/domain/aspects.ts';
import type { AnonymousAnswer } from '../../../shared/domain/exposure.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { CallContext } from '../../rpc/serve-contract.ts';
import type { EarlierStore } from '../database/earlier-store.ts';
import type { RequestSink } from '../requests/request-log.ts';
import { createAgents } from '../s3/agents.ts';
import type { ConnectionRegistry, S3Connection } from '../s3/s3-connection.ts';
import { createBucketMemory } from './bucket-memory.ts';
import { checkHeaderValue } from './check-aspect.ts';
import { preflightAnswer, preflightHeaders } from './cross-origin.ts';
import { readExposure } from './exposure.ts';
import type { LooseUploads } from './loose-uploads.ts';
import type { ObjectTurns } from './object-turns.ts';
import {
  assertWebAddress,
  type PlainAnswer,
  type PlainRequest,
  sendPlain,
} from './plain-request.ts';
import { readAspect } from './read-aspect.ts';
import { isTagsLost } from './tags-lost.ts';
import { readingOf, writeAspect } from './write-aspect.ts';

/** The calls of the engine contract that this service answers. */
export type AspectCallName = Exclude<
  Extract<keyof EngineCalls, `aspects.${string}`>,
  'aspects.changeMany'
>;

/** What the service needs. */
export interface AspectServiceDeps {
  readonly registry: ConnectionRegistry;
  /** All that are configured. */
  readonly connections: () => Iterable<S3Connection>;
  readonly earlier: EarlierStore;
  readonly uploads: LooseUploads;
  /** Shared with the changes of many objects. */
  readonly turns: ObjectTurns;
  /** Hears of the requests without keys, too. */
  readonly requestLog: RequestSink;
  /** ms since 1970. */
  readonly now: () => number;
  /** An object has new headers: its row in listings is another one. */
  readonly onObjectChanged: (
    connectionId: ConnectionId,
    bucket: string,
    key: string,
  ) => void;
}

/** Where a request without keys goes, for the log. */
interface PlainTarget {
  readonly operation: string;
  readonly bucket: string;
  readonly key: string;
}

/** What the inspector reads and changes of buckets and objects. */
export function createAspectHandlers(
  deps: AspectServiceDeps,
): Pick<Handlers<EngineCalls, CallContext>, AspectCallName> {
  const { registry, earlier, uploads, turns, requestLog, now } = deps;
  const memory = createBucketMemory();
  const writing = new Map<string, Promise<void>>();

  /** Of two clicks on Save the second finds what the first has written. */
  async function oneByOne<T>(place: string, work: () => Promise<T>): Promise<T> {
    const before = writing.get(place) ?? Promise.resolve();
    const mine = before.then(work);
    const settled = mine.then(
      () => undefined,
      () => undefined,
    );
    writing.set(place, settled);
    try {
      return await mine;
    } finally {
      if (writing.get(place) === settled) writing.delete(place);
    }
  }

  async function plain(
    request: Omit<PlainRequest, 'agents'>,
    target: PlainTarget,
    connection: S3Connection | undefined,
  ): Promise<PlainAnswer> {
    const at = now();
    const started = performance.now();
    const { connectTimeoutMs, caCertificate } = connection?.draft.advanced ?? {
      connectTimeoutMs: 20_000,
      caCertificate: '',
    };
    const agents = createAgents({ maxSockets: 1, connectTimeoutMs, caCertificate });
    let answer: PlainAnswer | undefined;
    let error = '';
    try {
      answer = await sendPlain({ ...request, agents });
      error = answer.code;
      return answer;
    } catch (failure) {
      error = failure instanceof AppError ? failure.code : 'internal';
      throw failure;
    } finally {
      agents.http.destroy();
      agents.https.destroy();
      requestLog.add({
        at,
        method: request.method,
        ...target,
        status: answer?.status ?? 0,
        ms: performance.now() - started,
        requestId: answer?.headers['x-amz-request-id'] ?? '',
        bytes: 0,
        error,
      });
    }
  }

  /** No answer is an answer, too: then `code` is our own, such as `network.dns`. */
  async function asStranger(
    request: Omit<PlainRequest, 'agents'>,
    target: PlainTarget,
    connection: S3Connection | undefined,
  ): Promise<AnonymousAnswer> {
    const { url } = request;
    try {
      const { status, code } = await plain(request, target, connection);
      return { url, status, code };
    } catch (error) {
      const silent =
        error instanceof AppError &&
        (error.code.startsWith('network.') || error.code.startsWith('provider.'));
      if (!silent) throw error;
      return { url, status: null, code: error.code };
    }
  }

  function anonymous(
    connection: S3Connection,
    bucket: string,
    key: string,
    signal: AbortSignal | undefined,
  ): Promise<AnonymousAnswer> {
    const url = connection.urls({ bucket, key }).https;
    const target = { operation: 'HeadObject (no keys)', bucket, key };
    return asStranger({ method: 'HEAD', url, headers: {}, signal }, target, connection);
  }

  /** The connection whose server a link leads to: its certificates are known. */
  function serverOf(url: URL): S3Connection | undefined {
    return [...deps.connections()].find(({ draft }) => {
      const own = URL.canParse(draft.endpoint) ? new URL(draft.endpoint).host : '';
      return own !== '' && (url.host === own || url.host.endsWith(`.${own}`));
    });
  }

  return {
    'aspects.read': async ({ connectionId, bucket, key, aspect }, { signal }) => {
      const connection = registry.require(connectionId);
      const ref = { aspect, bucket, key: ofBucketAlone(aspect) ? null : key, signal };
      return readingOf(await readAspect(connection, memory, ref));
    },
    'aspects.write': async (request, { signal }) => {
      const { connectionId, bucket, change, revision, mayResetAcl } = request;
      const key = ofBucketAlone(change.aspect) ? null : request.key;
      const connection = registry.require(connectionId);
      const input = {
        connection,
        memory,
        earlier,
        uploads,
        bucket,
        key,
        change,
        revision,
        mayResetAcl,
        signal,
      };
      const place = JSON.stringify([connectionId, bucket, key, change.aspect]);
      const isCopied = change.aspect === 'headers' && key !== null;
      try {
        const reading = await oneByOne(place, () =>
          key === null
            ? writeAspect(input)
            : turns.take({ bucket, key }, signal, () => writeAspect(input)),
        );
        if (isCopied) deps.onObjectChanged(connectionId, bucket, key);
        return reading;
      } catch (error) {
        if (isCopied && isTagsLost(error)) {
          deps.onObjectChanged(connectionId, bucket, key);
        }
        throw error;
      }
    },
    'aspects.earlier': ({ connectionId, bucket, key, aspect }) =>
      earlier.list({
        connectionId,
        bucket,
        key: ofBucketAlone(aspect) ? null : key,
        aspect,
      }),
    'aspects.exposure': ({ connectionId, bucket, key }, { signal }) => {
      const connection = registry.require(connectionId);
      return readExposure({
        connection,
        bucket,
        key,
        signal,
        askAnonymously: () => anonymous(connection, bucket, key ?? '', signal),
      });
    },
    'aspects.anonymous': ({ connectionId, bucket, key }, { signal }) =>
      anonymous(registry.require(connectionId), bucket, key, signal),
    'aspects.preflight': async ({ connectionId, bucket, key, question }, { signal }) => {
      const connection = registry.require(connectionId);
      const url = connection.urls({ bucket, key: key ?? '' }).https;
      const headers = preflightHeaders(question);
      const target = { operation: 'Preflight', bucket, key: key ?? '' };
      const request = { method: 'OPTIONS', url, headers, signal } as const;
      return preflightAnswer(await plain(request, target, connection));
    },
    'aspects.sign': ({ connectionId, bucket, keys, options }) => {
      checkHeaderValue(options.contentDisposition, 'Content-Disposition');
      checkHeaderValue(options.contentType, 'Content-Type');
      return registry.require(connectionId).signLinks({ bucket, keys, options });
    },
    'aspects.testLink': ({ url, upload }, { signal }) => {
      assertWebAddress(url);
      const contentType = upload?.contentType ?? '';
      checkHeaderValue(contentType, 'Content-Type');
      const headers: Record<string, string> =
        upload === undefined
          ? { range: 'bytes=0-0' }
          : contentType === ''
            ? {}
            : { 'content-type': contentType };
      const target = { operation: 'Link', bucket: '', key: '' };
      return asStranger(
        { method: upload === undefined ? 'GET' : 'PUT', url, headers, signal },
        target,
        serverOf(new URL(url)),
      );
    },
  };
}

/** CORS belongs to the bucket, whatever is looked at. */
function ofBucketAlone(aspect: AspectName): boolean {
  return aspect === 'cors';
}
