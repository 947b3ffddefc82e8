import type { MenuItemConstructorOptions } from 'electron';
import type { DesktopPlatform } from '../../shared/bridge.ts';
import {
  COMMANDS,
  type CommandSpec,
  type MenuName,
} from '../../shared/commands/commands.ts';
import type { CommandState } from '../../shared/contract/app.ts';

const LABELS: Readonly<Record<MenuName, string>> = {
  file: '&File',
  edit: '&Edit',
  view: '&View',
  go: '&Go',
  transfers: '&Transfers',
  help: '&Help',
};

const ORDER: readonly MenuName[] = ['file', 'edit', 'view', 'go', 'transfers', 'help'];

const SEPARATOR: MenuItemConstructorOptions = { type: 'separator' };

/** On macOS these live in the menu of the app's name. */
const MAC_APP_COMMANDS: ReadonlySet<string> = new Set(['app.preferences']);

/** What the menu bar is made of. */
export interface MenuOptions {
  readonly platform: DesktopPlatform;
  readonly packaged: boolean;
  readonly appName: string;
  readonly states: ReadonlyMap<string, CommandState>;
  /** A command was chosen. */
  readonly run: (id: string) => void;
}

/**
 * The menu bar as data. The window handles every shortcut itself, because only it knows
 * whether a text field has the focus: here they are shown. macOS cannot show one without
 * taking it, and asks the page first; keys that also edit text are left out there.
 */
export function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
  const isMac = options.platform === 'darwin';
  return [
    ...(isMac ? [appMenu(options)] : []),
    ...ORDER.flatMap((menu) => [
      ...(menu === 'help' && isMac ? [windowMenu()] : []),
      topMenu(menu, options),
    ]),
  ];
}

function topMenu(menu: MenuName, options: MenuOptions): MenuItemConstructorOptions {
  const isMac = options.platform === 'darwin';
  const commands = commandItems(
    COMMANDS.filter(
      (each) =>
        'menu' in each && each.menu === menu && !(isMac && MAC_APP_COMMANDS.has(each.id)),
    ),
    options,
  );
  const before = menu === 'edit' ? [...editItems(isMac), SEPARATOR] : [];
  return {
    id: `menu.${menu}`,
    label: LABELS[menu],
    ...(menu === 'help' ? { role: 'help' as const } : {}),
    submenu: [...before, ...commands, ...itemsAfter(menu, options)],
  };
}

function itemsAfter(
  menu: MenuName,
  options: MenuOptions,
): readonly MenuItemConstructorOptions[] {
  const isMac = options.platform === 'darwin';
  if (menu === 'file') return [SEPARATOR, { role: isMac ? 'close' : 'quit' }];
  if (menu === 'view') {
    const tools: MenuItemConstructorOptions[] = options.packaged
      ? []
      : [{ role: 'toggleDevTools' }];
    return [SEPARATOR, { role: 'togglefullscreen' }, ...tools];
  }
  return menu === 'help' && !isMac ? [SEPARATOR, { role: 'about' }] : [];
}

function editItems(isMac: boolean): readonly MenuItemConstructorOptions[] {
  return [
    { role: 'undo' },
    { role: 'redo' },
    SEPARATOR,
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    // Elsewhere Chromium selects all by itself; on a Mac the menu is what does it.
    ...(isMac ? [{ role: 'selectAll' } as const] : []),
  ];
}

function appMenu(options: MenuOptions): MenuItemConstructorOptions {
  const own = COMMANDS.filter((each) => MAC_APP_COMMANDS.has(each.id));
  return {
    label: options.appName,
    submenu: [
      { role: 'about' },
      ...commandItems(own, options),
      SEPARATOR,
      { role: 'services' },
      SEPARATOR,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      SEPARATOR,
      { role: 'quit' },
    ],
  };
}

function windowMenu(): MenuItemConstructorOptions {
  return { role: 'windowMenu' };
}

function commandItems(
  commands: readonly CommandSpec[],
  options: MenuOptions,
): MenuItemConstructorOptions[] {
  return commands.flatMap((command, index) => {
    const item = commandItem(command, options);
    return command.separatorBefore === true && index > 0 ? [SEPARATOR, item] : [item];
  });
}

function commandItem(
  command: CommandSpec,
  { states, run, platform }: MenuOptions,
): MenuItemConstructorOptions {
  const state = states.get(command.id);
  return {
    id: command.id,
    label: command.label,
    enabled: state?.enabled ?? true,
    ...(command.toggle === true
      ? { type: 'checkbox' as const, checked: state?.checked ?? false }
      : {}),
    ...accelerator(command.shortcut, platform),
    click: () => run(command.id),
  };
}

function accelerator(
  shortcut: string | undefined,
  platform: DesktopPlatform,
): Pick<MenuItemConstructorOptions, 'accelerator' | 'registerAccelerator'> {
  if (shortcut === undefined) return {};
  if (platform !== 'darwin') return { accelerator: shortcut, registerAccelerator: false };
  const editsText = !shortcut.includes('+') || shortcut === 'CmdOrCtrl+A';
  return editsText ? {} : { accelerator: shortcut };
}
