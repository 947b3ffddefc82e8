import type { RequestEntry } from '../../../shared/domain/request-entry.ts';
import type { LeanClient, LeanRequest } from '../lean/client.ts';
import type { ResponseHead } from '../lean/http-reader.ts';
import { describeFailure, requestIdOf } from './describe-failure.ts';
import type { RequestSink } from './request-log.ts';

/** The same client, which tells `sink` of every request. `now`: ms since 1970. */
export function logLean(
  client: LeanClient,
  sink: RequestSink,
  now: () => number,
): LeanClient {
  return {
    ...client,
    send(request, open) {
      const at = now();
      const started = performance.now();
      let head: ResponseHead | null = null;
      const sent = client.send(request, (answer, flow) => {
        head = answer;
        return open(answer, flow);
      });
      return sent.then(
        (result) => {
          sink.add(entryOf(request, head, null, { at, started }));
          return result;
        },
        (error: unknown) => {
          sink.add(entryOf(request, head, error, { at, started }));
          throw error;
        },
      );
    },
    destroy: () => client.destroy(),
  };
}

function entryOf(
  request: LeanRequest,
  answer: ResponseHead | null,
  error: unknown,
  { at, started }: { readonly at: number; readonly started: number },
): Omit<RequestEntry, 'seq'> {
  const failure = error === null ? null : describeFailure(error);
  const { method, bucket, key, length } = request;
  return {
    at,
    method,
    operation: operationOf(request),
    bucket,
    key,
    status: failure?.status || (answer?.status ?? 0),
    ms: performance.now() - started,
    requestId: failure?.requestId || (answer === null ? '' : requestIdOf(answer.headers)),
    bytes: length ?? answer?.length ?? 0,
    error: failure?.error ?? '',
  };
}

const SETTINGS: Readonly<Record<string, string>> = {
  'acl=': 'ObjectAcl',
  'tagging=': 'ObjectTagging',
};

const POSTS: Readonly<Record<string, string>> = {
  'delete=': 'DeleteObjects',
  'uploads=': 'CreateMultipartUpload',
};

function operationOf(request: LeanRequest): string {
  const { method, key, query } = request;
  const setting = SETTINGS[query];
  if (setting !== undefined) return `${method === 'PUT' ? 'Put' : 'Get'}${setting}`;
  if (method === 'HEAD') return 'HeadObject';
  if (method === 'PUT') return query === '' ? putOf(request) : 'UploadPart';
  if (method === 'POST') return POSTS[query] ?? 'CompleteMultipartUpload';
  if (key !== '') return 'GetObject';
  return query.endsWith('uploads=') ? 'ListMultipartUploads' : 'ListObjectsV2';
}

function putOf({ length, headers }: LeanRequest): string {
  const copies = length === 0 && headers.some(([name]) => name === 'x-amz-copy-source');
  return copies ? 'CopyObject' : 'PutObject';
}
