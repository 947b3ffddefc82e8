import type { ConnectionId } from '../../../../shared/domain/ids.ts';
import type { RemoteItem } from '../../../../shared/domain/listing.ts';
import { parentPrefix } from '../../../../shared/domain/remote-path.ts';
import { useServices } from '../../../app/services.ts';
import { toAppError } from '../../../bridge/api.ts';
import { NameDialog } from './name-dialog.tsx';
import { renameProblem, stemLength } from './names.ts';

/** Renames an object or a folder: a copy on the server, then a delete. */
export function RenameDialog(props: {
  readonly connectionId: ConnectionId;
  readonly bucket: string;
  readonly prefix: string;
  readonly item: RemoteItem;
  readonly onClose: () => void;
}) {
  const { api, newTaskId } = useServices();
  const { connectionId, bucket, item } = props;
  const home = parentPrefix(item.key);
  const old = item.folder ? item.key.slice(home.length, -1) : item.key.slice(home.length);

  /** Whether something of that name is there, object or folder. */
  async function isTaken(key: string): Promise<boolean> {
    try {
      await api.browse.details({ connectionId, bucket, key });
      return true;
    } catch (error) {
      const { code } = toAppError(error);
      // Without leave to read we cannot know; the server has the last word then.
      if (code !== 'object.not-found' && code !== 'access.denied') throw error;
    }
    if (!item.folder) return false;
    const page = await api.browse.list({
      connectionId,
      bucket,
      prefix: key,
      cursor: null,
      fresh: true,
      taskId: newTaskId(),
    });
    return page.keys.length + page.prefixes.length > 0;
  }

  return (
    <NameDialog
      title={item.folder ? 'Rename Folder' : 'Rename'}
      label="New name"
      initial={old}
      selected={stemLength(old, item.folder)}
      confirm="Rename"
      problem={(name) => renameProblem(home, name, item.folder)}
      hint={() =>
        item.folder
          ? 'Every object in the folder is copied on the server and then removed.'
          : undefined
      }
      onConfirm={async (name) => {
        if (name === old) return undefined;
        const targetKey = `${home}${name}${item.folder ? '/' : ''}`;
        if (await isTaken(targetKey)) {
          return `“${name}” exists already. Choose another name, or delete it first.`;
        }
        await api.transfers.move({
          connectionId,
          bucket,
          items: [{ item, targetKey }],
          targetConnectionId: connectionId,
          targetBucket: bucket,
          conflict: 'ask',
        });
        return undefined;
      }}
      onClose={props.onClose}
    />
  );
}
