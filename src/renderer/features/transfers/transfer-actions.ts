import type { TransferId } from '../../../shared/domain/ids.ts';
import type { TransferRow } from '../../../shared/domain/transfer.ts';
import type { Api } from '../../bridge/api.ts';
import type { MenuEntry } from '../../components/menu-entries.tsx';

/** What can be done to a transfer. */
export type TransferVerb = 'pause' | 'resume' | 'cancel' | 'retry' | 'clear' | 'reveal';

const LABELS: Readonly<Record<TransferVerb, string>> = {
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel',
  retry: 'Try Again',
  clear: 'Remove from List',
  reveal: 'Show in Folder',
};

/** Acting on rows of the panel. */
export interface TransferActions {
  readonly run: (verb: TransferVerb, ids: readonly TransferId[]) => void;
  /** The context menu of some rows. */
  readonly menu: (rows: readonly TransferRow[]) => readonly MenuEntry[];
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
      verbs.push('retry', 'cancel', 'clear');
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

/** What may be done to at least one of several rows, in the usual order. */
export function verbsForAll(rows: readonly TransferRow[]): readonly TransferVerb[] {
  const all = new Set(rows.flatMap((row) => verbsFor(row)));
  const order = Object.keys(LABELS) as TransferVerb[];
  return order.filter(
    (verb) => all.has(verb) && (verb !== 'reveal' || rows.length === 1),
  );
}

/** The words of a verb. */
export function verbLabel(verb: TransferVerb): string {
  return LABELS[verb];
}

/** Makes the actions of the panel. */
export function createTransferActions(
  api: Api,
  onError: (error: unknown) => void,
): TransferActions {
  async function perform(verb: TransferVerb, ids: readonly TransferId[]): Promise<void> {
    const first = ids[0];
    if (first === undefined) return;
    if (verb === 'reveal') await api.transfers.reveal({ id: first });
    else await api.transfers[verb]({ ids: [...ids] });
  }
  const run: TransferActions['run'] = (verb, ids) => {
    perform(verb, ids).catch(onError);
  };
  return {
    run,
    menu: (rows) =>
      verbsForAll(rows).map((verb) => ({
        kind: 'item',
        id: verb,
        label: verbLabel(verb),
        danger: verb === 'cancel',
        onSelect: () => {
          const able = rows.filter((row) => verbsFor(row).includes(verb));
          run(
            verb,
            able.map((row) => row.id),
          );
        },
      })),
  };
}
