import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { useServices } from '../../app/services.ts';
import { itemsOfBucket } from '../browser/actions/items-of-bucket.ts';
import { CountSection } from './count-section.tsx';
import { Addresses, Fact, Facts } from './parts.tsx';

/** All about a folder, or about a bucket one is in. Its size is counted when asked for. */
export function FolderInfo({
  connectionId,
  bucket,
  prefix,
}: {
  readonly connectionId: ConnectionId;
  readonly bucket: string;
  readonly prefix: string;
}) {
  const { api, newTaskId } = useServices();
  const root = prefix === '';
  return (
    <>
      {!root && (
        <Facts>
          <Fact label="Bucket" value={bucket} />
          <Fact label="Prefix" value={prefix} code copy wide />
        </Facts>
      )}
      <CountSection
        connectionId={connectionId}
        bucket={bucket}
        items={async () =>
          root
            ? itemsOfBucket(api, connectionId, bucket, newTaskId)
            : [{ key: prefix, folder: true }]
        }
      />
      <Addresses connectionId={connectionId} bucket={bucket} objectKey={prefix} />
    </>
  );
}
