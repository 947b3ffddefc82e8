import type { Receipt } from '../domain/receipt.ts';
import { csvTime } from '../lib/csv.ts';

/** Plain words for each way of checking, by the names in `TransferRow.integrity`. */
const CHECKS: Readonly<Record<string, string>> = {
  md5: 'MD5 of the whole file',
  etag: 'MD5 of each part',
  crc32: 'CRC32',
  crc32c: 'CRC32C',
  crc64nvme: 'CRC64NVME of the whole file',
  sha1: 'SHA-1',
  sha256: 'SHA-256',
  receipt: 'the receipt of its transfer',
};

/** How a file was checked, for a cell: `MD5 of each part`; empty: nothing to say. */
export function checkName(integrity: string): string {
  return CHECKS[integrity] ?? (integrity === 'size' ? 'size only' : '');
}

/** The same with room for a sentence, after the word “Checked”. */
export function checkDetail(integrity: string): string {
  return integrity === 'size'
    ? 'by size only: this server offers nothing more'
    : checkName(integrity);
}

/** A receipt as lines of text, for the clipboard. */
export function receiptText(receipt: Receipt): string {
  const lines: readonly (readonly [string, string])[] = [
    ['Kind', receipt.kind],
    ['Object', `s3://${receipt.bucket}/${receipt.key}`],
    ['Local file', receipt.localPath ?? ''],
    ['Size', `${receipt.size} bytes`],
    ['File modified', csvTime(receipt.modified)],
    ['Checked by', checkName(receipt.integrity)],
    ['Checksums', receipt.checksums],
    ['Part size', receipt.partSize === 0 ? '' : `${receipt.partSize} bytes`],
    ['ETag', receipt.etag],
    ['Version', receipt.versionId ?? ''],
    ['Started', csvTime(receipt.startedAt)],
    ['Finished', csvTime(receipt.finishedAt)],
  ];
  return lines
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}
