import type { RemotePage } from '../s3/s3-connection.ts';
import { NotInOrder, type PageSource } from './page-source.ts';
import { WideListing } from './wide-listing.ts';

/** What to list. */
export interface PagesOptions {
  readonly source: PageSource;
  /** All names begin with it. */
  readonly prefix: string;
  /** Requests at once. */
  readonly width: number;
  readonly signal: AbortSignal;
}

/** Every page of a listing in order; the third and later ones are read side by side. */
export async function* pagesOf(options: PagesOptions): AsyncGenerator<RemotePage> {
  const { source, signal } = options;
  const first = await source({ cursor: null }, signal);
  yield first;
  if (first.cursor === null) return;
  const second = await source({ cursor: first.cursor }, signal);
  yield second;
  let { cursor } = second;
  if (cursor === null) return;
  const wide = new WideListing({ ...options, cursor });
  try {
    while (cursor !== null) {
      const page: RemotePage = await wide.next(signal);
      yield page;
      cursor = page.cursor;
    }
  } catch (error) {
    if (!(error instanceof NotInOrder)) throw error;
  } finally {
    wide.dispose();
  }
  // A server that does not list in order is read page by page.
  while (cursor !== null) {
    const page: RemotePage = await source({ cursor }, signal);
    yield page;
    cursor = page.cursor;
  }
}
