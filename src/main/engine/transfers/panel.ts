import type { RequestOf } from '../../../shared/contract/define.ts';
import type { EngineCalls } from '../../../shared/contract/engine.ts';
import type { PanelPage, PanelRequest } from '../../../shared/contract/panel.ts';
import type { GroupId, TransferId } from '../../../shared/domain/ids.ts';
import type { GroupRow, PanelEntry, PanelKind } from '../../../shared/domain/panel.ts';
import { ENTRY_LINES } from '../../../shared/domain/panel-lines.ts';
import type {
  TransferFilter,
  TransferKind,
  TransferRow,
} from '../../../shared/domain/transfer.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { CopyStore } from '../database/copy-store.ts';
import type { Database } from '../database/database.ts';
import type { EditStore } from '../database/edit-store.ts';
import { endedOf, openOf, rowsOf } from '../database/group-book.ts';
import type { GroupStore, StoredGroup } from '../database/group-store.ts';
import { FILTER_RANKS, PanelStore } from '../database/panel-store.ts';
import { type Match, RowSearch } from '../database/row-search.ts';
import type { StoredTransfer } from '../database/stored-transfer.ts';
import type { TransferStore } from '../database/transfer-store.ts';
import type { Clock } from './clock.ts';
import { type Block, dayFinder, layOut } from './panel-layout.ts';
import { type TransferMeter, WorkMeter } from './progress.ts';

/** Rows moved at once. A group has seldom more that wait: planning holds back. */
const MAX_MOVED = 10_000;
/** A batch carries at most so many heads; with more the window asks again. */
const MAX_CHANGED = 100;

/** What the panel is drawn from. */
export interface PanelDeps {
  readonly database: Database;
  readonly store: TransferStore;
  readonly groups: GroupStore;
  readonly copies: CopyStore;
  readonly edits: EditStore;
  readonly clock: Clock;
  readonly planning: () => readonly GroupId[];
  readonly meters: () => Iterable<readonly [TransferId, TransferMeter]>;
  /** The row of a running transfer. */
  readonly running: (id: TransferId) => StoredTransfer | undefined;
  /** A row as the window sees it, live if it runs. */
  readonly toRow: (row: StoredTransfer) => TransferRow;
  readonly revision: () => number;
}

/** The queue as the panel shows it: groups that fold, in the order of running. */
export class Panel {
  readonly #deps: PanelDeps;
  readonly #rows: PanelStore;
  readonly #kinds = new Map<GroupId, TransferKind | null>();
  readonly #meters = new Map<GroupId, WorkMeter>();
  /** Asked for once, and again after something was moved. */
  readonly #places = new Map<GroupId, number>();
  readonly #dayOf = dayFinder();
  /** Rows of the part that was asked for last. */
  #shown: ReadonlySet<TransferId> = new Set();
  #search: RowSearch | undefined;
  /** Groups that were being planned when the last batch was told. */
  #planned: readonly GroupId[] = [];

  constructor(deps: PanelDeps) {
    this.#deps = deps;
    this.#rows = new PanelStore(deps.database);
  }

