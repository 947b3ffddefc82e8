import { expect, test } from 'vitest';
import { COMMANDS } from '../../shared/commands/commands.ts';
import { allShortcuts, commandForKey, type ShortcutPress } from './shortcuts.ts';

function press(key: string, modifiers = '', code = ''): ShortcutPress {
  return {
    key,
    code,
    ctrlKey: modifiers.includes('c'),
    metaKey: modifiers.includes('m'),
    altKey: modifiers.includes('a'),
    shiftKey: modifiers.includes('s'),
  };
}

const other = { mac: false, inField: false };
const mac = { mac: true, inField: false };

test('Ctrl elsewhere is Cmd on a Mac', () => {
  expect([
    commandForKey(press('G', 'cs'), other),
    commandForKey(press('G', 'ms'), other),
    commandForKey(press('G', 'ms'), mac),
    commandForKey(press('G', 'cs'), mac),
  ]).toEqual(['go.folder', null, 'go.folder', null]);
});

test('plain keys, extra keys and keys with an odd character are found', () => {
  expect([
    commandForKey(press('Delete'), other),
    commandForKey(press('F2'), other),
    commandForKey(press('Backspace'), other),
    commandForKey(press('ArrowLeft', 'a'), other),
    commandForKey(press('ArrowUp', 'c'), other),
    commandForKey(press('Backspace', 'm'), mac),
    commandForKey(press('ç', 'ma', 'KeyC'), mac),
    commandForKey(press('x'), other),
  ]).toEqual([
    'item.delete',
    'item.rename',
    'go.up',
    'go.back',
    'go.up',
    'item.delete',
    'item.copyS3Path',
    null,
  ]);
});

test('in a text field, keys that edit text stay with the field', () => {
  const inField = { mac: false, inField: true };
  expect([
    commandForKey(press('Delete'), inField),
    commandForKey(press('Backspace'), inField),
    commandForKey(press('a', 'c'), inField),
    commandForKey(press('l', 'c'), inField),
  ]).toEqual([null, null, null, 'go.address']);
});

test('no two commands share a key', () => {
  for (const onMac of [true, false]) {
    const keys = allShortcuts(onMac).map(({ shortcut }) => shortcut);
    expect(new Set(keys).size).toBe(keys.length);
  }
  expect(COMMANDS.length).toBeGreaterThan(30);
});
