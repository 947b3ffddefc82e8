import type { HistoryFilter } from '../../../shared/contract/receipts.ts';
import type { Receipt } from '../../../shared/domain/receipt.ts';
import { csvLine, csvTime } from '../../../shared/lib/csv.ts';
import { checkName } from '../../../shared/messages/integrity.en.ts';
import type { ReceiptStore } from '../database/receipt-store.ts';
import { writeLines } from '../files/write-lines.ts';

const HEADER = [
  'finished',
  'started',
  'kind',
  'bucket',
  'key',
  'local file',
  'bytes',
  'checked by',
  'checksums',
  'part size',
  'etag',
  'version',
  'file modified',
  'connection',
];

/** Writes receipts to a CSV file, oldest first. Returns how many. Throws `local.*`. */
export async function exportHistory(
  receipts: ReceiptStore,
  filter: HistoryFilter,
  path: string,
): Promise<number> {
  return (await writeLines(path, lines(receipts, filter))) - 1;
}

function* lines(receipts: ReceiptStore, filter: HistoryFilter): Generator<string> {
  yield csvLine(HEADER);
  for (const page of receipts.walk(filter)) {
    for (const receipt of page) yield lineOf(receipt);
  }
}

function lineOf(receipt: Receipt): string {
  return csvLine([
    csvTime(receipt.finishedAt),
    csvTime(receipt.startedAt),
    receipt.kind,
    receipt.bucket,
    receipt.key,
    receipt.localPath,
    receipt.size,
    checkName(receipt.integrity),
    receipt.checksums,
    receipt.partSize === 0 ? null : receipt.partSize,
    receipt.etag,
    receipt.versionId,
    csvTime(receipt.modified),
    receipt.connectionId,
  ]);
}
