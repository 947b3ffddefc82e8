import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PanelPage } from '../../shared/contract/panel.ts';
import type {
  GroupFinished,
  GroupProgressed,
  TransferBatch,
} from '../../shared/contract/transfers.ts';
import type { GroupId } from '../../shared/domain/ids.ts';
import type { PanelEntry, PanelKind } from '../../shared/domain/panel.ts';
import { linesOf } from '../../shared/domain/panel-lines.ts';
import type {
  TransferFilter,
  TransferRow,
  TransferTotals,
} from '../../shared/domain/transfer.ts';
import type { Api, Subscribe } from '../bridge/api.ts';
import { startReplica } from '../bridge/replica.ts';
import { withGroups, withKept, withProgress, withUpserts } from './panel-entries.ts';

/** Which part of the queue the panel shows. */
export interface PanelView {
  readonly filter: TransferFilter;
  readonly kind: PanelKind;
  /** Part of a key or name; empty: everything. */
  readonly text: string;
}

/** What the window knows of the queue: totals, and the entries in view. */
export interface TransfersState extends PanelView {
  readonly totals: TransferTotals | null;
  /** Lines of the list in all; see `PanelEntry`. */
  readonly lines: number;
  /** Line of `entries[0]`. */
  readonly offset: number;
  readonly entries: readonly PanelEntry[];
  /** Transfers under each filter of this kind and text. */
  readonly counts: PanelPage['counts'] | null;
  readonly searching: boolean;
  readonly capped: boolean;
  /** `entries` are those of this filter, kind and text. */
  readonly loaded: boolean;
  /** Groups the user opened or folded. */
  readonly opened: ReadonlySet<GroupId>;
  readonly folded: ReadonlySet<GroupId>;
  /** The conflict to ask about, if any. */
  readonly conflict: TransferRow | null;
}

/** The queue as the window sees it. */
export interface Transfers {
  readonly store: StoreApi<TransfersState>;
  /** Entries are fetched while somebody watches; returns how to stop. */
  readonly watch: () => () => void;
  readonly setView: (view: Partial<PanelView>) => void;
  readonly setOpen: (groupId: GroupId, open: boolean) => void;
  /** Says which lines are in view; fetches them if they are not there. */
  readonly show: (first: number, last: number) => void;
  /** The answered conflict is gone; asks for the next. */
  readonly conflictAnswered: () => void;
  /** Calls back when a group ends; returns the end of it. */
  readonly onGroupFinished: (listener: (group: GroupFinished) => void) => () => void;
  /** Calls back while a group runs, when what it has done so far is worth a look. */
  readonly onGroupProgressed: (listener: (group: GroupProgressed) => void) => () => void;
  readonly dispose: () => void;
}

/** Lines fetched at once: a tall panel and some to scroll into. */
const WINDOW = 160;
/** Positions that changed are fetched again no oftener than this, ms. */
const RELOAD_MS = 250;
/** Before a search goes on, ms. */
const SEARCH_MS = 40;
/** Groups whose folding is remembered. */
const MAX_REMEMBERED = 5_000;

interface Folding {
  readonly opened: ReadonlySet<GroupId>;
  readonly folded: ReadonlySet<GroupId>;
}

const UNFOLDED: Folding = { opened: new Set(), folded: new Set() };

