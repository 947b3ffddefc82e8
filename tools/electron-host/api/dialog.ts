import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { HostContext } from '../context.ts';
import { HostError } from '../missing.ts';

const ZENITY = ['/usr/bin/zenity', '/usr/local/bin/zenity'];

interface ZenityAnswer {
  readonly ok: boolean;
  readonly text: string;
}

function runZenity(path: string, args: readonly string[]): Promise<ZenityAnswer> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (part: string) => {
      text += part;
    });
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ ok: code === 0, text: text.replace(/\n$/, '') }),
    );
  });
}

/** Electron's dialogs take the window first, or not at all. */
function optionsOf(args: readonly unknown[]): object {
  return args.at(-1) ?? {};
}

function fileArgs(
  options: Electron.OpenDialogOptions | Electron.SaveDialogOptions,
): string[] {
  return [
    '--file-selection',
    `--title=${options.title ?? ''}`,
    ...(options.defaultPath === undefined ? [] : [`--filename=${options.defaultPath}`]),
  ];
}

/**
 * Electron's `dialog`: zenity on a desktop. A plain object whose methods tests replace,
 * `electronApp.evaluate(({ dialog }) => { dialog.showOpenDialog = … })`.
 */
export function createDialog(context: HostContext) {
  const ask = (method: string, args: readonly string[]): Promise<ZenityAnswer> => {
    const path = ZENITY.find((each) => existsSync(each));
    const canShow = context.browser?.headless === false && !context.options.test;
    if (path === undefined || !canShow) {
      throw new HostError(`dialog.${method} without zenity, a display and a person`);
    }
    return runZenity(path, args);
  };
  const dialog = {
    async showOpenDialog(...args: unknown[]): Promise<Electron.OpenDialogReturnValue> {
      const options = optionsOf(args) as Electron.OpenDialogOptions;
      const properties = options.properties ?? [];
      const { ok, text } = await ask('showOpenDialog', [
        ...fileArgs(options),
        ...(properties.includes('openDirectory') ? ['--directory'] : []),
        ...(properties.includes('multiSelections')
          ? ['--multiple', '--separator=\n']
          : []),
      ]);
      const filePaths = ok ? text.split('\n') : [];
      return { canceled: !ok, filePaths };
    },
    async showSaveDialog(...args: unknown[]): Promise<Electron.SaveDialogReturnValue> {
      const options = optionsOf(args) as Electron.SaveDialogOptions;
      const { ok, text } = await ask('showSaveDialog', [...fileArgs(options), '--save']);
      return { canceled: !ok, filePath: ok ? text : '' };
    },
    async showMessageBox(...args: unknown[]): Promise<Electron.MessageBoxReturnValue> {
      const options = optionsOf(args) as Electron.MessageBoxOptions;
      const buttons = options.buttons?.length ? options.buttons : ['OK'];
      const { text } = await ask('showMessageBox', [
        '--question',
        `--title=${options.title ?? context.app.getName()}`,
        `--text=${[options.message, options.detail ?? ''].join('\n')}`,
        '--no-markup',
        '--switch',
        ...buttons.map((label) => `--extra-button=${label}`),
      ]);
      const chosen = buttons.indexOf(text);
      const response = chosen === -1 ? (options.cancelId ?? 0) : chosen;
      return { response, checkboxChecked: options.checkboxChecked ?? false };
    },
    showErrorBox(title: string, content: string): void {
      context.records.push({ method: 'dialog.showErrorBox', args: [title, content] });
      console.error(`${title}\n${content}`);
    },
  };
  return dialog;
}
