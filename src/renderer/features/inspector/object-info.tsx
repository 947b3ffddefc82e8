import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { serializeError } from '../../../shared/errors/error.ts';
import { errorText } from '../../../shared/messages/errors.en.ts';
import { useServices } from '../../app/services.ts';
import { Banner } from '../../components/banner.tsx';
import { Spinner } from '../../components/spinner.tsx';
import type { Row } from '../browser/model/columns.ts';
import styles from './inspector.module.css';
import { Addresses, Fact, Facts } from './parts.tsx';
import { useLoaded } from './use-loaded.ts';

/** All about one object: what the list knows at once, what HEAD tells a moment later. */
export function ObjectInfo({
  connectionId,
  bucket,
  row,
}: {
  readonly connectionId: ConnectionId;
  readonly bucket: string;
  readonly row: Row;
}) {
  const { api, format } = useServices();
  const { value, error, loading } = useLoaded(
    () => api.browse.details({ connectionId, bucket, key: row.key }),
    // The size and time too: after an upload over it the same key has new details.
    JSON.stringify([connectionId, bucket, row.key, row.size, row.modified]),
  );
  const size = value?.size ?? row.size;
  const modified = value?.modified ?? row.modified;
  const text = error === null ? null : errorText(serializeError(error));
  return (
    <>
      {text !== null && (
        <div className={styles.banner}>
          <Banner tone="warning" title="No details">
            {error?.code === 'access.denied'
              ? 'These keys may list this object but not read it, so the server does not tell its headers and metadata.'
              : `${text.title}. ${text.explanation}`}
          </Banner>
        </div>
      )}
      <Facts>
        <Fact
          label="Size"
          value={
            size === null
              ? null
              : size < 1_000
                ? format.bytesExact(size)
                : `${format.bytes(size)} (${format.bytesExact(size)})`
          }
        />
        <Fact
          label="Modified"
          value={modified === null ? null : format.date(modified)}
          {...(modified === null ? {} : { title: new Date(modified).toISOString() })}
        />
        <Fact
          label="Storage class"
          value={value?.storageClass ?? row.storageClass ?? null}
        />
        <Fact label="ETag" value={value?.etag ?? null} code copy />
        <Fact label="Version" value={value?.versionId ?? null} code copy />
        <Fact label="Encryption" value={value?.encryption ?? null} />
        <Fact label="Bucket" value={bucket} />
        <Fact label="Key" value={row.key} code copy wide />
      </Facts>
      {loading && (
        <div className={styles.loading}>
          <Spinner label="Loading details" />
        </div>
      )}
      {value !== null && value.checksums.length > 0 && (
        <Facts title="Checksums">
          {value.checksums.map((sum) => (
            <Fact key={sum.name} label={sum.name} value={sum.value} code copy />
          ))}
        </Facts>
      )}
      <Addresses connectionId={connectionId} bucket={bucket} objectKey={row.key} />
    </>
  );
}
