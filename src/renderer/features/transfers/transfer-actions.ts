import type { PanelPlace } from '../../../shared/contract/panel.ts';
import type { GroupId, TransferId } from '../../../shared/domain/ids.ts';
import type { GroupRow, PanelEntry } from '../../../shared/domain/panel.ts';
import type { TransferRow } from '../../../shared/domain/transfer.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { Api } from '../../bridge/api.ts';
import type { MenuEntry } from '../../components/menu-entries.tsx';
import { openIn } from './describe-group.ts';

/** What can be done to a transfer or a group. */
export type TransferVerb = 'pause' | 'resume' | 'cancel' | 'retry' | 'clear' | 'reveal';

const LABELS: Readonly<Record<TransferVerb, string>> = {
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel',
  retry: 'Try Again',
  clear: 'Remove from List',
  reveal: 'Show in Folder',
};

/** Transfers, and whole groups. */
export interface Targets {
  readonly ids: readonly TransferId[];
  readonly groupIds: readonly GroupId[];
}

/** Acting on entries of the panel. */
export interface TransferActions {
  readonly run: (verb: TransferVerb, targets: Targets) => void;
  /** Runs the verb on those of the entries that allow it. */
  readonly runOn: (verb: TransferVerb, entries: readonly PanelEntry[]) => void;
  readonly move: (entries: readonly PanelEntry[], place: PanelPlace) => void;
  /** The context menu of some entries. */
  readonly menu: (
    entries: readonly PanelEntry[],
    onDetails: (row: TransferRow) => void,
  ) => readonly MenuEntry[];
}

/** What may be done to a row in its state. */
export function verbsFor(row: TransferRow): readonly TransferVerb[] {
  const verbs: TransferVerb[] = [];
  switch (row.state) {
    case 'queued':
    case 'running':
      verbs.push('pause', 'cancel');
      break;
    case 'waiting':
      verbs.push('pause', 'cancel');
      // The keys may have been mended on the server, where nothing tells us.
      if (row.waitReason === 'credentials' && row.error !== null) verbs.push('retry');
      break;
    case 'paused':
      verbs.push('resume', 'cancel');
      break;
    case 'failed':
      verbs.push('retry', 'clear');
      break;
    case 'cancelled':
    case 'skipped':
    case 'done':
      verbs.push('clear');
      break;
  }
  const local = row.localPath !== null;
  if (
    local &&
    (row.kind === 'upload' || (row.kind === 'download' && row.state === 'done'))
  ) {
    verbs.push('reveal');
  }
  return verbs;
}

/** What may be done to a group as a whole. */
export function verbsForGroup(group: GroupRow): readonly TransferVerb[] {
  const verbs: TransferVerb[] = [];
  const open = openIn(group);
  if (open > group.paused || (group.planning && group.paused === 0)) verbs.push('pause');
  if (group.paused > 0) verbs.push('resume');
  if (open > 0 || group.planning) verbs.push('cancel');
  if (group.failed > 0) verbs.push('retry');
  if (open === 0 && !group.planning) verbs.push('clear');
  return verbs;
}

/** What may be done to an entry. */
export function verbsForEntry(entry: PanelEntry): readonly TransferVerb[] {
  switch (entry.type) {
    case 'day':
      return [];
    case 'group':
      return verbsForGroup(entry.group);
    case 'row':
      return verbsFor(entry.row);
    default:
      return assertNever(entry);
  }
}

/** What may be done to at least one of several entries, in the usual order. */
export function verbsForAll(entries: readonly PanelEntry[]): readonly TransferVerb[] {
  const all = new Set(entries.flatMap((entry) => verbsForEntry(entry)));
  const order = Object.keys(LABELS) as TransferVerb[];
  return order.filter(
    (verb) => all.has(verb) && (verb !== 'reveal' || entries.length === 1),
  );
}

/** Whether an entry waits for its turn, and can be given another. */
export function isMovable(entry: PanelEntry): boolean {
  if (entry.type === 'row') {
    return ['queued', 'waiting', 'paused'].includes(entry.row.state);
  }
  if (entry.type === 'day') return false;
  const { queued, waiting, paused } = entry.group;
  return queued + waiting + paused > 0;
}

/** The words of a verb. */
export function verbLabel(verb: TransferVerb): string {
  return LABELS[verb];
}

/** Transfers and groups among entries. */
export function targetsOf(entries: readonly PanelEntry[]): Targets {
  return {
    ids: entries.flatMap((entry) => (entry.type === 'row' ? entry.row.id : [])),
    groupIds: entries.flatMap((entry) => (entry.type === 'group' ? entry.group.id : [])),
  };
}

/** Makes the actions of the panel. */
export function createTransferActions(
  api: Api,
  onError: (error: unknown) => void,
): TransferActions {
  async function perform(verb: TransferVerb, { ids, groupIds }: Targets): Promise<void> {
    const [first] = ids;
    if (ids.length + groupIds.length === 0) return;
    if (verb === 'reveal') {
      if (first !== undefined) await api.transfers.reveal({ id: first });
      return;
    }
    await api.transfers[verb]({
      ids: [...ids],
      ...(groupIds.length > 0 ? { groupIds: [...groupIds] } : {}),
    });
  }
  const run: TransferActions['run'] = (verb, targets) => {
    perform(verb, targets).catch(onError);
  };
  const runOn: TransferActions['runOn'] = (verb, entries) => {
    run(verb, targetsOf(entries.filter((entry) => verbsForEntry(entry).includes(verb))));
  };
  const move: TransferActions['move'] = (entries, place) => {
    const { ids, groupIds } = targetsOf(entries.filter(isMovable));
    if (ids.length + groupIds.length === 0) return;
    api.panel.reorder({ ids: [...ids], groupIds: [...groupIds], place }).catch(onError);
  };
  return {
    run,
    runOn,
    move,
    menu: (entries, onDetails) => {
      const only = entries.length === 1 ? entries[0] : undefined;
      const items: MenuEntry[] = verbsForAll(entries).map((verb) => ({
        kind: 'item',
        id: verb,
        label: verbLabel(verb),
        danger: verb === 'cancel',
        onSelect: () => runOn(verb, entries),
      }));
      if (entries.some(isMovable)) {
        items.push(
          { kind: 'separator', id: 'order' },
          {
            kind: 'item',
            id: 'next',
            label: 'Transfer Next',
            onSelect: () => move(entries, { type: 'first' }),
          },
          {
            kind: 'item',
            id: 'last',
            label: 'Transfer Last',
            onSelect: () => move(entries, { type: 'last' }),
          },
        );
      }
      if (only?.type === 'row') {
        items.push(
          { kind: 'separator', id: 'about' },
          {
            kind: 'item',
            id: 'details',
            label: 'Details…',
            onSelect: () => onDetails(only.row),
          },
        );
      }
      return items;
    },
  };
}
