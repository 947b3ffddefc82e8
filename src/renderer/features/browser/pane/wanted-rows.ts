import { RowSet } from '../grid/row-set.ts';
import type { Selection } from '../grid/select.ts';
import type { Visit } from './history.ts';

/** Finds the rows of what was selected in the rows that come in. */
export class WantedRows {
  readonly #keys: ReadonlySet<string>;
  readonly #focused: string | null;
  readonly #found: number[] = [];
  #focus = -1;

  constructor({ selected, focused }: Pick<Visit, 'selected' | 'focused'>) {
    this.#keys = new Set(selected);
    this.#focused = focused;
  }

  /** Looks at the rows from `from` to before `to`. */
  look(columns: { keyOf(row: number): string }, from: number, to: number): void {
    if (this.#keys.size === 0 && this.#focused === null) return;
    for (let row = from; row < to; row += 1) {
      const key = columns.keyOf(row);
      if (key === this.#focused) this.#focus = row;
      if (this.#keys.has(key)) this.#found.push(row);
    }
  }

  /** What of it was found; `null`: nothing. */
  selection(): Selection | null {
    if (this.#found.length === 0 && this.#focus < 0) return null;
    return { rows: RowSet.of(this.#found), anchor: this.#focus, focus: this.#focus };
  }
}
