import type { ConnectionId } from '../../../../shared/domain/ids.ts';
import { formatS3Path } from '../../../../shared/domain/remote-path.ts';
import { addressProblemText } from '../../../../shared/messages/endpoint.en.ts';
import { useServices } from '../../../app/services.ts';
import { NameDialog } from './name-dialog.tsx';

/** Goes to a typed place; works before and without any listing. */
export function GoToFolderDialog(props: {
  readonly connectionId: ConnectionId;
  readonly onClose: () => void;
}) {
  const { navigation, pane, focus } = useServices();
  const { location } = pane.store.getState();
  const initial =
    location === null || location.bucket === null
      ? ''
      : formatS3Path({ bucket: location.bucket, key: location.prefix });
  return (
    <NameDialog
      title="Go to Folder"
      label="Folder"
      initial={initial}
      placeholder="s3://bucket/folder/"
      confirm="Go"
      code
      problem={(text) => (text.trim() === '' ? addressProblemText('empty') : null)}
      hint={() =>
        'A path such as /bucket/folder/, an s3:// path, or a URL of this server.'
      }
      onConfirm={async (text) => {
        const reason = await navigation.goToAddress(text, props.connectionId);
        if (reason !== null) return addressProblemText(reason);
        focus.to('list');
        return undefined;
      }}
      onClose={props.onClose}
    />
  );
}
