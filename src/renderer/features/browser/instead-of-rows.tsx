import { FolderOpen, LockKeyhole, PackageOpen, SearchX } from 'lucide-react';
import { useStore } from 'zustand';
import type { CommandId } from '../../../shared/commands/commands.ts';
import { useServices } from '../../app/services.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Spinner } from '../../components/spinner.tsx';
import { ErrorNotice } from './error-notice.tsx';

/** What fills the list when it has no rows: loading, an error, or nothing there. */
export function InsteadOfRows() {
  const { pane, format } = useServices();
  const phase = useStore(pane.store, (state) => state.phase);
  const error = useStore(pane.store, (state) => state.error);
  const filter = useStore(pane.store, (state) => state.filter.text);
  const buckets = useStore(pane.store, (state) => state.location?.bucket === null);
  const listed = useStore(pane.store, (state) => state.bucketsListed);
  const excluded = useStore(pane.store, (state) => state.model?.excluded ?? 0);

  if (phase === 'failed' && error) {
    const denied = error.code === 'access.denied';
    return (
      <ErrorNotice
        error={error}
        actions={
          <>
            {denied && <Act id="browse.addBucket" />}
            {(denied || error.code === 'bucket.not-found') && <Act id="go.folder" />}
            <Act id="view.refresh" label="Try Again" primary />
          </>
        }
      />
    );
  }
  if (phase === 'loading') return <Spinner size={24} label="Listing" />;
  if (filter !== '') {
    return (
      <EmptyState
        icon={<SearchX size={40} strokeWidth={1.4} />}
        title={`No name contains “${filter}”`}
        actions={
          <Button onClick={() => pane.setFilter({ text: '' })}>Clear Filter</Button>
        }
      />
    );
  }
  if (excluded > 0) {
    return (
      <EmptyState
        icon={<FolderOpen size={40} strokeWidth={1.4} />}
        title={
          excluded === 1 ? 'One hidden item' : `${format.count(excluded)} hidden items`
        }
        actions={<Act id="view.hidden" />}
      >
        Everything in this folder has a name that starts with a dot.
      </EmptyState>
    );
  }
  if (buckets && !listed) {
    return (
      <EmptyState
        icon={<LockKeyhole size={40} strokeWidth={1.4} />}
        title="These keys may not list buckets"
        actions={
          <>
            <Act id="go.folder" />
            <Act id="browse.addBucket" primary />
          </>
        }
      >
        That is common for keys made for one bucket or folder. Add the bucket by its name,
        or go straight to a folder.
      </EmptyState>
    );
  }
  if (buckets) {
    return (
      <EmptyState
        icon={<PackageOpen size={40} strokeWidth={1.4} />}
        title="No buckets yet"
        actions={
          <>
            <Act id="browse.addBucket" />
            <Act id="browse.newBucket" primary />
          </>
        }
      >
        A bucket holds your files and folders. Make one to start with.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<FolderOpen size={40} strokeWidth={1.4} />}
      title="This folder is empty"
      actions={<Act id="transfer.uploadFiles" />}
    >
      Drop files or folders here to upload them.
    </EmptyState>
  );
}

function Act(props: {
  readonly id: CommandId;
  readonly label?: string;
  readonly primary?: boolean;
}) {
  const { commands } = useServices();
  return (
    <Button
      variant={props.primary === true ? 'primary' : 'default'}
      onClick={() => commands.run(props.id)}
    >
      {props.label ?? commands.spec(props.id).label}
    </Button>
  );
}
