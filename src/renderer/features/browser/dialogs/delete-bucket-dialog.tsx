import { useStore } from 'zustand';
import type { ConnectionId } from '../../../../shared/domain/ids.ts';
import { useServices } from '../../../app/services.ts';
import { AlertDialog } from '../../../components/alert-dialog.tsx';
import styles from './dialogs.module.css';
import { useTask } from './use-task.ts';

/** Asks before deleting a bucket, or taking one that was added by name off the list. */
export function DeleteBucketDialog(props: {
  readonly connectionId: ConnectionId;
  readonly bucket: string;
  readonly onClose: () => void;
}) {
  const { api, pane } = useServices();
  const { connectionId, bucket } = props;
  const task = useTask();
  const listed = useStore(pane.store, (state) => state.bucketsListed);

  function finish(work: () => Promise<void>): void {
    task.run(async () => {
      await work();
      pane.select({ kind: 'none' });
      pane.refresh();
      props.onClose();
    });
  }

  return (
    <AlertDialog
      open
      tone="danger"
      title={`Delete the bucket “${bucket}”?`}
      onCancel={props.onClose}
      actions={[
        ...(listed
          ? []
          : [
              {
                label: 'Take Off List',
                onSelect: () =>
                  finish(() => api.connections.forgetBucket({ connectionId, bucket })),
              },
            ]),
        {
          label: 'Delete Bucket',
          variant: 'danger',
          busy: task.busy,
          onSelect: () => finish(() => api.browse.deleteBucket({ connectionId, bucket })),
        },
      ]}
    >
      <p>Only an empty bucket can be deleted. This cannot be undone.</p>
      {task.problem !== undefined && (
        <p role="alert" className={styles.problem}>
          {task.problem}
        </p>
      )}
    </AlertDialog>
  );
}
