import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  GroupFinished,
  GroupProgressed,
  TransferBatch,
} from '../../shared/contract/transfers.ts';
import type {
  TransferFilter,
  TransferRow,
  TransferTotals,
} from '../../shared/domain/transfer.ts';
import type { Api, Subscribe } from '../bridge/api.ts';
import { startReplica } from '../bridge/replica.ts';

/** What the window knows of the queue: totals, and the rows in view. */
export interface TransfersState {
  readonly totals: TransferTotals | null;
  readonly filter: TransferFilter;
  /** Rows under the filter in all. */
  readonly total: number;
  /** Position of `rows[0]` under the filter. */
  readonly offset: number;
  readonly rows: readonly TransferRow[];
  /** The conflict to ask about, if any. */
  readonly conflict: TransferRow | null;
}

/** The queue as the window sees it. */
export interface Transfers {
  readonly store: StoreApi<TransfersState>;
  readonly setFilter: (filter: TransferFilter) => void;
  /** Says which rows are in view; fetches them if they are not there. */
  readonly show: (first: number, last: number) => void;
  /** The answered conflict is gone; asks for the next. */
  readonly conflictAnswered: () => void;
  /** Calls back when a group ends; returns the end of it. */
  readonly onGroupFinished: (listener: (group: GroupFinished) => void) => () => void;
  /** Calls back while a group runs, when what it has done so far is worth a look. */
  readonly onGroupProgressed: (listener: (group: GroupProgressed) => void) => () => void;
  readonly dispose: () => void;
}

/** Rows fetched at once: a tall panel and some to scroll into. */
const WINDOW = 120;

/** Rows with new progress; the same array when none of them is among the rows. */
export function withProgress(
  rows: readonly TransferRow[],
  packed: Float64Array,
): readonly TransferRow[] {
  if (packed.length === 0 || rows.length === 0) return rows;
  const at = new Map<number, number>(rows.map((row, index) => [row.id, index]));
  let next: TransferRow[] | null = null;
  for (let i = 0; i + 2 < packed.length; i += 3) {
    const index = at.get(packed[i] as number);
    const row = index === undefined ? undefined : rows[index];
    if (index === undefined || !row) continue;
    next ??= [...rows];
    next[index] = {
      ...row,
      bytesDone: packed[i + 1] as number,
      speed: packed[i + 2] as number,
    };
  }
  return next ?? rows;
}

/** Rows with changed ones put in their place; unknown ones are left out. */
export function withUpserts(
  rows: readonly TransferRow[],
  upserts: readonly TransferRow[],
): readonly TransferRow[] {
  if (upserts.length === 0) return rows;
  const changed = new Map(upserts.map((row) => [row.id, row]));
  return rows.some((row) => changed.has(row.id))
    ? rows.map((row) => changed.get(row.id) ?? row)
    : rows;
}

/** Starts the replica of the queue. */
export function createTransfers(
  api: Api,
  subscribe: Subscribe,
  onError: (error: unknown) => void,
): Transfers {
  const store = createStore<TransfersState>(() => ({
    totals: null,
    filter: 'all',
    total: 0,
    offset: 0,
    rows: [],
    conflict: null,
  }));
  /** Rows wanted, and whether somebody looks at all. */
  let wanted = { first: 0, last: 40 };
  let fetching = false;
  /** Batches that came while a page was on its way: the page may be older. */
  let late: TransferBatch[] = [];
  let again = false;
  let askingConflict = false;

  async function fetchRows(): Promise<void> {
    if (fetching) {
      again = true;
      return;
    }
    fetching = true;
    try {
      do {
        again = false;
        late = [];
        const { filter } = store.getState();
        const middle = Math.floor((wanted.first + wanted.last) / 2);
        const offset = Math.max(0, middle - WINDOW / 2);
        const page = await api.transfers.page({ filter, offset, limit: WINDOW });
        if (store.getState().filter === filter) {
          const rows = late
            .filter((batch) => batch.to > page.revision)
            .reduce<readonly TransferRow[]>(
              (all, batch) => withUpserts(all, batch.upserts),
              page.rows,
            );
          store.setState({ rows, total: page.total, offset });
        } else again = true;
      } while (again);
    } catch (error) {
      onError(error);
    } finally {
      fetching = false;
      late = [];
    }
  }

  async function askConflict(): Promise<void> {
    const { totals, conflict } = store.getState();
    if (askingConflict || conflict || !totals || totals.conflicts === 0) return;
    askingConflict = true;
    try {
      store.setState({ conflict: await api.transfers.nextConflict() });
    } catch (error) {
      onError(error);
    } finally {
      askingConflict = false;
    }
  }

  function apply(batch: TransferBatch): void {
    store.setState(({ rows }) => ({
      totals: batch.totals,
      rows: withProgress(withUpserts(rows, batch.upserts), batch.progress),
    }));
    if (fetching && batch.upserts.length > 0) late.push(batch);
    if (batch.reload) void fetchRows();
    void askConflict();
  }

  const replica = startReplica({
    snapshot: () => api.transfers.totals(),
    listen: (listener: (batch: TransferBatch) => void) =>
      subscribe('transfers.changed', listener),
    revisionOf: (snapshot) => snapshot.revision,
    span: (batch) => batch,
    applySnapshot: ({ totals }) => {
      store.setState({ totals });
      void fetchRows();
      void askConflict();
    },
    applyBatch: apply,
    onError,
  });

  return {
    store,
    setFilter: (filter) => {
      if (store.getState().filter === filter) return;
      wanted = { first: 0, last: 40 };
      store.setState({ filter, rows: [], total: 0, offset: 0 });
      void fetchRows();
    },
    show: (first, last) => {
      wanted = { first, last };
      const { offset, rows, total } = store.getState();
      const missing = first < offset || Math.min(last, total - 1) >= offset + rows.length;
      if (missing && total > 0) void fetchRows();
    },
    conflictAnswered: () => {
      store.setState({ conflict: null });
      void askConflict();
    },
    onGroupFinished: (listener) => subscribe('transfers.groupFinished', listener),
    onGroupProgressed: (listener) => subscribe('transfers.groupProgressed', listener),
    dispose: replica.dispose,
  };
}
