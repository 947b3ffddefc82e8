/** What the page tells of a key press. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

interface Shortcut {
  readonly key: string;
  readonly ctrl: boolean;
  readonly meta: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
}

/** Electron's key names where they differ from KeyboardEvent.key. */
const KEY_NAMES: Readonly<Record<string, string>> = {
  plus: '+',
  space: ' ',
  return: 'enter',
  esc: 'escape',
  del: 'delete',
  up: 'arrowup',
  down: 'arrowdown',
  left: 'arrowleft',
  right: 'arrowright',
};

/** What a key gives on its own when Shift changes its character. */
const UNSHIFTED: Readonly<Record<string, string>> = {
  Comma: ',',
  Period: '.',
  Slash: '/',
  Backslash: '\\',
  Minus: '-',
  Equal: '=',
  BracketLeft: '[',
  BracketRight: ']',
  Semicolon: ';',
  Quote: "'",
  Backquote: '`',
};

function parse(accelerator: string, platform: NodeJS.Platform): Shortcut {
  const parts = accelerator.toLowerCase().split('+');
  const last = parts.pop() ?? '';
  // "Ctrl++" ends in an empty part.
  const key = last === '' ? '+' : last;
  const has = (...names: readonly string[]): boolean =>
    parts.some((part) => names.includes(part.trim()));
  const either = has('cmdorctrl', 'commandorcontrol');
  const isMac = platform === 'darwin';
  return {
    key: KEY_NAMES[key] ?? key,
    ctrl: has('ctrl', 'control') || (either && !isMac),
    meta: has('cmd', 'command', 'super', 'meta') || (either && isMac),
    alt: has('alt', 'option', 'altgr'),
    shift: has('shift'),
  };
}

function plainKey(press: KeyPress): string {
  const letter = /^(?:Key|Digit)([A-Z0-9])$/.exec(press.code)?.[1];
  return (letter ?? UNSHIFTED[press.code] ?? press.key).toLowerCase();
}

/**
 * Whether a key press is the given accelerator (Electron's notation, such as
 * `CmdOrCtrl+Shift+N`). See https://www.electronjs.org/docs/latest/tutorial/keyboard-shortcuts.
 */
export function matchesAccelerator(
  accelerator: string,
  press: KeyPress,
  platform: NodeJS.Platform,
): boolean {
  const shortcut = parse(accelerator, platform);
  if (
    shortcut.ctrl !== press.ctrlKey ||
    shortcut.meta !== press.metaKey ||
    shortcut.alt !== press.altKey
  ) {
    return false;
  }
  const pressed = press.key.toLowerCase();
  // "Ctrl+Plus" and "Ctrl+?" need Shift on most keyboards without saying so.
  if (
    shortcut.key === pressed &&
    shortcut.key.length === 1 &&
    !/[a-z0-9]/.test(pressed)
  ) {
    return !shortcut.shift || press.shiftKey;
  }
  if (shortcut.shift !== press.shiftKey) return false;
  return shortcut.key === pressed || shortcut.key === plainKey(press);
}

/** How menus show an accelerator: `Ctrl+Shift+N`. */
export function describeAccelerator(
  accelerator: string,
  platform: NodeJS.Platform,
): string {
  const modifier = platform === 'darwin' ? 'Cmd' : 'Ctrl';
  return accelerator
    .replaceAll(/CmdOrCtrl|CommandOrControl/gi, modifier)
    .replaceAll(/\bControl\b/gi, 'Ctrl')
    .replace(/\bPlus$/i, '+');
}
