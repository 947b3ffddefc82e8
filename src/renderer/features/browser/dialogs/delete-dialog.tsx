/* oxlint-disable jsx-a11y/prefer-tag-over-role -- an output belongs to a form; this is a status */
import { useEffect } from 'react';
import type { ConnectionId } from '../../../../shared/domain/ids.ts';
import type { RemoteItem } from '../../../../shared/domain/listing.ts';
import { baseName } from '../../../../shared/domain/remote-path.ts';
import { serializeError } from '../../../../shared/errors/error.ts';
import { errorText } from '../../../../shared/messages/errors.en.ts';
import { useServices } from '../../../app/services.ts';
import { AlertDialog } from '../../../components/alert-dialog.tsx';
import { Spinner } from '../../../components/spinner.tsx';
import { useCount } from '../../inspector/use-count.ts';
import { ITEMS_PER_REQUEST, inChunks } from '../actions/items.ts';
import { displayName } from '../model/display-name.ts';
import styles from './dialogs.module.css';
import { useTask } from './use-task.ts';

/** Asks before deleting: counts what lies under folders and says that it is for good. */
export function DeleteDialog(props: {
  readonly connectionId: ConnectionId;
  readonly bucket: string;
  readonly items: readonly RemoteItem[];
  readonly onClose: () => void;
}) {
  const { api, format, pane } = useServices();
  const { connectionId, bucket, items } = props;
  const { state, start, cancel } = useCount();
  const task = useTask();
  const folders = items.filter((item) => item.folder).length;
  useEffect(() => {
    if (folders > 0) start(connectionId, bucket, items);
  }, [start, connectionId, bucket, items, folders]);

  const counting = state.phase === 'counting';
  const counted = state.phase === 'done' && state.complete;
  const only = items[0];
  const what =
    items.length === 1 && only
      ? `“${displayName(baseName(only.key))}”`
      : `${format.count(items.length)} items`;
  const objects = folders === 0 ? items.length : state.objects;
  const label =
    folders === 0 || counted
      ? `Delete ${format.count(objects)} ${objects === 1 ? 'Object' : 'Objects'}`
      : 'Delete All';

  function confirm(): void {
    task.run(async () => {
      for (const chunk of inChunks(items, ITEMS_PER_REQUEST)) {
        await api.transfers.remove({ connectionId, bucket, items: [...chunk] });
      }
      pane.select({ kind: 'none' });
      props.onClose();
    });
  }

  return (
    <AlertDialog
      open
      tone="danger"
      title={`Delete ${what}?`}
      onCancel={props.onClose}
      actions={[{ label, variant: 'danger', onSelect: confirm, busy: task.busy }]}
    >
      {folders > 0 && (
        <div className={styles.counting} role="status">
          {counting && <Spinner size={14} />}
          <span>
            {format.count(state.objects)} {state.objects === 1 ? 'object' : 'objects'},{' '}
            {format.bytes(state.bytes)}
            {counting && ' so far…'}
            {state.phase === 'cancelled' && ' and more: counting was stopped'}
            {state.phase === 'done' && !state.complete && ' and more'}
          </span>
          {counting && (
            <button type="button" className={styles.link} onClick={cancel}>
              Stop counting
            </button>
          )}
        </div>
      )}
      {state.error !== null && (
        <p className={styles.problem}>
          It could not be counted: {errorText(serializeError(state.error)).title}.
        </p>
      )}
      <p>
        {folders > 0
          ? 'Everything in the folder goes with it. This cannot be undone.'
          : 'This cannot be undone.'}
      </p>
      {task.problem !== undefined && (
        <p role="alert" className={styles.problem}>
          {task.problem}
        </p>
      )}
    </AlertDialog>
  );
}
