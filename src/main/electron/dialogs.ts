import { type BrowserWindow, dialog } from 'electron';
import { TEXTS } from '../app/texts.ts';
import type { Dialogs } from '../platform/desktop.ts';

/**
 * The system's dialogs, as sheets of the window where there is one. Always called as
 * `dialog.showX`: that is where a test puts its answers.
 */
export function createDialogs(window: () => BrowserWindow | null): Dialogs {
  async function open(options: Electron.OpenDialogOptions): Promise<readonly string[]> {
    const parent = window();
    const { canceled, filePaths } =
      parent === null
        ? await dialog.showOpenDialog(options)
        : await dialog.showOpenDialog(parent, options);
    return canceled ? [] : filePaths;
  }

  return {
    chooseFiles: (kind) =>
      open(
        kind === 'files'
          ? {
              title: TEXTS.chooseFiles,
              properties: ['openFile', 'multiSelections', 'showHiddenFiles'],
            }
          : {
              title: TEXTS.chooseFolders,
              properties: ['openDirectory', 'multiSelections', 'showHiddenFiles'],
            },
      ),
    async chooseFolder({ title }) {
      const [path] = await open({
        title,
        properties: ['openDirectory', 'createDirectory'],
      });
      return path ?? null;
    },
    async openFile({ title, extensions }) {
      const [path] = await open({
        title,
        filters: filtersOf(extensions),
        properties: ['openFile'],
      });
      return path ?? null;
    },
    async saveFile({ title, defaultName, extensions }) {
      const options: Electron.SaveDialogOptions = {
        title,
        defaultPath: defaultName,
        filters: filtersOf(extensions),
        properties: ['createDirectory', 'showOverwriteConfirmation'],
      };
      const parent = window();
      const { canceled, filePath } =
        parent === null
          ? await dialog.showSaveDialog(options)
          : await dialog.showSaveDialog(parent, options);
      return canceled || filePath === '' ? null : filePath;
    },
    async ask({ message, detail, buttons, cancel }) {
      const options: Electron.MessageBoxOptions = {
        type: 'question',
        message,
        detail,
        buttons: [...buttons],
        defaultId: 0,
        cancelId: cancel,
        noLink: true,
      };
      const parent = window();
      const { response } =
        parent === null
          ? await dialog.showMessageBox(options)
          : await dialog.showMessageBox(parent, options);
      return response;
    },
  };
}

function filtersOf(extensions: readonly string[]): Electron.FileFilter[] {
  return [{ name: extensions.join(', ').toUpperCase(), extensions: [...extensions] }];
}
