import type { Location } from '../model/location.ts';

/** A place with what one had selected and how far one had scrolled. */
export interface Visit {
  readonly location: Location;
  /** Keys selected when one left; at most {@link REMEMBERED_KEYS}. */
  readonly selected: readonly string[];
  /** Key the keyboard was on; `null`: none. */
  readonly focused: string | null;
  /** Scrolled rows' height in pixels. */
  readonly scrollTop: number;
}

/** Where one was and where one came back from. */
export interface History {
  readonly back: readonly Visit[];
  readonly forward: readonly Visit[];
}

/** Selected keys kept per visit; beyond this the selection is not restored. */
export const REMEMBERED_KEYS = 10_000;
/** Visits kept. */
const MOST = 200;

/** No past. */
export const NO_HISTORY: History = { back: [], forward: [] };

/** Leaves `from` for a new place: forgets what lay ahead. */
export function visited(history: History, from: Visit): History {
  return { back: [...history.back, from].slice(-MOST), forward: [] };
}

/** Goes one back from `from`; `null` when there is nowhere to go. */
export function goneBack(
  history: History,
  from: Visit,
): { readonly history: History; readonly visit: Visit } | null {
  const visit = history.back.at(-1);
  if (!visit) return null;
  return {
    visit,
    history: { back: history.back.slice(0, -1), forward: [from, ...history.forward] },
  };
}

/** Goes one forward from `from`; `null` when there is nowhere to go. */
export function goneForward(
  history: History,
  from: Visit,
): { readonly history: History; readonly visit: Visit } | null {
  const visit = history.forward[0];
  if (!visit) return null;
  return {
    visit,
    history: { back: [...history.back, from], forward: history.forward.slice(1) },
  };
}

/** Goes `steps` back from `from`, forward when negative; `null` when it goes nowhere. */
export function goneFar(
  history: History,
  from: Visit,
  steps: number,
): { readonly history: History; readonly visit: Visit } | null {
  const go = steps > 0 ? goneBack : goneForward;
  let gone: ReturnType<typeof goneBack> = null;
  let now = { history, visit: from };
  for (let left = Math.abs(steps); left > 0; left -= 1) {
    const next = go(now.history, now.visit);
    if (!next) break;
    gone = next;
    now = next;
  }
  return gone;
}
