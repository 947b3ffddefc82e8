import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppError } from '../../../../shared/errors/error.ts';
import { type Api, toAppError } from '../../../bridge/api.ts';
import {
  NO_SELECTION,
  type SelectAction,
  type Selection,
  select,
} from '../grid/select.ts';
import type { NameOrder, Sort } from '../model/columns.ts';
import { ListingModel, type RowFilter } from '../model/listing-model.ts';
import { type Location, parentLocation, sameLocation } from '../model/location.ts';
import type { Slicer } from '../model/sliced.ts';
import {
  goneBack,
  goneFar,
  goneForward,
  type History,
  NO_HISTORY,
  REMEMBERED_KEYS,
  type Visit,
  visited,
} from './history.ts';
import { pullListing } from './pull.ts';
import { WantedRows } from './wanted-rows.ts';

/** How far a listing is. */
export type ListingPhase = 'idle' | 'loading' | 'done' | 'stopped' | 'failed';

/** What a pane shows. */
export interface PaneState {
  /** `null`: not connected to anything. */
  readonly location: Location | null;
  /** The rows; changes in place, `version` counts the changes. */
  readonly model: ListingModel | null;
  readonly version: number;
  readonly phase: ListingPhase;
  /** Rows shown are of an earlier listing while a new one is fetched. */
  readonly refreshing: boolean;
  /** Rows shown are of an earlier listing: fetching a new one failed. */
  readonly stale: boolean;
  readonly error: AppError | null;
  /** `false` at the list of buckets when the key may not list them. */
  readonly bucketsListed: boolean;
  readonly selection: Selection;
  readonly sort: Sort;
  readonly filter: RowFilter;
  readonly history: History;
}

/** What a pane is made with. */
export interface PaneOptions {
  readonly api: Api;
  readonly slicer: Slicer;
  readonly names: NameOrder;
  readonly newTaskId: () => string;
  readonly showHidden: boolean;
  /** Runs later, to gather changes into one repaint. Returns how to call it off. */
  readonly later: (run: () => void, ms: number) => () => void;
}

/** Rows appear at most this often while a listing comes in. */
const REPAINT_MS = 100;

/** One view onto a connection: a location, its rows, its selection and its history. */
export class Pane {
  readonly store: StoreApi<PaneState>;
  readonly #options: PaneOptions;
  #abort = new AbortController();
  #callOff: (() => void) | null = null;
  #scrollTop = 0;
  /** Fills behind the rows on screen while those are refreshed. */
  #coming: ListingModel | null = null;
  /** Where to scroll when the rows are there; taken by the grid. */
  #pendingScroll: number | null = null;

  constructor(options: PaneOptions) {
    this.#options = options;
    this.store = createStore<PaneState>(() => ({
      location: null,
      model: null,
      version: 0,
      phase: 'idle',
      refreshing: false,
      stale: false,
      error: null,
      bucketsListed: true,
      selection: NO_SELECTION,
      sort: { column: 'name', descending: false },
      filter: { text: '', showHidden: options.showHidden },
      history: NO_HISTORY,
    }));
  }

