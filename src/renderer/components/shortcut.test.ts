import { expect, test } from 'vitest';
import { ariaShortcut, formatShortcut } from './shortcut.ts';

test('shortcuts are written the way the platform does', () => {
  expect([
    formatShortcut('CmdOrCtrl+Shift+N', 'darwin'),
    formatShortcut('CmdOrCtrl+Shift+N', 'linux'),
    formatShortcut('CmdOrCtrl+Alt+S', 'darwin'),
    formatShortcut('Delete', 'win32'),
    formatShortcut('CmdOrCtrl++', 'win32'),
    formatShortcut('CmdOrCtrl+Up', 'darwin'),
    ariaShortcut('CmdOrCtrl+Up', 'linux'),
    ariaShortcut('CmdOrCtrl+Shift+G', 'darwin'),
  ]).toEqual([
    '⇧⌘N',
    'Ctrl+Shift+N',
    '⌥⌘S',
    'Del',
    'Ctrl++',
    '⌘↑',
    'Control+ArrowUp',
    'Meta+Shift+G',
  ]);
});