  /** A part of the list. */
  view(request: PanelRequest): PanelPage {
    const { store, planning, revision } = this.#deps;
    const { filter, kind, offset, limit } = request;
    const found = this.#find(request.text, filter);
    const fits = (groupId: GroupId): boolean => this.#isKind(groupId, kind);
    const blocks = layOut({
      book: store.tally.book,
      filter,
      fits,
      found: found && ((groupId) => found.get(groupId)?.length ?? 0),
      planning: planning(),
      opened: new Set(request.opened),
      folded: new Set(request.folded),
      placeOf: (groupId) => this.#placeOf(groupId),
      createdAt: (groupId) => this.#deps.groups.get(groupId)?.createdAt ?? 0,
      dayOf: this.#dayOf,
    });
    const last = blocks.at(-1);
    const lines = last === undefined ? 0 : last.line + last.lines;
    const live = this.#liveBytes();
    const entries: PanelEntry[] = [];
    let start = offset;
    for (const block of blocks) {
      if (block.line >= offset + limit) break;
      if (block.line + block.lines <= offset) continue;
      const part = this.#entriesOf(block, request, live, found?.get(block.groupId));
      if (entries.length === 0) start = part.line;
      entries.push(...part.entries);
    }
    this.#shown = new Set(
      entries.flatMap((entry) => (entry.type === 'row' ? entry.row.id : [])),
    );
    return {
      revision: revision(),
      lines,
      offset: start,
      entries,
      counts: this.#counts(fits, request.text),
      searching: this.#search?.searching ?? false,
      capped: this.#search?.capped ?? false,
    };
  }

  /** Whether the window got this row with the part it asked for last. */
  isShown(id: TransferId): boolean {
    return this.#shown.has(id);
  }

  /** Heads that changed since the last call; `null`: too many. */
  changed(): readonly GroupRow[] | null {
    const { store, planning } = this.#deps;
    const live = this.#liveBytes();
    const now = planning();
    const ids = new Set([
      ...store.tally.book.takeChanged(),
      ...live.keys(),
      ...now,
      ...this.#planned,
    ]);
    this.#planned = now;
    for (const id of this.#meters.keys()) if (!live.has(id)) this.#meters.delete(id);
    if (ids.size > MAX_CHANGED) return null;
    return [...ids].flatMap((id) => this.#head(id, live) ?? []);
  }

  /** What is to be moved where, in rows; `undefined`: nothing of it can be moved. */
  moveOf({
    ids,
    groupIds,
    place,
  }: RequestOf<EngineCalls, 'panel.reorder'>):
    | RequestOf<EngineCalls, 'transfers.reorder'>
    | undefined {
    const moved = [
      ...ids,
      ...groupIds.flatMap((groupId) => this.#rows.movable(groupId, MAX_MOVED)),
    ].slice(0, MAX_MOVED);
    if (moved.length === 0) return undefined;
    switch (place.type) {
      case 'first':
      case 'last':
        return { ids: moved, place: place.type };
      case 'before':
        return moved.includes(place.id) ? undefined : { ids: moved, before: place.id };
      case 'beforeGroup': {
        const [before] = this.#rows.movable(place.groupId, 1);
        if (before === undefined || moved.includes(before)) return undefined;
        return { ids: moved, before };
      }
      default:
        return assertNever(place);
    }
  }

  /** Rows were moved within the order of running. */
  reordered(): void {
    this.#places.clear();
  }

  #placeOf(groupId: GroupId): number {
    let place = this.#places.get(groupId);
    if (place === undefined) {
      place = this.#rows.firstPosition(groupId);
      // A group that is being counted has no rows yet, and comes last.
      if (place === undefined) return Number.POSITIVE_INFINITY;
      this.#places.set(groupId, place);
    }
    return place;
  }

  #entriesOf(
    block: Block,
    { filter, offset, limit }: PanelRequest,
    live: ReadonlyMap<GroupId, number>,
    matches: readonly Match[] | undefined,
  ): { readonly line: number; readonly entries: readonly PanelEntry[] } {
    const { toRow } = this.#deps;
    const entries: PanelEntry[] = [];
    let { line } = block;
    let start: number | undefined;
    const push = (at: number, entry: PanelEntry): void => {
      start ??= at;
      entries.push(entry);
    };
    if (block.day !== null) {
      if (line >= offset) push(line, { type: 'day', day: block.day });
      line += 1;
    }
    if (block.head) {
      const group = line + ENTRY_LINES > offset ? this.#head(block.groupId, live) : null;
      if (group) push(line, { type: 'group', group, open: block.open });
      line += ENTRY_LINES;
    }
    const first = Math.max(0, Math.floor((offset - line) / ENTRY_LINES));
    const end = Math.min(
      block.children,
      Math.ceil((offset + limit - line) / ENTRY_LINES),
    );
    if (end > first) {
      const rows =
        matches === undefined
          ? this.#rows.rowsOf(block.groupId, filter, first, end - first)
          : this.#rows.rowsById(matches.slice(first, end).map(({ id }) => id));
      for (const row of rows) {
        push(line + first * ENTRY_LINES, {
          type: 'row',
          row: toRow(row),
          inGroup: block.head,
        });
      }
    }
    return { line: start ?? line, entries };
  }

  #head(groupId: GroupId, live: ReadonlyMap<GroupId, number>): GroupRow | null {
    const { store, groups, planning, clock } = this.#deps;
    const group = groups.get(groupId);
    if (group === undefined) return null;
    const counts = store.tally.book.get(groupId);
    const states = counts?.states;
    const isPlanning = planning().includes(groupId);
    const bytesDone = (counts?.bytesDone ?? 0) + (live.get(groupId) ?? 0);
    const rowsDone = states === undefined ? 0 : endedOf(states) + states.failed;
    let speed = 0;
    let secondsLeft: number | null = null;
    if (live.has(groupId) && counts !== undefined) {
      const now = clock.now();
      const meter = this.#meterOf(groupId, now, bytesDone, rowsDone);
      speed = meter.sample(now, bytesDone, rowsDone);
      if (!isPlanning) {
        const left = counts.bytesTotal - bytesDone;
        secondsLeft = meter.secondsFor(left, openOf(counts.states), now);
      }
    }
    return {
      id: groupId,
      kind: group.kind,
      connectionId: group.connectionId,
      name: group.name,
      items: group.items,
      bucket: group.bucket,
      prefix: group.prefix,
      folder: this.#folderOf(group),
      planning: isPlanning,
      createdAt: group.createdAt,
      queued: states?.queued ?? 0,
      running: states?.running ?? 0,
      waiting: states?.waiting ?? 0,
      paused: states?.paused ?? 0,
      failed: states?.failed ?? 0,
      cancelled: states?.cancelled ?? 0,
      skipped: states?.skipped ?? 0,
      done: states?.done ?? 0,
      bytesTotal: counts?.bytesTotal ?? 0,
      bytesDone,
      ...this.#objectsOf(group),
      speed,
      secondsLeft,
    };
  }

  /** What a bulk change has counted and done: its rows stand for many objects. */
  #objectsOf({ id, kind }: StoredGroup): Pick<GroupRow, 'objects'> {
    const counts = kind === 'edit' ? this.#deps.edits.counts(id) : undefined;
    return counts === undefined
      ? {}
      : { objects: { total: counts.found, done: counts.done } };
  }

  /** Where it goes; a copy or move with the bucket, whose top folder has no name. */
  #folderOf({ id, kind, bucket, folder }: StoredGroup): string {
    if (kind !== 'copy' && kind !== 'move') return folder;
    return `${this.#deps.copies.target(id)?.bucket ?? bucket}/${folder}`;
  }

  #meterOf(groupId: GroupId, now: number, bytes: number, rows: number): WorkMeter {
    let meter = this.#meters.get(groupId);
    if (meter === undefined) {
      meter = new WorkMeter(now, bytes, rows);
      this.#meters.set(groupId, meter);
    }
    return meter;
  }

  /** Bytes that running rows have beyond what the table says, by group. */
  #liveBytes(): Map<GroupId, number> {
    const live = new Map<GroupId, number>();
    for (const [id, meter] of this.#deps.meters()) {
      const row = this.#deps.running(id);
      if (row === undefined) continue;
      const before = live.get(row.groupId) ?? 0;
      live.set(row.groupId, before + meter.bytes - row.bytesDone);
    }
    return live;
  }

  #find(
    text: string,
    filter: TransferFilter,
  ): ReadonlyMap<GroupId, readonly Match[]> | undefined {
    if (text === '') {
      this.#search = undefined;
      return undefined;
    }
    if (this.#search?.text !== text) {
      this.#search = new RowSearch(this.#deps.database, text, () => performance.now());
    }
    this.#search.step();
    return this.#search.matches(...FILTER_RANKS[filter]);
  }

  #counts(fits: (groupId: GroupId) => boolean, text: string): PanelPage['counts'] {
    const counts = { active: 0, failed: 0, finished: 0 };
    if (text === '') {
      const { book } = this.#deps.store.tally;
      for (const groupId of book.ids()) {
        const states = book.get(groupId)?.states;
        if (states === undefined || !fits(groupId)) continue;
        counts.active += openOf(states);
        counts.failed += states.failed;
        counts.finished += rowsOf(states) - openOf(states) - states.failed;
      }
    } else {
      for (const [groupId, matches] of this.#search?.matches(0, 5) ?? []) {
        if (!fits(groupId)) continue;
        for (const { rank } of matches) {
          if (rank < 4) counts.active += 1;
          else if (rank === 4) counts.failed += 1;
          else counts.finished += 1;
        }
      }
    }
    return { ...counts, all: counts.active + counts.failed + counts.finished };
  }

  #isKind(groupId: GroupId, kind: PanelKind): boolean {
    if (kind === 'all') return true;
    let its = this.#kinds.get(groupId);
    if (its === undefined) {
      its = this.#deps.groups.get(groupId)?.kind ?? null;
      this.#kinds.set(groupId, its);
    }
    if (kind === 'other') return its !== 'upload' && its !== 'download';
    return its === kind;
  }
}
