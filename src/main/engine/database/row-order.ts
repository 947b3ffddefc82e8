import type { TransferId } from '../../../shared/domain/ids.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Database } from './database.ts';

/**
 * Between two rows as they are queued: room for 24 halvings. Half a billion rows fit into
 * a safe integer.
 */
export const GAP = 2 ** 24;
/** A gap below this is widened by moving neighbours, so that it is seldom done. */
const MIN_GAP = 2 ** 8;
/** Neighbours that are moved at first; more if those have no room either. */
const FIRST_WINDOW = 64;
/** Ranks of rows that wait for their turn: waiting, queued, paused. */
const MOVABLE = [1, 2, 3] as const;
const ALL_RANKS = [0, 1, 2, 3, 4, 5] as const;

/** Where rows are moved to. */
export type RowPlace =
  | { readonly place: 'first' | 'last' }
  | { readonly before: TransferId };

interface Placed {
  readonly id: TransferId;
  readonly position: number;
}

/** The order in which rows run and are shown: the column `position`. */
export class RowOrder {
  readonly #database: Database;
  #last: number;

  constructor(database: Database) {
    this.#database = database;
    this.#last = this.#extreme('max', ALL_RANKS, '') ?? 0;
  }

  /** The position of a row that is added. */
  next(): number {
    this.#last += GAP;
    return this.#last;
  }

  /**
   * Moves those of the rows that wait for their turn; among themselves they keep their
   * order. Returns how many. Throws `input.invalid` when there is no row to go before.
   */
  move(ids: readonly TransferId[], place: RowPlace): number {
    return this.#database.transaction(() => {
      const moved = this.#movable(ids);
      if (moved.length === 0) return 0;
      if ('before' in place) this.#moveBefore(moved, place.before);
      else if (place.place === 'last') this.#write(moved.map((id) => [id, this.next()]));
      else this.#moveFirst(moved);
      return moved.length;
    });
  }

  #movable(ids: readonly TransferId[]): readonly TransferId[] {
    return this.#database
      .all(
        // In this order: of a million rows only these are looked at.
        `SELECT t.id FROM json_each(?) AS wanted CROSS JOIN transfers AS t
          ON t.id = wanted.value
          WHERE t.state_rank IN (${MOVABLE.join()}) ORDER BY t.position, t.id`,
        JSON.stringify(ids),
      )
      .map((row) => row['id'] as TransferId);
  }

  #moveFirst(moved: readonly TransferId[]): void {
    const first = this.#extreme('min', MOVABLE, '') ?? 0;
    this.#spread(moved, first - (moved.length + 1) * GAP, first);
  }

  #moveBefore(moved: readonly TransferId[], before: TransferId): void {
    const target = this.#database.get(
      'SELECT position FROM transfers WHERE id = ?',
      before,
    );
    if (target === undefined || moved.includes(before)) {
      throw new AppError('input.invalid', { params: { field: 'before' } });
    }
    const high = target['position'] as number;
    const low = this.#extreme('max', MOVABLE, `AND position < ${high}`);
    if (low === undefined) {
      this.#spread(moved, high - (moved.length + 1) * GAP, high);
      return;
    }
    if (high - low >= (moved.length + 1) * MIN_GAP) this.#spread(moved, low, high);
    else this.#makeRoom(moved, high);
  }

  /** Moves the rows before `high` up with them, as many as it takes to have room. */
  #makeRoom(moved: readonly TransferId[], high: number): void {
    const own = new Set(moved);
    for (let window = FIRST_WINDOW; ; window *= 4) {
      // One more than is moved: it bounds the room.
      const near = this.#before(high, window + 1 + own.size).filter(
        ({ id }) => !own.has(id),
      );
      const bound = near[window];
      const count = Math.min(window, near.length) + moved.length + 1;
      const low = bound?.position ?? high - count * GAP;
      if (bound !== undefined && high - low < count * MIN_GAP) continue;
      const neighbours = near.slice(0, window).toReversed();
      this.#spread([...neighbours.map(({ id }) => id), ...moved], low, high);
      return;
    }
  }

  /** Rows that wait for their turn before a position, nearest first. */
  #before(position: number, limit: number): readonly Placed[] {
    return MOVABLE.flatMap((rank) =>
      this.#database.all(
        `SELECT id, position FROM transfers
          WHERE state_rank = ${rank} AND position < ? ORDER BY position DESC LIMIT ?`,
        position,
        limit,
      ),
    )
      .map((row) => ({
        id: row['id'] as TransferId,
        position: row['position'] as number,
      }))
      .sort((a, b) => b.position - a.position || b.id - a.id)
      .slice(0, limit);
  }

  #spread(ids: readonly TransferId[], low: number, high: number): void {
    const step = (high - low) / (ids.length + 1);
    this.#write(ids.map((id, index) => [id, Math.round(low + step * (index + 1))]));
  }

  #write(places: readonly (readonly [TransferId, number])[]): void {
    for (const [id, position] of places) {
      this.#database.run('UPDATE transfers SET position = ? WHERE id = ?', position, id);
    }
  }

  /** One look into the index for each rank. */
  #extreme(
    which: 'min' | 'max',
    ranks: readonly number[],
    condition: string,
  ): number | undefined {
    const found = ranks.flatMap((rank) => {
      const row = this.#database.get(
        `SELECT ${which}(position) AS position FROM transfers
          WHERE state_rank = ${rank} ${condition}`,
      );
      return (row?.['position'] as number | null) ?? [];
    });
    return found.length === 0 ? undefined : Math[which](...found);
  }
}
