import { StringDecoder } from 'node:string_decoder';
import { AppError } from '../../../shared/errors/app-error.ts';
import { readCursor, withoutFolderOf } from '../s3/list-cursor.ts';
import type { ListPageInput, RemotePage } from '../s3/s3-connection.ts';
import { bodiless } from './bodiless.ts';
import type { LeanContext } from './context.ts';
import type { BodySink } from './lane.ts';
import { ListScanner, type ScannedPage } from './list-scanner.ts';
import { encodeQuery } from './percent.ts';

/** A page by ListObjectsV2. `null`: the server took it for a call of version 1. */
export async function listPage(
  context: LeanContext,
  input: ListPageInput,
): Promise<RemotePage | null> {
  const { requester, client } = context;
  const { bucket, signal } = input;
  const page = await requester.runLean({ bucket, signal, attempts: 3 }, (clockOffset) =>
    client.send<ScannedPage>(
      bodiless(
        context,
        { bucket, key: '', signal },
        {
          method: 'GET',
          query: queryOf(input, requester.quirks.urlEncodeListings),
          headers: [],
          clockOffset,
        },
      ),
      () => {
        const sink = new ListSink();
        return { sink, result: sink.result };
      },
    ),
  );
  if (page.truncated && !page.token) {
    if (input.cursor === null && !page.hasKeyCount) return null;
    throw malformed('no-token');
  }
  const next = page.truncated && page.token ? `2:${page.token}` : null;
  // Such a server would have us list the same page for ever.
  if (next !== null && next === input.cursor) {
    throw malformed('same-token');
  }
  const { prefixes, keys, etags, storageClasses } = page;
  return withoutFolderOf(
    {
      prefixes,
      keys,
      etags,
      storageClasses,
      sizes: Float64Array.from(page.sizes),
      modified: Float64Array.from(page.modified),
      cursor: next,
    },
    input.cursor,
  );
}

function malformed(reason: string): AppError {
  return new AppError('provider.malformed-response', { params: { reason } });
}

/** Names in the order of their bytes, as the signature wants them. */
function queryOf(input: ListPageInput, urlEncode: boolean): string {
  const { delimiter, maxKeys, prefix } = input;
  const start = readCursor(input.cursor);
  return [
    ...(start.kind === 'token' ? [`continuation-token=${encodeQuery(start.value)}`] : []),
    ...(delimiter === '' ? [] : [`delimiter=${encodeQuery(delimiter)}`]),
    ...(urlEncode ? ['encoding-type=url'] : []),
    'list-type=2',
    ...(maxKeys === undefined ? [] : [`max-keys=${maxKeys}`]),
    ...(prefix === '' ? [] : [`prefix=${encodeQuery(prefix)}`]),
    ...(start.kind === 'after' ? [`start-after=${encodeQuery(start.value)}`] : []),
  ].join('&');
}

class ListSink implements BodySink {
  readonly result: Promise<ScannedPage>;
  readonly #scanner = new ListScanner();
  readonly #decoder = new StringDecoder('utf8');
  #resolve: (page: ScannedPage) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor() {
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  room(): null {
    return null;
  }

  write(bytes: Buffer): boolean {
    this.#scanner.feed(this.#decoder.write(bytes));
    return true;
  }

  end(): void {
    try {
      this.#scanner.feed(this.#decoder.end());
      this.#resolve(this.#scanner.end());
    } catch (error) {
      this.#reject(error);
    }
  }

  fail(error: unknown): void {
    this.#reject(error);
  }
}
