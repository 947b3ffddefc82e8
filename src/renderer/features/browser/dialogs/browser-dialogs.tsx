import { assertNever } from '../../../../shared/lib/assert-never.ts';
import type { DialogRequest } from '../../../stores/dialogs.ts';
import { AddBucketDialog } from './add-bucket-dialog.tsx';
import { DeleteBucketDialog } from './delete-bucket-dialog.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { GoToFolderDialog } from './go-to-folder-dialog.tsx';
import { MoveDialog } from './move-dialog.tsx';
import { NewBucketDialog } from './new-bucket-dialog.tsx';
import { NewFolderDialog } from './new-folder-dialog.tsx';
import { RenameDialog } from './rename-dialog.tsx';

/** The requests this feature answers. */
export type BrowserDialogRequest = Exclude<
  DialogRequest,
  {
    readonly kind:
      | 'bookmark'
      | 'quick-connect'
      | 'preferences'
      | 'shortcuts'
      | 'start-transfer'
      | 'verify'
      | 'aspect'
      | 'aspect-many'
      | 'links';
  }
>;

/** Shows the browser's dialogs. */
export function BrowserDialogs(props: {
  readonly request: BrowserDialogRequest;
  readonly onClose: () => void;
}) {
  const { request, onClose } = props;
  switch (request.kind) {
    case 'new-folder':
      return <NewFolderDialog {...request} onClose={onClose} />;
    case 'new-bucket':
      return <NewBucketDialog {...request} onClose={onClose} />;
    case 'add-bucket':
      return <AddBucketDialog {...request} onClose={onClose} />;
    case 'go-to-folder':
      return <GoToFolderDialog {...request} onClose={onClose} />;
    case 'rename':
      return <RenameDialog {...request} onClose={onClose} />;
    case 'delete':
      return <DeleteDialog {...request} onClose={onClose} />;
    case 'delete-bucket':
      return <DeleteBucketDialog {...request} onClose={onClose} />;
    case 'move':
      return <MoveDialog {...request} onClose={onClose} />;
    default:
      return assertNever(request);
  }
}
