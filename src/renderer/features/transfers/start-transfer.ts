import type { TransferPreview } from '../../../shared/contract/transfers.ts';
import type { ConnectionId, GroupId } from '../../../shared/domain/ids.ts';
import type { RemoteItem } from '../../../shared/domain/listing.ts';
import type { ConflictPolicy, HiddenFiles } from '../../../shared/domain/transfer.ts';
import type { Api } from '../../bridge/api.ts';
import type { Dialogs } from '../../stores/dialogs.ts';
import type { SettingsReplica } from '../../stores/settings.ts';
import type { Unfinished } from '../../stores/unfinished.ts';

/** An upload or a download that is about to start. */
export type TransferStart =
  | {
      readonly kind: 'upload';
      readonly connectionId: ConnectionId;
      readonly bucket: string;
      readonly prefix: string;
      readonly paths: readonly string[];
    }
  | {
      readonly kind: 'download';
      readonly connectionId: ConnectionId;
      readonly bucket: string;
      readonly basePrefix: string;
      readonly items: readonly RemoteItem[];
      readonly folder: string;
    };

/** Starts transfers, after a look at what is there already. */
export interface TransferStarter {
  /** Starts at once, or asks first what to do with what is there. */
  readonly start: (transfer: TransferStart) => Promise<void>;
  /** Starts at once. */
  readonly begin: (
    transfer: TransferStart,
    conflict: ConflictPolicy,
    hidden: HiddenFiles,
  ) => Promise<void>;
  /** Whether what an upload left out can still be uploaded. */
  readonly knowsHidden: (groupId: GroupId) => boolean;
  /** Uploads what an upload left out. */
  readonly uploadHidden: (groupId: GroupId) => Promise<void>;
}

/** Counting that takes longer is shown, ms: a window that flashes is worse than none. */
const PATIENCE_MS = 350;
/** Most items that are counted. */
const MOST_ITEMS = 100_000;
/** Uploads whose left out files can still be uploaded. */
const REMEMBERED = 50;

/** Makes the starter of a window. */
export function createTransferStarter(deps: {
  readonly api: Api;
  readonly dialogs: Dialogs;
  readonly settings: SettingsReplica;
  readonly unfinished: Unfinished;
  readonly later: (ms: number) => Promise<void>;
}): TransferStarter {
  const { api, dialogs, settings, unfinished } = deps;
  const uploads = new Map<GroupId, TransferStart>();

  function policy(kind: TransferStart['kind']): ConflictPolicy {
    const now = settings.store.getState().settings;
    return (kind === 'upload' ? now?.uploadConflict : now?.downloadConflict) ?? 'ask';
  }

  async function begin(
    transfer: TransferStart,
    conflict: ConflictPolicy,
    hidden: HiddenFiles,
  ): Promise<void> {
    if (transfer.kind === 'upload') {
      const { kind: _, paths, ...rest } = transfer;
      const request = { ...rest, paths: [...paths], conflict, hidden };
      const { groupId } = await api.transfers.upload(request);
      uploads.set(groupId, transfer);
      const oldest = uploads.keys().next().value;
      if (uploads.size > REMEMBERED && oldest !== undefined) uploads.delete(oldest);
    } else {
      const { kind: _, items, ...rest } = transfer;
      for (let from = 0; from < items.length; from += MOST_ITEMS) {
        const some = items.slice(from, from + MOST_ITEMS);
        await api.transfers.download({ ...rest, items: some, conflict });
      }
    }
    settings.change({ transfersVisible: true });
  }

  function preview(transfer: TransferStart): Promise<TransferPreview> {
    return transfer.kind === 'upload'
      ? api.transfers.preview({ ...transfer, paths: [...transfer.paths] })
      : api.transfers.preview({ ...transfer, items: [...transfer.items] });
  }

  async function start(transfer: TransferStart): Promise<void> {
    const conflict = policy(transfer.kind);
    const count = transfer.kind === 'upload' ? 0 : transfer.items.length;
    // Another dialog is not pushed aside; then every file asks for itself.
    const busy = dialogs.store.getState().open !== null;
    if (conflict !== 'ask' || busy || count > MOST_ITEMS) {
      await begin(transfer, conflict, 'leave-out');
      return;
    }
    // Whatever is wrong, the transfer itself says it better.
    const counting = preview(transfer).catch(() => null);
    const early = await Promise.race([
      counting,
      deps.later(PATIENCE_MS).then(() => 'late' as const),
    ]);
    if (early !== 'late' && !needsQuestion(early)) {
      await begin(transfer, 'ask', 'leave-out');
      return;
    }
    if (dialogs.store.getState().open !== null) {
      await begin(transfer, 'ask', 'leave-out');
      return;
    }
    dialogs.open({
      kind: 'start-transfer',
      transfer,
      counting: early === 'late' ? counting : Promise.resolve(early),
      preview: early === 'late' ? null : early,
    });
  }

  /** From here to the moment the queue has it, it is nowhere but in this window. */
  async function held(work: Promise<void>): Promise<void> {
    const release = unfinished.hold('start');
    try {
      await work;
    } finally {
      release();
    }
  }

  return {
    start: (transfer) => held(start(transfer)),
    begin: (transfer, conflict, hidden) => held(begin(transfer, conflict, hidden)),
    knowsHidden: (groupId) => uploads.has(groupId),
    uploadHidden: async (groupId) => {
      const transfer = uploads.get(groupId);
      if (transfer === undefined) return;
      uploads.delete(groupId);
      await held(begin(transfer, policy('upload'), 'only'));
    },
  };
}

/** One file alone asks by itself, with both sides to see. */
export function needsQuestion(preview: TransferPreview | null): boolean {
  return preview !== null && preview.conflicts > 0 && preview.files > 1;
}
