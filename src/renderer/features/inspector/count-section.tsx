import type { ConnectionId } from '../../../shared/domain/ids.ts';
import type { RemoteItem } from '../../../shared/domain/listing.ts';
import { serializeError } from '../../../shared/errors/error.ts';
import { errorText } from '../../../shared/messages/errors.en.ts';
import { useServices } from '../../app/services.ts';
import { Button } from '../../components/button.tsx';
import styles from './inspector.module.css';
import { Fact, Facts } from './parts.tsx';
import { useCount } from './use-count.ts';

/** Counts what lies under items when asked to. */
export function CountSection({
  connectionId,
  bucket,
  items,
}: {
  readonly connectionId: ConnectionId;
  readonly bucket: string;
  readonly items: () => Promise<readonly RemoteItem[]>;
}) {
  const { format, reportError } = useServices();
  const { state, start, cancel } = useCount();
  const counting = state.phase === 'counting';
  const known = state.phase !== 'idle';
  const more = known && !state.complete ? ' at least' : '';
  async function begin(): Promise<void> {
    const list = await items();
    if (list.length > 0) start(connectionId, bucket, list);
  }

  function calculate(): void {
    begin().catch(reportError);
  }
  return (
    <div aria-live="polite" aria-busy={counting}>
      <Facts title="Contents">
        <Fact
          label="Objects"
          value={known ? `${format.count(state.objects)}${more}` : 'Not counted'}
        />
        <Fact
          label="Total size"
          value={known ? `${format.bytes(state.bytes)}${more}` : null}
        />
      </Facts>
      {state.error !== null && (
        <p className={styles.problem}>{errorText(serializeError(state.error)).title}</p>
      )}
      <div className={styles.action}>
        {counting ? (
          <Button onClick={cancel}>Stop Counting</Button>
        ) : (
          <Button onClick={calculate}>{known ? 'Count Again' : 'Calculate Size'}</Button>
        )}
      </div>
    </div>
  );
}
