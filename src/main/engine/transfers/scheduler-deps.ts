import type { ConnectionId } from '../../../shared/domain/ids.ts';
import type { Bandwidth } from '../bandwidth/bandwidth.ts';
import type { CopyStore } from '../database/copy-store.ts';
import type { EditStore } from '../database/edit-store.ts';
import type { GroupStore } from '../database/group-store.ts';
import type { PartStore } from '../database/part-store.ts';
import type { ReceiptStore } from '../database/receipt-store.ts';
import type { StoredTransfer } from '../database/stored-transfer.ts';
import type { TransferStore } from '../database/transfer-store.ts';
import type { NameRules } from '../files/safe-name.ts';
import type { ConnectionRegistry } from '../s3/s3-connection.ts';
import type { Clock } from './clock.ts';
import type { CredentialHold } from './credential-hold.ts';
import type { ExistingKeys } from './existing-keys.ts';
import type { RequestGate } from './request-gate.ts';
import type { CopyLimits } from './run-copy.ts';

/** How much at once. */
export interface TransferLimits {
  readonly maxTransfers: number;
  readonly partsPerTransfer: number;
  /** Small files may be so many, where that is more; default: as all transfers. */
  readonly smallTransfers?: number | undefined;
  /** Requests at once over one connection. */
  readonly requestsPerConnection?: number;
}

/** What scheduling needs. */
export interface SchedulerDeps {
  readonly store: TransferStore;
  readonly groups: GroupStore;
  readonly parts: PartStore;
  readonly copies: CopyStore;
  readonly edits: EditStore;
  readonly copyLimits: CopyLimits;
  readonly receipts: ReceiptStore;
  readonly registry: ConnectionRegistry;
  readonly gateOf: (connectionId: ConnectionId) => RequestGate;
  readonly existing: ExistingKeys;
  /** Connections whose keys were refused. */
  readonly hold: CredentialHold;
  readonly rules: NameRules;
  readonly clock: Clock;
  readonly random: () => number;
  /** Called after a row came to rest. */
  readonly onSettled: (row: StoredTransfer) => void;
  /** Called when a row was cancelled in mid-run and its task is over. */
  readonly onCancelled: (row: StoredTransfer) => void;
  /** Bandwidth limits; default: none. */
  readonly bandwidth?: Pick<Bandwidth, 'of'> | undefined;
  /** While there is no network, a server far away is tried after so long. Default: 30 s. */
  readonly offlineProbeMs?: number | undefined;
  readonly log: (message: string, details: Record<string, unknown>) => void;
}
