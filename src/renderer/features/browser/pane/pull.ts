import type { Api } from '../../../bridge/api.ts';
import { isCancelled } from '../../../bridge/api.ts';
import type { ListingModel } from '../model/listing-model.ts';
import type { Location } from '../model/location.ts';

/** What a pull tells while it runs. */
export interface PullOptions {
  readonly api: Api;
  readonly location: Location;
  readonly model: ListingModel;
  /** Skips the engine's cache. */
  readonly fresh: boolean;
  readonly newTaskId: () => string;
  /** Rows `from` up to `to` have come in. */
  readonly onRows: (from: number, to: number) => void;
  /** The list of buckets: whether the server listed them. */
  readonly onListed: (listed: boolean) => void;
  readonly signal: AbortSignal;
}

/**
 * Fills a model with every page of a location, one request after the other. Resolves when
 * the listing is complete or `signal` aborts; pages that come after that are dropped.
 * Rejects with the error of the page that failed.
 */
export async function pullListing(options: PullOptions): Promise<void> {
  const { api, location, model, signal } = options;
  const { connectionId, bucket, prefix } = location;
  if (bucket === null) {
    const { buckets, listed } = await api.browse.buckets({ connectionId });
    if (signal.aborted) return;
    options.onListed(listed);
    model.addBuckets(buckets);
    options.onRows(0, model.loaded);
    await model.settled();
    return;
  }
  let cursor: string | null = null;
  let { fresh } = options;
  do {
    const taskId = options.newTaskId();
    const cancel = (): void => {
      // Nobody waits for the answer: the page is dropped either way.
      api.browse.cancel({ taskId }).catch(() => {});
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const page = await api.browse.list({
        connectionId,
        bucket,
        prefix,
        cursor,
        fresh,
        taskId,
      });
      if (signal.aborted) return;
      const from = model.loaded;
      model.addPage(page);
      options.onRows(from, model.loaded);
      ({ cursor } = page);
      fresh = false;
    } catch (error) {
      if (signal.aborted || isCancelled(error)) return;
      throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  } while (cursor !== null);
  await model.settled();
}