  /** Goes to a place. Being there already, it lists it again. */
  navigate(location: Location, options: { readonly select?: string } = {}): void {
    const state = this.store.getState();
    const wanted = options.select === undefined ? [] : [options.select];
    if (sameLocation(state.location, location)) {
      this.refresh({ select: wanted });
      return;
    }
    const history = state.location
      ? visited(state.history, this.#visit())
      : state.history;
    this.store.setState({ history });
    this.#open({
      location,
      selected: wanted,
      focused: options.select ?? null,
      scrollTop: 0,
    });
  }

  back(): void {
    this.#travel(goneBack);
  }

  forward(): void {
    this.#travel(goneForward);
  }

  /** Goes to the enclosing folder and selects the one it comes from. */
  up(): void {
    const { location } = this.store.getState();
    const parent = location && parentLocation(location);
    if (!location || !parent) return;
    const from = location.prefix === '' ? location.bucket : location.prefix;
    this.navigate(parent, from === null ? {} : { select: from });
  }

  /** Goes `steps` back at once (forward when negative), as a history menu asks. */
  jump(steps: number): void {
    const { history, location } = this.store.getState();
    if (!location) return;
    const gone = goneFar(history, this.#visit(), steps);
    if (!gone) return;
    this.store.setState({ history: gone.history });
    this.#open(gone.visit);
  }

  /** Leaves the connection: nothing is shown, the past is forgotten. */
  close(): void {
    this.#stopPull();
    this.store.getState().model?.dispose();
    this.store.setState({
      location: null,
      model: null,
      phase: 'idle',
      refreshing: false,
      stale: false,
      error: null,
      selection: NO_SELECTION,
      history: NO_HISTORY,
    });
  }

  /** Lists the place again. Rows, selection and scroll stay until the new rows are in. */
  refresh(options: { readonly select?: readonly string[] } = {}): void {
    const { location, model, phase } = this.store.getState();
    if (!location) return;
    const visit = this.#visit();
    const wanted = options.select ?? [];
    const next: Visit = {
      ...visit,
      selected: wanted.length > 0 ? wanted : visit.selected,
      focused: wanted[0] ?? visit.focused,
    };
    if (!model || phase === 'failed' || model.loaded === 0) this.#open(next, true);
    else void this.#pull(next, this.#newModel(location), true, true);
  }

  /** Ends the running listing; what came in stays. */
  stop(): void {
    if (this.store.getState().phase !== 'loading') return;
    this.#stopPull();
    this.store.setState({ phase: 'stopped', refreshing: false });
  }

  /** Changes the selection. */
  select(action: SelectAction): void {
    const { model, selection } = this.store.getState();
    if (!model) return;
    const next = select(selection, action, {
      length: model.length,
      rowAt: (position) => model.rowAt(position),
      positionOf: (row) => model.positionOf(row),
    });
    if (next !== selection) this.store.setState({ selection: next });
  }

  setSort(sort: Sort): void {
    this.store.setState({ sort });
    this.store.getState().model?.setSort(sort);
    this.#coming?.setSort(sort);
  }

  setFilter(change: Partial<RowFilter>): void {
    const filter = { ...this.store.getState().filter, ...change };
    this.store.setState({ filter });
    this.#coming?.setFilter(filter);
    const { model } = this.store.getState();
    if (!model) return;
    model.setFilter(filter);
    void this.#pruneWhenSettled(model);
  }

  /** Selects the first row from `position` on whose name starts with `text`. */
  typeAhead(text: string): void {
    const { model, selection } = this.store.getState();
    if (!model || model.length === 0) return;
    const at = Math.max(0, model.positionOf(selection.focus));
    // One letter again and again goes through the rows that start with it.
    const repeated = text.length > 1 && new Set(text.toLowerCase()).size === 1;
    const needle = repeated ? text.slice(0, 1) : text;
    const position = model.find(needle, text.length === 1 || repeated ? at + 1 : at);
    if (position >= 0) this.select({ kind: 'go', position });
  }

  /** The grid tells how far it is scrolled, in pixels of rows. */
  noteScroll(top: number): void {
    this.#scrollTop = top;
  }

  /** Where the grid ought to scroll once `height` pixels of rows are there. */
  takeScroll(height: number): number | null {
    const top = this.#pendingScroll;
    const { phase } = this.store.getState();
    if (top === null || (top > height && phase === 'loading')) return null;
    this.#pendingScroll = null;
    return top;
  }

  async #pruneWhenSettled(model: ListingModel): Promise<void> {
    await model.settled();
    if (this.store.getState().model === model) this.select({ kind: 'prune' });
  }

  #travel(go: typeof goneBack): void {
    const { history, location } = this.store.getState();
    if (!location) return;
    const gone = go(history, this.#visit());
    if (!gone) return;
    this.store.setState({ history: gone.history });
    this.#open(gone.visit);
  }

  #visit(): Visit {
    const { location, model, selection } = this.store.getState();
    if (!location) throw new Error('a visit needs a location');
    const keys =
      model && selection.rows.size <= REMEMBERED_KEYS
        ? Array.from(selection.rows, (row) => model.columns.keyOf(row))
        : [];
    return {
      location,
      selected: keys,
      focused:
        model && selection.focus >= 0 ? model.columns.keyOf(selection.focus) : null,
      scrollTop: this.#scrollTop,
    };
  }

  #newModel(location: Location): ListingModel {
    const { sort, filter } = this.store.getState();
    const model: ListingModel = new ListingModel({
      prefix: location.prefix,
      sort,
      filter,
      slicer: this.#options.slicer,
      ...this.#options.names,
      onChange: () => this.#changed(model),
    });
    return model;
  }

  #open(visit: Visit, fresh = false): void {
    const { location } = visit;
    const before = this.store.getState();
    if (!sameLocation(before.location, location) && before.filter.text !== '') {
      this.store.setState({ filter: { ...before.filter, text: '' } });
    }
    before.model?.dispose();
    const model = this.#newModel(location);
    this.#scrollTop = 0;
    this.#pendingScroll = visit.scrollTop;
    this.store.setState({
      location,
      model,
      error: null,
      bucketsListed: true,
      selection: NO_SELECTION,
      version: before.version + 1,
    });
    void this.#pull(visit, model, fresh, false);
  }

  async #pull(
    visit: Visit,
    model: ListingModel,
    fresh: boolean,
    behind: boolean,
  ): Promise<void> {
    this.#stopPull();
    const abort = new AbortController();
    this.#abort = abort;
    let wanted = new WantedRows(visit);
    let restored: Selection = NO_SELECTION;
    const { model: shown, selection: begun } = this.store.getState();
    const old = behind ? shown : null;
    this.#coming = behind ? model : null;
    this.store.setState({ phase: 'loading', refreshing: behind, stale: false });

    const takeSelection = (): void => {
      const selection = wanted.selection();
      // What the user selected since then counts more than what was remembered.
      if (selection === null || this.store.getState().selection !== restored) return;
      restored = selection;
      this.store.setState({ selection });
    };
    const swap = (): void => {
      const { model: now, selection } = this.store.getState();
      if (now === model) return;
      if (selection !== begun) {
        wanted = new WantedRows(this.#visit());
        wanted.look(model.columns, 0, model.loaded);
      }
      old?.dispose();
      this.#coming = null;
      this.#pendingScroll = this.#scrollTop;
      this.store.setState(({ version }) => ({
        model,
        error: null,
        refreshing: false,
        selection: NO_SELECTION,
        version: version + 1,
      }));
      takeSelection();
    };

    try {
      await pullListing({
        api: this.#options.api,
        location: visit.location,
        model,
        fresh,
        newTaskId: this.#options.newTaskId,
        signal: abort.signal,
        onListed: (bucketsListed) => this.store.setState({ bucketsListed }),
        onRows: (from, to) => {
          wanted.look(model.columns, from, to);
          if (behind && old && model.loaded >= old.loaded) {
            void model.settled().then(() => !abort.signal.aborted && swap());
          } else if (!behind) takeSelection();
        },
      });
      if (abort.signal.aborted) return;
      if (behind) swap();
      this.store.setState(({ version }) => ({
        phase: 'done',
        refreshing: false,
        version: version + 1,
      }));
    } catch (error) {
      if (abort.signal.aborted) return;
      this.store.setState(({ version }) => ({
        phase: 'failed',
        refreshing: false,
        stale: old !== null && this.store.getState().model === old,
        error: toAppError(error),
        version: version + 1,
      }));
    }
  }

  #stopPull(): void {
    this.#abort.abort();
    this.#coming?.dispose();
    this.#coming = null;
    this.#callOff?.();
    this.#callOff = null;
  }

  #changed(model: ListingModel): void {
    if (this.store.getState().model !== model) return;
    if (this.#callOff) return;
    const bump = (): void => {
      this.store.setState(({ version }) => ({ version: version + 1 }));
    };
    bump();
    this.#callOff = this.#options.later(() => {
      this.#callOff = null;
      if (this.store.getState().model === model) bump();
    }, REPAINT_MS);
  }
}
