import type { TransferId } from '../../../shared/domain/ids.ts';
import type { TransferDetail } from '../../../shared/domain/panel.ts';
import type { PartStore } from '../database/part-store.ts';
import type { TransferStore } from '../database/transfer-store.ts';

/** What the journal knows of a transfer beyond its row; `null` when the row is gone. */
export function transferDetail(
  id: TransferId,
  store: TransferStore,
  parts: PartStore,
): TransferDetail | null {
  if (store.get(id) === undefined) return null;
  const upload = parts.upload(id);
  const download = parts.download(id);
  const partSize = upload?.partSize ?? download?.partSize ?? null;
  return {
    id,
    partSize,
    partCount:
      upload?.partCount ??
      (download === undefined || download.partSize === 0
        ? null
        : Math.max(1, Math.ceil(download.size / download.partSize))),
    partsDone: partSize === null ? 0 : parts.parts(id).length,
    uploadId: upload?.uploadId ?? '',
    etag: download?.etag ?? '',
    checksumAlgorithm: upload?.checksumAlgorithm ?? '',
    tempPath: download?.tempPath ?? '',
  };
}
