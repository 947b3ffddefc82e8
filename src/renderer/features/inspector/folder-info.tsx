import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { useServices } from '../../app/services.ts';
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
  const { api } = useServices();
  const root = prefix === '';
  return (
    <>
      {!root && (
        <Facts>
          <Fact label="Bucket" value={bucket} />
          <Fact label="Prefix" value={prefix} code copy />
        </Facts>
      )}
      <CountSection
        connectionId={connectionId}
        bucket={bucket}
        items={async () => {
          if (!root) return [{ key: prefix, folder: true }];
          // A bucket has no prefix to count: count what lies at its top, page by page.
          const items: { key: string; folder: boolean }[] = [];
          let cursor: string | null = null;
          do {
            const page = await api.browse.list({
              connectionId,
              bucket,
              prefix: '',
              cursor,
              fresh: false,
              taskId: crypto.randomUUID(),
            });
            for (const key of page.prefixes) items.push({ key, folder: true });
            for (const key of page.keys) items.push({ key, folder: false });
            ({ cursor } = page);
          } while (cursor !== null);
          return items;
        }}
      />
      <Addresses connectionId={connectionId} bucket={bucket} objectKey={prefix} />
    </>
  );
}
