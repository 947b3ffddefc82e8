import type { GroupFinished } from '../../shared/contract/transfers.ts';
import type { LinkedPlace } from './deep-link.ts';

/** Texts of native dialogs and notifications. Those of the window are in its catalogue. */
export const TEXTS = {
  chooseFiles: 'Choose files to upload',
  chooseFolders: 'Choose folders to upload',
  exportTitle: 'Export Bookmarks',
  exportName: 'Dipper Bookmarks.json',
  importTitle: 'Import Bookmarks',
  exportHistory: { title: 'Export History', name: 'Dipper History.csv' },
  exportVerification: { title: 'Export Result', name: 'Dipper Verification.csv' },
  documents: {
    cors: {
      openTitle: 'Open CORS Rules',
      saveTitle: 'Save CORS Rules',
      name: 'cors',
      extensions: ['json', 'xml'],
    },
    links: { saveTitle: 'Save Links', name: 'Links' },
  },
  startFailed: {
    title: 'Dipper could not start',
    detail: (reason: string, logs: string) =>
      `${reason}\n\nNothing was changed. The log in ${logs} tells more.`,
  },
  quit: {
    message: 'Transfers are still running.',
    detail: (needsKeys: boolean) =>
      [
        'Quit now and Dipper goes on with them when you start it next time.',
        // Their keys are not kept anywhere.
        ...(needsKeys
          ? [
              'What has no bookmark, or one that keeps no secret key, goes on as soon as you connect to its server again.',
            ]
          : []),
        'Parts that were sent already are kept.',
      ].join(' '),
    now: 'Quit and Continue Next Time',
    keep: 'Keep Running',
  },
  moveBusy: {
    message: 'Transfers of this bookmark are not done.',
    detail:
      'They go on at the new address, deletions too. Save it only if that is the same ' +
      'server; otherwise cancel them first, or make another bookmark.',
    back: 'Go Back',
    save: 'Save Anyway',
  },
  removeBusy: {
    message: 'Transfers of this bookmark are not done.',
    detail:
      'Without it they wait, and only Undo, offered right afterwards, lets them go on. ' +
      'Otherwise what they have not done yet is lost.',
    keep: 'Keep Bookmark',
    remove: 'Delete Anyway',
  },
  unfinished: {
    start: {
      message: 'A transfer has not started yet.',
      detail:
        'It is being counted, waits for your choice in the window, or is not in the queue ' +
        'yet. If you quit now, it may be lost.',
    },
    edit: {
      message: 'Changes have not been saved.',
      detail: 'If you quit now, what you typed is lost.',
    },
    order: {
      message: 'Transfers may not have been stopped yet.',
      detail:
        'The transfer engine has not answered. If you quit now, what you paused or ' +
        'cancelled may go on when you start Dipper next time.',
    },
    drag: {
      message: 'Files are being fetched for a drag.',
      detail: 'They can be dropped once they are here. If you quit now, they are not.',
    },
    verify: {
      message: 'A folder is still being verified.',
      detail:
        'If you quit now, what was found so far is lost, and it has to be verified anew. ' +
        'No file is changed by it.',
    },
    back: 'Go Back',
    quit: 'Quit Anyway',
  },
  link: {
    message: 'Open this place in Dipper?',
    detail: ({ endpoint, bucket, prefix }: LinkedPlace) =>
      [
        'A link from another program asks for it. Nothing is sent before you open it.',
        '',
        `Server: ${endpoint}`,
        `Bucket: ${bucket === '' ? 'not named' : bucket}`,
        ...(prefix === '' ? [] : [`Folder: ${prefix}`]),
      ].join('\n'),
    open: 'Open',
    cancel: 'Cancel',
  },
  update: {
    message: (version: string) => `Dipper ${version} is available.`,
    detail: 'It is installed when you quit Dipper.',
    download: 'Download',
    later: 'Later',
  },
} as const;

const VERBS = {
  upload: 'uploaded to',
  download: 'downloaded from',
  delete: 'deleted in',
  move: 'moved in',
  copy: 'copied in',
  edit: 'changed in',
} as const satisfies Record<GroupFinished['kind'], string>;

const NUMBER = new Intl.NumberFormat('en');

/** The notification for the end of a group; `null` when there is nothing to tell. */
export function finishedText(
  group: GroupFinished,
): { readonly title: string; readonly body: string } | null {
  const { done, failed, skipped, kind, bucket } = group;
  if (done + failed === 0) return null;
  const what = done === 1 ? '1 item' : `${NUMBER.format(done)} items`;
  const rest = [
    failed > 0 ? `${NUMBER.format(failed)} failed` : '',
    skipped > 0 ? `${NUMBER.format(skipped)} skipped` : '',
  ].filter((part) => part !== '');
  return {
    title: failed > 0 ? 'Transfers finished with errors' : 'Transfers finished',
    body: [`${what} ${VERBS[kind]} ${bucket}`, ...rest].join(', '),
  };
}
