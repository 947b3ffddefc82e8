import type { TransferId } from '../../../shared/domain/ids.ts';
import type { Receipt } from '../../../shared/domain/receipt.ts';
import type { ReceiptStore } from '../database/receipt-store.ts';
import type { StoredTransfer } from '../database/stored-transfer.ts';
import { type Fingerprint, modifiedMs } from '../files/fingerprint.ts';

/** What a runner notes for the receipt as it gets to know it; the row has the rest. */
export interface ReceiptDraft {
  readonly startedAt: number;
  etag?: string;
  versionId?: string | null;
  checksums?: string;
  partSize?: number;
  /** Of the local file, ms since 1970. */
  modified?: number | null;
}

/** Notes what an upload made of a file. */
export function noteUpload(
  draft: ReceiptDraft,
  source: Fingerprint,
  stored: {
    readonly etag: string;
    readonly versionId?: string | null;
    readonly checksums?: string | undefined;
  },
  partSize = 0,
): void {
  draft.etag = stored.etag;
  draft.versionId = stored.versionId ?? null;
  draft.checksums = stored.checksums ?? '';
  draft.partSize = partSize;
  draft.modified = modifiedMs(source);
}

/** Writes the receipt of a row that is done. */
export function writeReceipt(
  receipts: ReceiptStore,
  row: StoredTransfer,
  draft: ReceiptDraft,
): void {
  receipts.add(row.id satisfies TransferId, toReceipt(row, draft));
}

function toReceipt(row: StoredTransfer, draft: ReceiptDraft): Receipt {
  const server = row.kind === 'copy' || row.kind === 'move';
  return {
    kind: row.kind,
    connectionId: row.connectionId,
    bucket: (server ? row.targetBucket : null) ?? row.bucket,
    key: server ? (row.targetKey ?? row.key) : editedKey(row),
    localPath: row.localPath,
    size: row.bytesTotal ?? row.bytesDone,
    modified: draft.modified ?? null,
    integrity: row.integrity,
    checksums: draft.checksums ?? '',
    partSize: draft.partSize ?? 0,
    etag: draft.etag ?? '',
    versionId: draft.versionId ?? null,
    startedAt: draft.startedAt,
    finishedAt: row.finishedAt ?? draft.startedAt,
  };
}

/** A row of a bulk change that stands for many objects: the folder of the first. */
function editedKey({ kind, key, targetKey }: StoredTransfer): string {
  const many = kind === 'edit' && targetKey !== null;
  return many ? key.slice(0, key.lastIndexOf('/') + 1) : key;
}
