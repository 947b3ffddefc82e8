import type { GroupFinished } from '../../../shared/contract/transfers.ts';
import type { Format } from '../../../shared/lib/format.ts';
import type { ToastMessage } from '../../components/toasts.ts';

const DONE: Readonly<Record<GroupFinished['kind'], string>> = {
  upload: 'Uploaded',
  download: 'Downloaded',
  delete: 'Deleted',
  move: 'Moved',
  copy: 'Copied',
  edit: 'Changed',
};

const FAILED: Readonly<Record<GroupFinished['kind'], string>> = {
  upload: 'could not be uploaded',
  download: 'could not be downloaded',
  delete: 'could not be deleted',
  move: 'could not be moved',
  copy: 'could not be copied',
  edit: 'could not be changed',
};

/** What to say when a group ends; `null` when the user ended it. */
export function groupFinishedToast(
  group: GroupFinished,
  format: Format,
): ToastMessage | null {
  const { done, failed, skipped, hidden, bytes, kind } = group;
  if (failed > 0) {
    return {
      tone: 'error',
      title: `${items(failed, format)} ${FAILED[kind]}`,
      description:
        done > 0
          ? `${items(done, format)} went well. The transfers panel says why the others did not.`
          : 'The transfers panel says why.',
    };
  }
  const rest = [
    skipped > 0 ? `${items(skipped, format)} skipped.` : '',
    hidden > 0
      ? `${hidden === 1 ? '1 hidden item' : `${format.count(hidden)} hidden items`} left out.`
      : '',
  ]
    .filter(Boolean)
    .join(' ');
  if (done === 0) {
    // Else nobody would know why nothing was uploaded.
    return hidden > 0
      ? { tone: 'info', title: 'Nothing to upload', description: rest }
      : null;
  }
  const size =
    bytes > 0 && (kind === 'upload' || kind === 'download')
      ? `, ${format.bytes(bytes)}`
      : '';
  return {
    tone: 'success',
    title: `${DONE[kind]} ${items(done, format)}${size}`,
    ...(rest === '' ? {} : { description: rest }),
  };
}

/**
 * Groups that ended shortly after one another, those of a kind as one: every item that
 * is moved or renamed is a group of its own.
 */
export function mergeGroups(groups: readonly GroupFinished[]): readonly GroupFinished[] {
  const merged = new Map<GroupFinished['kind'], GroupFinished>();
  for (const group of groups) {
    const before = merged.get(group.kind);
    merged.set(
      group.kind,
      before === undefined
        ? group
        : {
            ...group,
            done: before.done + group.done,
            failed: before.failed + group.failed,
            skipped: before.skipped + group.skipped,
            hidden: before.hidden + group.hidden,
            bytes: before.bytes + group.bytes,
          },
    );
  }
  return [...merged.values()];
}

function items(count: number, format: Format): string {
  return count === 1 ? '1 item' : `${format.count(count)} items`;
}
