import { describe, expect, it } from 'vitest';
import { describeAccelerator, type KeyPress, matchesAccelerator } from './accelerator.ts';

function press(key: string, code: string, ...held: readonly string[]): KeyPress {
  return {
    key,
    code,
    ctrlKey: held.includes('ctrl'),
    metaKey: held.includes('meta'),
    altKey: held.includes('alt'),
    shiftKey: held.includes('shift'),
  };
}

describe('matchesAccelerator', () => {
  it.each([
    ['CmdOrCtrl+N', press('n', 'KeyN', 'ctrl')],
    ['CommandOrControl+Shift+N', press('N', 'KeyN', 'ctrl', 'shift')],
    ['Ctrl+Plus', press('+', 'Equal', 'ctrl', 'shift')],
    ['Ctrl++', press('+', 'NumpadAdd', 'ctrl')],
    ['Ctrl+,', press(',', 'Comma', 'ctrl')],
    ['Alt+Up', press('ArrowUp', 'ArrowUp', 'alt')],
    ['Ctrl+Shift+1', press('!', 'Digit1', 'ctrl', 'shift')],
    ['Ctrl+Shift+.', press('>', 'Period', 'ctrl', 'shift')],
    ['F5', press('F5', 'F5')],
    ['Super+Return', press('Enter', 'Enter', 'meta')],
  ])('%s is its key press', (accelerator, pressed) => {
    expect(matchesAccelerator(accelerator, pressed, 'linux')).toBe(true);
  });

  it.each([
    ['CmdOrCtrl+N', press('N', 'KeyN', 'ctrl', 'shift')],
    ['CmdOrCtrl+N', press('n', 'KeyN', 'meta')],
    ['CmdOrCtrl+Shift+N', press('n', 'KeyN', 'ctrl')],
    ['Ctrl+N', press('n', 'KeyN', 'ctrl', 'alt')],
    ['Delete', press('Delete', 'Delete', 'shift')],
  ])('%s is no other key press', (accelerator, pressed) => {
    expect(matchesAccelerator(accelerator, pressed, 'linux')).toBe(false);
  });

  it('takes Command for CmdOrCtrl on a Mac', () => {
    const pressed = press('n', 'KeyN', 'meta');
    expect(matchesAccelerator('CmdOrCtrl+N', pressed, 'darwin')).toBe(true);
  });
});

describe('describeAccelerator', () => {
  it('names the keys of the platform', () => {
    const names = [
      describeAccelerator('CmdOrCtrl+Shift+N', 'linux'),
      describeAccelerator('CommandOrControl+Plus', 'darwin'),
    ];
    expect(names).toEqual(['Ctrl+Shift+N', 'Cmd++']);
  });
});
