import type { ConnectionId } from '../../../../shared/domain/ids.ts';
import { useServices } from '../../../app/services.ts';
import { displayName } from '../model/display-name.ts';
import { NameDialog } from './name-dialog.tsx';
import { newFolderProblem } from './names.ts';

/** Makes a folder: an empty object whose key ends in a slash. */
export function NewFolderDialog(props: {
  readonly connectionId: ConnectionId;
  readonly bucket: string;
  readonly prefix: string;
  readonly onClose: () => void;
}) {
  const { api, pane } = useServices();
  const { connectionId, bucket, prefix } = props;
  return (
    <NameDialog
      title="New Folder"
      description={`In ${displayName(`${bucket}/${prefix}`)}`}
      label="Name"
      confirm="Create"
      problem={(name) => newFolderProblem(prefix, name)}
      hint={(name) =>
        name.replace(/\/+$/, '').includes('/')
          ? 'The slash makes folders within folders.'
          : undefined
      }
      onConfirm={async (name) => {
        const key = `${prefix}${name.endsWith('/') ? name : `${name}/`}`;
        await api.browse.createFolder({ connectionId, bucket, key });
        const first = key.slice(prefix.length).indexOf('/') + 1;
        pane.refresh({ select: [key.slice(0, prefix.length + first)] });
      }}
      onClose={props.onClose}
    />
  );
}
