/** Snapshots in a row, each of which was older than a batch that had come already. */
const MAX_ROUNDS = 3;

/** How a replica gets its data. */
export interface ReplicaSource<Snapshot, Batch> {
  /** Asks for the whole state. */
  readonly snapshot: () => Promise<Snapshot>;
  /** Listens for changes; returns the function that ends it. */
  readonly listen: (listener: (batch: Batch) => void) => () => void;
  readonly revisionOf: (snapshot: Snapshot) => number;
  /** The revision a batch starts from, and the one it leads to. */
  readonly span: (batch: Batch) => { readonly from: number; readonly to: number };
  readonly applySnapshot: (snapshot: Snapshot) => void;
  readonly applyBatch: (batch: Batch) => void;
  readonly onError: (error: unknown) => void;
}

/** A running replica. */
export interface Replica {
  /** Asks for a new snapshot now. */
  readonly resync: () => Promise<void>;
  readonly dispose: () => void;
}

/**
 * Keeps a copy of state that lives in another process. Batches that come before the
 * snapshot wait for it; a gap in the revisions asks for a new snapshot.
 */
export function startReplica<Snapshot, Batch>(
  source: ReplicaSource<Snapshot, Batch>,
): Replica {
  let revision: number | null = null;
  let waiting: Batch[] = [];
  let running: Promise<void> | null = null;
  let disposed = false;

  function take(batch: Batch): void {
    if (revision === null) {
      waiting.push(batch);
      // After a snapshot that could not be had: somebody is there again.
      void resync();
      return;
    }
    const { from, to } = source.span(batch);
    if (to <= revision) return;
    if (from > revision) {
      revision = null;
      waiting = [batch];
      void resync();
      return;
    }
    revision = to;
    source.applyBatch(batch);
  }

  async function fetchSnapshot(rounds = MAX_ROUNDS): Promise<void> {
    try {
      const snapshot = await source.snapshot();
      if (disposed) return;
      revision = source.revisionOf(snapshot);
      source.applySnapshot(snapshot);
      const late = waiting;
      waiting = [];
      let gap = false;
      for (const batch of late) {
        const { from, to } = source.span(batch);
        if (from > revision) gap = true;
        else if (to > revision) {
          revision = to;
          source.applyBatch(batch);
        }
      }
      // The batch beyond the gap may be the last for long: waiting for the next would show
      // what is no longer true.
      if (gap && rounds > 1) {
        revision = null;
        await fetchSnapshot(rounds - 1);
      }
    } catch (error) {
      // The next snapshot will hold what they say.
      waiting = [];
      if (!disposed) source.onError(error);
    }
  }

  function resync(): Promise<void> {
    running ??= fetchSnapshot().finally(() => {
      running = null;
    });
    return running;
  }

  const unlisten = source.listen(take);
  void resync();
  return {
    resync,
    dispose: () => {
      disposed = true;
      unlisten();
    },
  };
}
