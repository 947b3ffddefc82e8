import type { ConnectionId } from '../../../../shared/domain/ids.ts';
import { splitRoot } from '../../../../shared/domain/remote-path.ts';
import { useServices } from '../../../app/services.ts';
import { NameDialog } from './name-dialog.tsx';

/** Adds a bucket the keys cannot list, and goes there. */
export function AddBucketDialog(props: {
  readonly connectionId: ConnectionId;
  readonly onClose: () => void;
}) {
  const { api, pane } = useServices();
  const { connectionId } = props;
  return (
    <NameDialog
      title="Add Bucket by Name"
      description="For keys that may use a bucket but not list all of them."
      label="Bucket"
      placeholder="bucket or bucket/folder/"
      confirm="Add"
      problem={(text) => {
        const { bucket } = splitRoot(text);
        if (bucket === '') return 'Enter the name of a bucket.';
        if (bucket.length > 255) return 'A bucket’s name has at most 255 characters.';
        return /\s/.test(bucket) ? 'A bucket’s name has no spaces.' : null;
      }}
      onConfirm={async (text) => {
        const { bucket, prefix } = splitRoot(text);
        await api.connections.addBucket({ connectionId, bucket });
        pane.navigate({ connectionId, bucket, prefix });
      }}
      onClose={props.onClose}
    />
  );
}