/** Starts the replica of the queue. */
export function createTransfers(
  api: Api,
  subscribe: Subscribe,
  onError: (error: unknown) => void,
): Transfers {
  const store = createStore<TransfersState>(() => ({
    totals: null,
    filter: 'all',
    kind: 'all',
    text: '',
    lines: 0,
    offset: 0,
    entries: [],
    counts: null,
    searching: false,
    capped: false,
    loaded: false,
    opened: new Set(),
    folded: new Set(),
    conflict: null,
  }));
  let wanted = { first: 0, last: 80 };
  let watchers = 0;
  let fetching = false;
  let fetchedAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Batches that came while a page was on its way: the page may be older. */
  let late: TransferBatch[] = [];
  let again = false;
  let askingConflict = false;
  /** A batch told of conflicts while the engine was asked for the next one. */
  let askAgain = false;
  /** What the user opened and folded in each view: in another one other rows are few. */
  const folding = new Map<string, Folding>();

  async function fetchEntries(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (watchers === 0) return;
    if (fetching) {
      again = true;
      return;
    }
    fetching = true;
    try {
      do {
        again = false;
        late = [];
        fetchedAt = performance.now();
        const { filter, kind, text, opened, folded } = store.getState();
        const middle = Math.floor((wanted.first + wanted.last) / 2);
        const page = await api.panel.view({
          filter,
          kind,
          text,
          opened: [...opened],
          folded: [...folded],
          offset: Math.max(0, middle - WINDOW / 2),
          limit: WINDOW,
        });
        const now = store.getState();
        const isAsked = now.filter === filter && now.kind === kind && now.text === text;
        // Folded meanwhile: this page is of the past.
        if (isAsked && now.opened === opened && now.folded === folded) accept(page);
        else again = true;
      } while (again);
    } catch (error) {
      onError(error);
    } finally {
      fetching = false;
      late = [];
    }
  }

  function accept(page: PanelPage): void {
    const { revision, lines, offset, counts, searching, capped } = page;
    const entries = late
      .filter((batch) => batch.to > revision)
      .reduce<readonly PanelEntry[]>(
        (all, batch) => withGroups(withUpserts(all, batch.upserts), batch.groups),
        withKept(page.entries, store.getState().entries),
      );
    store.setState({ entries, lines, offset, counts, searching, capped, loaded: true });
    if (searching) fetchIn(SEARCH_MS);
  }

  function fetchIn(ms: number): void {
    timer ??= setTimeout(() => void fetchEntries(), ms);
  }

  async function askConflict(): Promise<void> {
    const { totals, conflict } = store.getState();
    if (conflict || !totals || totals.conflicts === 0) return;
    askAgain = askingConflict;
    if (askingConflict) return;
    askingConflict = true;
    try {
      store.setState({ conflict: await api.transfers.nextConflict() });
    } catch (error) {
      onError(error);
    } finally {
      askingConflict = false;
    }
    // The answer may be older than the last batch, and nothing else would ask again.
    if (askAgain) void askConflict();
  }

  function apply(batch: TransferBatch): void {
    store.setState(({ entries }) => ({
      totals: batch.totals,
      entries: withGroups(
        withProgress(withUpserts(entries, batch.upserts), batch.progress),
        batch.groups,
      ),
    }));
    if (fetching) late.push(batch);
    if (batch.reload && watchers > 0) {
      fetchIn(Math.max(0, fetchedAt + RELOAD_MS - performance.now()));
    }
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
      void fetchEntries();
      void askConflict();
    },
    applyBatch: apply,
    onError,
  });

  return {
    store,
    watch: () => {
      watchers += 1;
      if (watchers === 1) void fetchEntries();
      let ended = false;
      return () => {
        if (!ended) watchers -= 1;
        ended = true;
      };
    },
    setView: (view) => {
      const before = store.getState();
      const next = {
        filter: before.filter,
        kind: before.kind,
        text: before.text,
        ...view,
      };
      if (
        next.filter === before.filter &&
        next.kind === before.kind &&
        next.text === before.text
      ) {
        return;
      }
      wanted = { first: 0, last: 80 };
      folding.set(viewKey(before), { opened: before.opened, folded: before.folded });
      const { opened, folded } = folding.get(viewKey(next)) ?? UNFOLDED;
      store.setState({ ...next, opened, folded, loaded: false });
      void fetchEntries();
    },
    setOpen: (groupId, open) => {
      store.setState(({ opened, folded, entries }) => ({
        opened: changed(opened, groupId, open),
        folded: changed(folded, groupId, !open),
        entries: entries.map((entry) =>
          entry.type === 'group' && entry.group.id === groupId
            ? { ...entry, open }
            : entry,
        ),
      }));
      void fetchEntries();
    },
    show: (first, last) => {
      wanted = { first, last };
      const { offset, entries, lines } = store.getState();
      const end = entries.reduce((line, entry) => line + linesOf(entry), offset);
      const missing = first < offset || Math.min(last, lines - 1) >= end;
      if (missing && lines > 0) void fetchEntries();
    },
    conflictAnswered: () => {
      store.setState({ conflict: null });
      void askConflict();
    },
    onGroupFinished: (listener) => subscribe('transfers.groupFinished', listener),
    onGroupProgressed: (listener) => subscribe('transfers.groupProgressed', listener),
    dispose: () => {
      clearTimeout(timer);
      replica.dispose();
    },
  };
}

/** Searches share their folding, so that not every typed letter is remembered. */
function viewKey({ filter, text }: PanelView): string {
  return text === '' ? filter : `${filter} search`;
}

function changed(
  ids: ReadonlySet<GroupId>,
  id: GroupId,
  member: boolean,
): ReadonlySet<GroupId> {
  const next = new Set(ids);
  next.delete(id);
  if (member) next.add(id);
  for (const oldest of next) {
    if (next.size <= MAX_REMEMBERED) break;
    next.delete(oldest);
  }
  return next;
}
