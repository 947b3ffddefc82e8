import { COMMANDS, type CommandId } from '../../shared/commands/commands.ts';

/** The parts of a keyboard event a shortcut is made of. */
export interface ShortcutPress {
  readonly key: string;
  /** Physical key, `KeyG`: what counts when a layout or Alt changes the character. */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** A shortcut beside the one in the menu. */
export interface ExtraShortcut {
  readonly id: CommandId;
  readonly shortcut: string;
  /** Where it holds; absent: everywhere. */
  readonly on?: 'mac' | 'other';
}

/** Keys people know from their file manager, besides those of {@link COMMANDS}. */
export const EXTRA_SHORTCUTS: readonly ExtraShortcut[] = [
  { id: 'go.up', shortcut: 'Backspace' },
  { id: 'go.back', shortcut: 'Alt+Left', on: 'other' },
  { id: 'go.forward', shortcut: 'Alt+Right', on: 'other' },
  { id: 'go.up', shortcut: 'Alt+Up', on: 'other' },
  { id: 'view.refresh', shortcut: 'F5' },
  { id: 'item.open', shortcut: 'CmdOrCtrl+Down', on: 'mac' },
  { id: 'item.delete', shortcut: 'Cmd+Backspace', on: 'mac' },
];

/** Commands that work while one types in a field. */
const IN_FIELDS: ReadonlySet<CommandId> = new Set<CommandId>([
  'bookmark.new',
  'connection.quick',
  'list.filter',
  'view.refresh',
  'view.stop',
  'view.sidebar',
  'view.inspector',
  'view.transfers',
  'app.preferences',
  'app.shortcuts',
  'go.folder',
  'go.address',
]);

const KEY_NAMES: Readonly<Record<string, string>> = {
  Up: 'ArrowUp',
  Down: 'ArrowDown',
  Left: 'ArrowLeft',
  Right: 'ArrowRight',
  Space: ' ',
};

/** Whether a key press is an Electron accelerator, such as `CmdOrCtrl+Shift+G`. */
export function matchesShortcut(
  press: ShortcutPress,
  shortcut: string,
  mac: boolean,
): boolean {
  const parts = shortcut.split('+');
  const last = parts.at(-1) ?? '';
  const wants = new Set(parts.slice(0, -1));
  const ctrl = wants.has('Ctrl') || (!mac && wants.has('CmdOrCtrl'));
  const meta = wants.has('Cmd') || (mac && wants.has('CmdOrCtrl'));
  if (
    press.ctrlKey !== ctrl ||
    press.metaKey !== meta ||
    press.altKey !== wants.has('Alt') ||
    press.shiftKey !== wants.has('Shift')
  ) {
    return false;
  }
  const key = KEY_NAMES[last] ?? last;
  if (press.key.toLowerCase() === key.toLowerCase()) return true;
  // Alt on a Mac types another character, and so does Shift on a digit.
  return /^[A-Z]$/.test(last) && /[^\x20-\x7e]/.test(press.key)
    ? press.code === `Key${last}`
    : false;
}

/** The command a key press means, or `null`. */
export function commandForKey(
  press: ShortcutPress,
  context: { readonly mac: boolean; readonly inField: boolean },
): CommandId | null {
  for (const { id, shortcut } of allShortcuts(context.mac)) {
    if (matchesShortcut(press, shortcut, context.mac)) {
      return context.inField && !IN_FIELDS.has(id) ? null : id;
    }
  }
  return null;
}

/** Every shortcut of a platform, those of the menu first. */
export function allShortcuts(
  mac: boolean,
): readonly { readonly id: CommandId; readonly shortcut: string }[] {
  const own = COMMANDS.flatMap((spec) =>
    'shortcut' in spec ? [{ id: spec.id, shortcut: spec.shortcut }] : [],
  );
  const extra = EXTRA_SHORTCUTS.filter(
    ({ on }) => on === undefined || on === (mac ? 'mac' : 'other'),
  );
  return [...own, ...extra];
}

/** Whether an element takes typed text, so that plain keys belong to it. */
export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  return (
    target instanceof HTMLInputElement &&
    !['checkbox', 'radio', 'button', 'range', 'color'].includes(target.type)
  );
}
