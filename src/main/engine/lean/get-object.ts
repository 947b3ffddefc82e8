import { AppError } from '../../../shared/errors/app-error.ts';
import { type StatedSum, SUM_NAMES } from '../checksums/choose.ts';
import { assertAskedFor, bareEtag, quotedEtag } from '../s3/etag.ts';
import { mapError } from '../s3/map-error.ts';
import type { GetObjectInput, ObjectBody } from '../s3/s3-connection.ts';
import { bodiless } from './bodiless.ts';
import type { LeanContext } from './context.ts';
import { parseHttpDate } from './http-date.ts';
import type { ResponseHead } from './http-reader.ts';
import { LeanBody } from './object-body.ts';
import type { Header } from './signer.ts';

const META = 'x-amz-meta-';

/** GetObject. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export function getObject(
  context: LeanContext,
  input: GetObjectInput,
): Promise<ObjectBody> {
  const { requester, client, slabs } = context;
  const { bucket, key, signal, ifMatch } = input;
  const range = rangeHeader(input.range);
  const headers: Header[] = [];
  if (range !== null) headers.push(['range', range]);
  if (ifMatch !== undefined && ifMatch !== '') {
    headers.push(['if-match', quotedEtag(ifMatch)]);
  }
  const sums = input.sums === true && range === null;
  if (sums) headers.push(['x-amz-checksum-mode', 'ENABLED']);
  return requester
    .runLean({ bucket, key, signal, attempts: 1 }, (clockOffset) => {
      const host = requester.route(bucket).endpoint;
      return client.send<ObjectBody>(
        bodiless(context, input, { method: 'GET', query: '', headers, clockOffset }),
        (head, flow) => {
          const extent = readExtent(input, head);
          const etag = bareEtag(head.headers['etag']);
          assertAskedFor(input, etag);
          const modified = parseHttpDate(head.headers['last-modified'] ?? '');
          const sink = new LeanBody({
            facts: {
              length: extent.length,
              totalSize: extent.total,
              etag,
              modified: Number.isNaN(modified) ? null : modified,
              metadata: metadataOf(head),
              checksums: sums ? sumsOf(head) : undefined,
            },
            flow,
            slabs,
            map: (error) => mapError(error, { host, bucket, key, signal }),
          });
          return { sink, result: sink };
        },
      );
    })
    .catch((error: unknown) => {
      throw asChanged(error, input);
    });
}

function metadataOf(head: ResponseHead): Record<string, string> {
  const { headers } = head;
  const metadata: Record<string, string> = {};
  // They inherit nothing. `Object.entries` would take longer than reading the whole head.
  for (const name in headers) {
    if (name.startsWith(META)) metadata[name.slice(META.length)] = headers[name] ?? '';
  }
  return metadata;
}

/** Sums of the content; those over the sums of parts are left out. */
function sumsOf({ headers }: ResponseHead): readonly StatedSum[] {
  if (headers['x-amz-checksum-type'] === 'COMPOSITE') return [];
  return SUM_NAMES.flatMap((name) => {
    const value = headers[`x-amz-checksum-${name}`];
    return value === undefined ? [] : [{ name, value }];
  });
}

/** `null` for a whole object: a range over an empty one is an error (416). */
function rangeHeader(range: GetObjectInput['range']): string | null {
  if (range === undefined || (range.start === 0 && range.end === undefined)) return null;
  return `bytes=${range.start}-${range.end ?? ''}`;
}

function readExtent(
  input: GetObjectInput,
  { length, headers }: ResponseHead,
): { readonly length: number; readonly total: number } {
  if (length === null) throw malformed('no-length');
  if (rangeHeader(input.range) === null) return { length, total: length };
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '');
  // A server that ignores ranges sends everything; taking that for the rest would spoil
  // the file.
  if (match === null) {
    throw new AppError('provider.unsupported', { params: { feature: 'range' } });
  }
  const [start, end, total] = match.slice(1).map(Number) as [number, number, number];
  if (start !== input.range?.start || end - start + 1 !== length) {
    throw malformed('other-range');
  }
  return { length, total };
}

/** A failed If-Match, or a range beyond the end, means that the object is another one now. */
function asChanged(error: unknown, input: GetObjectInput): unknown {
  const changed =
    error instanceof AppError &&
    error.code === 'precondition.failed' &&
    (input.ifMatch !== undefined || input.range !== undefined);
  if (!changed) return error;
  return new AppError('object.changed', {
    params: { bucket: input.bucket, key: input.key },
    provider: error.provider,
    cause: error,
  });
}

function malformed(reason: string): AppError {
  return new AppError('provider.malformed-response', { params: { reason } });
}
