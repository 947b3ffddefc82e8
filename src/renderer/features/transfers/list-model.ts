import type { PanelPlace } from '../../../shared/contract/panel.ts';
import type { PanelEntry } from '../../../shared/domain/panel.ts';
import { linesOf } from '../../../shared/domain/panel-lines.ts';
import { isMovable } from './transfer-actions.ts';

/** An entry and its first line. */
export interface PlacedEntry {
  readonly entry: PanelEntry;
  readonly line: number;
}

/** Entries with the lines they stand on; the first stands on `offset`. */
export function placeEntries(
  entries: readonly PanelEntry[],
  offset: number,
): readonly PlacedEntry[] {
  let line = offset;
  return entries.map((entry) => {
    const placed = { entry, line };
    line += linesOf(entry);
    return placed;
  });
}

/** Where entries go with one step up or down among those they stand with. */
export function stepPlace(
  entries: readonly PanelEntry[],
  moved: readonly PanelEntry[],
  step: -1 | 1,
): PanelPlace | null {
  const [first] = moved;
  if (first === undefined) return null;
  const siblings = siblingsOf(entries, first);
  const own = new Set(moved);
  const at = siblings
    .map((entry, index) => (own.has(entry) ? index : -1))
    .filter((index) => index >= 0);
  const top = at[0];
  const bottom = at.at(-1);
  if (top === undefined || bottom === undefined) return null;
  if (step < 0) return top === 0 ? null : placeBefore(siblings[top - 1]);
  if (bottom === siblings.length - 1) return null;
  return bottom + 2 < siblings.length
    ? placeBefore(siblings[bottom + 2])
    : placeAfterLast(entries, first);
}

/**
 * Where entries go that are dropped at a line: between two of those they stand with.
 * Returns the place and the line of the gap.
 */
export function dropPlace(
  placed: readonly PlacedEntry[],
  moved: readonly PanelEntry[],
  line: number,
): { readonly place: PanelPlace; readonly line: number } | null {
  const [first] = moved;
  if (first === undefined) return null;
  const entries = placed.map(({ entry }) => entry);
  const siblings = new Set(siblingsOf(entries, first));
  const own = new Set(moved);
  const gaps = placed.filter(({ entry }) => siblings.has(entry));
  const last = gaps.at(-1);
  if (last === undefined) return null;
  const found = gaps.find((gap) => line < gap.line + linesOf(gap.entry) / 2);
  if (found !== undefined) {
    return own.has(found.entry)
      ? null
      : { place: placeBefore(found.entry), line: found.line };
  }
  if (own.has(last.entry)) return null;
  const end = endOf(placed, last);
  return { place: placeAfterLast(entries, first), line: end };
}

/** First line after an entry and what is open below it. */
function endOf(placed: readonly PlacedEntry[], last: PlacedEntry): number {
  const inner = last.entry.type === 'row' && last.entry.inGroup;
  let end = last.line + linesOf(last.entry);
  if (inner) return end;
  for (const { entry, line } of placed.slice(placed.indexOf(last) + 1)) {
    if (entry.type !== 'row' || !entry.inGroup) break;
    end = line + linesOf(entry);
  }
  return end;
}

/** What can change places with an entry: rows of its group, or groups. */
function siblingsOf(
  entries: readonly PanelEntry[],
  of: PanelEntry,
): readonly PanelEntry[] {
  if (of.type === 'row' && of.inGroup) {
    // A group is ordered by state first: rows change places among their like.
    return entries.filter(
      (entry) =>
        entry.type === 'row' &&
        entry.row.groupId === of.row.groupId &&
        entry.row.state === of.row.state,
    );
  }
  return entries.filter(
    (entry) => isMovable(entry) && !(entry.type === 'row' && entry.inGroup),
  );
}

function placeBefore(entry: PanelEntry | undefined): PanelPlace {
  if (entry?.type === 'row') return { type: 'before', id: entry.row.id };
  if (entry?.type === 'group') return { type: 'beforeGroup', groupId: entry.group.id };
  return { type: 'last' };
}

/** Behind the last of a group is before the next group; behind the last group is last. */
function placeAfterLast(entries: readonly PanelEntry[], of: PanelEntry): PanelPlace {
  if (of.type !== 'row' || !of.inGroup) return { type: 'last' };
  const { groupId } = of.row;
  const end = entries.findLastIndex(
    (entry) => entry.type === 'row' && entry.row.groupId === groupId,
  );
  return placeBefore(entries.slice(end + 1).find((entry) => isMovable(entry)));
}
