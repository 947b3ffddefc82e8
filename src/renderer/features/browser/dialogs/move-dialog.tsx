import type { ConnectionId } from '../../../../shared/domain/ids.ts';
import type { RemoteItem } from '../../../../shared/domain/listing.ts';
import { baseName } from '../../../../shared/domain/remote-path.ts';
import { useServices } from '../../../app/services.ts';
import { AlertDialog } from '../../../components/alert-dialog.tsx';
import { ITEMS_PER_REQUEST, inChunks } from '../actions/items.ts';
import { displayName } from '../model/display-name.ts';
import styles from './dialogs.module.css';
import { utf8Length } from './names.ts';
import { useTask } from './use-task.ts';

/** Asks before moving items into a folder. */
export function MoveDialog(props: {
  readonly connectionId: ConnectionId;
  readonly bucket: string;
  readonly prefix: string;
  readonly items: readonly RemoteItem[];
  readonly targetPrefix: string;
  readonly onClose: () => void;
}) {
  const { api, format, pane } = useServices();
  const { connectionId, bucket, prefix, items, targetPrefix } = props;
  const task = useTask();
  const only = items[0];
  const what =
    items.length === 1 && only
      ? `“${displayName(baseName(only.key))}”`
      : `${format.count(items.length)} items`;
  const targets = items.map((item) => ({
    item,
    targetKey: targetPrefix + item.key.slice(prefix.length),
  }));
  const tooLong = targets.some(({ targetKey }) => utf8Length(targetKey) > 1_024);

  function confirm(): void {
    task.run(async () => {
      for (const chunk of inChunks(targets, ITEMS_PER_REQUEST)) {
        await api.transfers.move({
          connectionId,
          bucket,
          items: [...chunk],
          targetConnectionId: connectionId,
          targetBucket: bucket,
          conflict: 'ask',
        });
      }
      pane.select({ kind: 'none' });
      props.onClose();
    });
  }

  return (
    <AlertDialog
      open
      title={`Move ${what} to “${displayName(targetPrefix === '' ? bucket : baseName(targetPrefix))}”?`}
      onCancel={props.onClose}
      actions={
        tooLong
          ? []
          : [{ label: 'Move', variant: 'primary', onSelect: confirm, busy: task.busy }]
      }
    >
      <p>
        {tooLong
          ? 'A path would be longer than the 1,024 bytes S3 allows.'
          : 'The server copies each object to its new place and then removes the old one.'}
      </p>
      {task.problem !== undefined && (
        <p role="alert" className={styles.problem}>
          {task.problem}
        </p>
      )}
    </AlertDialog>
  );
}
