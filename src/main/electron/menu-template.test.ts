import type { MenuItemConstructorOptions } from 'electron';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../shared/commands/commands.ts';
import { type MenuOptions, menuTemplate } from './menu-template.ts';

function itemsOf(change: Partial<MenuOptions> = {}): MenuItemConstructorOptions[] {
  const template = menuTemplate({
    platform: 'linux',
    packaged: true,
    appName: 'Dipper',
    states: new Map(),
    run: () => undefined,
    ...change,
  });
  return template.flatMap((top) => (top.submenu ?? []) as MenuItemConstructorOptions[]);
}

for (const platform of ['linux', 'win32', 'darwin'] as const) {
  test(`on ${platform} every command with a menu stands in it once`, () => {
    const ids = itemsOf({ platform }).flatMap((item) => item.id ?? []);
    const wanted = COMMANDS.filter((each) => 'menu' in each).map((each) => each.id);
    expect(ids.sort()).toEqual([...wanted].sort());
  });
}

test('shortcuts are shown but never taken from the window', () => {
  const commands = itemsOf().filter((item) => item.accelerator !== undefined);
  expect(commands.length).toBeGreaterThan(10);
  expect(commands.filter((item) => item.registerAccelerator !== false)).toEqual([]);
});

test('on a Mac keys that edit text stay with the text field', () => {
  const keys = itemsOf({ platform: 'darwin' }).flatMap((item) => item.accelerator ?? []);
  expect(keys).toContain('CmdOrCtrl+R');
  expect(keys).not.toContain('Delete');
  expect(keys).not.toContain('CmdOrCtrl+A');
  expect(keys).not.toContain('F2');
});

test('the window rules what is enabled and ticked', () => {
  const states = new Map(
    [
      { id: 'view.sidebar', enabled: true, checked: true },
      { id: 'item.delete', enabled: false, checked: false },
    ].map((state) => [state.id, state]),
  );
  const items = itemsOf({ states });
  expect(items.find((item) => item.id === 'view.sidebar')).toMatchObject({
    type: 'checkbox',
    checked: true,
    enabled: true,
  });
  expect(items.find((item) => item.id === 'item.delete')?.enabled).toBe(false);
});

test('a chosen command is run by its id', () => {
  const ran: string[] = [];
  const items = itemsOf({ run: (id) => ran.push(id) });
  const refresh = items.find((item) => item.id === 'view.refresh');
  const click = refresh?.click as unknown as (() => void) | undefined;
  click?.();
  expect(ran).toEqual(['view.refresh']);
});

test('developer tools are in no packaged app', () => {
  const [shipped, unpackaged] = [true, false].map((packaged) =>
    itemsOf({ packaged }).map((item) => item.role),
  );
  expect(shipped).not.toContain('toggleDevTools');
  expect(unpackaged).toContain('toggleDevTools');
});
