import { createContext, useContext } from 'react';

/** The operating systems Dipper runs on, as `app.info` names them. */
export type Platform = 'darwin' | 'win32' | 'linux';

/** The platform whose conventions the components follow. Set by `UiProvider`. */
export const PlatformContext = createContext<Platform>('linux');

/** The platform around the window. */
export function usePlatform(): Platform {
  return useContext(PlatformContext);
}

const MAC_NAMES: Readonly<Record<string, string>> = {
  CmdOrCtrl: '⌘',
  Cmd: '⌘',
  Ctrl: '⌃',
  Alt: '⌥',
  Shift: '⇧',
  Up: '↑',
  Down: '↓',
  Left: '←',
  Right: '→',
  Enter: '↩',
  Escape: '⎋',
  Delete: '⌦',
  Backspace: '⌫',
  Space: 'Space',
};

const OTHER_NAMES: Readonly<Record<string, string>> = {
  CmdOrCtrl: 'Ctrl',
  Cmd: 'Ctrl',
  Escape: 'Esc',
  Delete: 'Del',
  Up: '↑',
  Down: '↓',
  Left: '←',
  Right: '→',
};

/** The order in which macOS writes modifiers. */
const MAC_ORDER = ['⌃', '⌥', '⇧', '⌘'];

/**
 * Writes an Electron accelerator the way the platform does: `CmdOrCtrl+Shift+N` is `⇧⌘N`
 * on macOS and `Ctrl+Shift+N` elsewhere.
 */
export function formatShortcut(accelerator: string, platform: Platform): string {
  const parts = splitAccelerator(accelerator);
  if (platform !== 'darwin') {
    return parts.map((part) => OTHER_NAMES[part] ?? part).join('+');
  }
  const names = parts.map((part) => MAC_NAMES[part] ?? part);
  const key = names.at(-1) ?? '';
  const modifiers = names.slice(0, -1);
  return (
    modifiers.toSorted((a, b) => MAC_ORDER.indexOf(a) - MAC_ORDER.indexOf(b)).join('') +
    key
  );
}

/**
 * Writes an accelerator for `aria-keyshortcuts`, such as `Control+Shift+N`.
 * https://www.w3.org/TR/wai-aria-1.2/#aria-keyshortcuts
 */
export function ariaShortcut(accelerator: string, platform: Platform): string {
  return splitAccelerator(accelerator)
    .map((part) => {
      if (part === 'CmdOrCtrl') return platform === 'darwin' ? 'Meta' : 'Control';
      if (part === 'Ctrl') return 'Control';
      if (part === 'Cmd') return 'Meta';
      if (/^(?:Up|Down|Left|Right)$/.test(part)) return `Arrow${part}`;
      return part;
    })
    .join('+');
}

/** Splits at plus signs; a plus as the key itself (`CmdOrCtrl++`) stays. */
function splitAccelerator(accelerator: string): string[] {
  const isPlusKey = accelerator.endsWith('++');
  const text = isPlusKey ? accelerator.slice(0, -2) : accelerator;
  const parts = text.split('+');
  return isPlusKey ? [...parts, '+'] : parts;
}
