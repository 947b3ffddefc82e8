import type { GroupId } from '../../shared/domain/ids.ts';
import type { GroupRow, PanelEntry } from '../../shared/domain/panel.ts';
import type { TransferRow } from '../../shared/domain/transfer.ts';
import { assertNever } from '../../shared/lib/assert-never.ts';

/** A name for an entry that stays the same while it moves about. */
export function entryKey(entry: PanelEntry): string {
  switch (entry.type) {
    case 'day':
      return `d${entry.day}`;
    case 'group':
      return `g${entry.group.id}`;
    case 'row':
      return `t${entry.row.id}`;
    default:
      return assertNever(entry);
  }
}

/**
 * Entries with new progress from packed triples; the same array when none is among them.
 * What is done does not go down while it runs: bytes of a request that failed are sent
 * again, and the bar waits for them.
 */
export function withProgress(
  entries: readonly PanelEntry[],
  packed: Float64Array,
): readonly PanelEntry[] {
  if (packed.length === 0 || entries.length === 0) return entries;
  const at = new Map<number, number>();
  for (let i = 0; i + 2 < packed.length; i += 3) at.set(packed[i] as number, i);
  let next: PanelEntry[] | null = null;
  entries.forEach((entry, index) => {
    const place = entry.type === 'row' ? at.get(entry.row.id) : undefined;
    if (entry.type !== 'row' || place === undefined) return;
    const bytesDone = Math.max(entry.row.bytesDone, packed[place + 1] as number);
    const speed = packed[place + 2] as number;
    if (bytesDone === entry.row.bytesDone && speed === entry.row.speed) return;
    next ??= [...entries];
    next[index] = { ...entry, row: { ...entry.row, bytesDone, speed } };
  });
  return next ?? entries;
}

/** Entries with changed rows put in their place; unknown ones are left out. */
export function withUpserts(
  entries: readonly PanelEntry[],
  upserts: readonly TransferRow[],
): readonly PanelEntry[] {
  if (upserts.length === 0) return entries;
  const changed = new Map(upserts.map((row) => [row.id, row]));
  let next: PanelEntry[] | null = null;
  entries.forEach((entry, index) => {
    const row = entry.type === 'row' ? changed.get(entry.row.id) : undefined;
    if (entry.type !== 'row' || row === undefined) return;
    next ??= [...entries];
    next[index] = { ...entry, row };
  });
  return next ?? entries;
}

/** Entries with changed heads; equal ones stay the objects they are. */
export function withGroups(
  entries: readonly PanelEntry[],
  groups: readonly GroupRow[],
): readonly PanelEntry[] {
  if (groups.length === 0) return entries;
  const changed = new Map<GroupId, GroupRow>(groups.map((group) => [group.id, group]));
  let next: PanelEntry[] | null = null;
  entries.forEach((entry, index) => {
    const group = entry.type === 'group' ? changed.get(entry.group.id) : undefined;
    if (entry.type !== 'group' || group === undefined) return;
    if (isSame(entry.group, group)) return;
    next ??= [...entries];
    next[index] = { ...entry, group };
  });
  return next ?? entries;
}

/** A fetched page whose entries are the old objects where nothing changed. */
export function withKept(
  fetched: readonly PanelEntry[],
  before: readonly PanelEntry[],
): readonly PanelEntry[] {
  const old = new Map(before.map((entry) => [entryKey(entry), entry]));
  return fetched.map((entry) => {
    const known = old.get(entryKey(entry));
    if (known === undefined) return entry;
    if (entry.type === 'row' && known.type === 'row') {
      const row = notLess(entry.row, known.row);
      if (entry.inGroup !== known.inGroup) return { ...entry, row };
      return isSame(row, known.row) ? known : { ...entry, row };
    }
    if (entry.type === 'group' && known.type === 'group') {
      return entry.open === known.open && isSame(entry.group, known.group)
        ? known
        : entry;
    }
    return entry;
  });
}

function notLess(row: TransferRow, known: TransferRow): TransferRow {
  const same = row.state === 'running' && known.state === 'running';
  return same && row.bytesDone < known.bytesDone
    ? { ...row, bytesDone: known.bytesDone }
    : row;
}

/** Whether two records of one schema are equal, what they hold included. */
function isSame<T extends object>(a: T, b: T): boolean {
  return (Object.keys(a) as (keyof T)[]).every((key) => {
    const [one, other] = [a[key], b[key]];
    if (typeof one !== 'object' || one === null) return one === other;
    return JSON.stringify(one) === JSON.stringify(other);
  });
}
