import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { useServices } from '../../app/services.ts';
import type { Row } from '../browser/model/columns.ts';
import { Addresses, Fact, Facts } from './parts.tsx';

/** All about a bucket of the list. */
export function BucketInfo({
  connectionId,
  row,
}: {
  readonly connectionId: ConnectionId;
  readonly row: Row;
}) {
  const { format } = useServices();
  return (
    <>
      <Facts>
        <Fact
          label="Created"
          value={row.modified === null ? 'Not known' : format.date(row.modified)}
          {...(row.modified === null
            ? {}
            : { title: new Date(row.modified).toISOString() })}
        />
      </Facts>
      <Addresses connectionId={connectionId} bucket={row.key} objectKey="" />
    </>
  );
}
