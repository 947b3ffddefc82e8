import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Settings } from '../../shared/domain/settings.ts';
import { diskOperations } from '../storage/file-operations.ts';
import { openSettings } from './settings-service.ts';
import { FIRST_WINDOW, fitToScreens, openWindowState } from './window-state.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dipper-settings-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function open(changes: Settings[] = []) {
  return openSettings({
    path: join(folder, 'settings.json'),
    files: diskOperations(),
    now: () => 1,
    onChange: (settings) => changes.push(settings),
  });
}

describe('settings', () => {
  test('start with the defaults, change in part, and are remembered', async () => {
    const changes: Settings[] = [];
    const settings = await open(changes);
    expect(settings.current()).toEqual(Settings.parse({}));
    const changed = await settings.change({ theme: 'dark', columnWidths: { size: 90 } });
    expect(changed).toEqual(
      Settings.parse({ theme: 'dark', columnWidths: { size: 90 } }),
    );
    expect(changes).toEqual([changed]);
    expect((await open()).current()).toEqual(changed);
  });

  test('an undefined field of a patch changes nothing', async () => {
    const settings = await open();
    await settings.change({ theme: 'dark' });
    const patch = JSON.parse('{}') as { theme?: 'dark' };
    Object.assign(patch, { theme: undefined });
    expect((await settings.change(patch)).theme).toBe('dark');
  });

  test('unknown fields are dropped and missing ones get their default', async () => {
    await writeFile(
      join(folder, 'settings.json'),
      '{"version":1,"settings":{"theme":"light","gone":1}}',
    );
    const settings = await open();
    expect(settings.notice).toBeNull();
    expect(settings.current()).toEqual(Settings.parse({ theme: 'light' }));
    await settings.change({ showHidden: true });
    expect(await readFile(join(folder, 'settings.json'), 'utf8')).not.toContain('gone');
  });

  test('a value out of range makes the file unreadable, which is told', async () => {
    await writeFile(
      join(folder, 'settings.json'),
      '{"version":1,"settings":{"maxTransfers":0}}',
    );
    const settings = await open();
    expect(settings.notice).toMatchObject({ code: 'storage.corrupt' });
    expect(settings.current().maxTransfers).toBe(8);
  });
});

describe('the window', () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1080 };
  const state = { x: 100, y: 100, width: 1000, height: 700, maximized: false };

  test('is remembered', async () => {
    const options = {
      path: join(folder, 'window.json'),
      files: diskOperations(),
      now: () => 1,
    };
    const store = await openWindowState(options);
    expect(store.current()).toEqual(FIRST_WINDOW);
    await store.remember(state);
    expect((await openWindowState(options)).current()).toEqual(state);
  });

  for (const [title, remembered, screens, result] of [
    ['stays where it fits', state, [screen], state],
    [
      'stays on a second screen',
      { ...state, x: -1500 },
      [screen, { ...screen, x: -1920 }],
      { ...state, x: -1500 },
    ],
    [
      'comes back from a screen that is gone',
      { ...state, x: -1500 },
      [screen],
      { ...state, x: null, y: null },
    ],
    [
      'comes back when its title bar is out of reach',
      { ...state, y: -300 },
      [screen],
      { ...state, x: null, y: null },
    ],
    [
      'is cut to a smaller screen',
      { ...state, width: 3000, height: 2000 },
      [screen],
      { ...state, width: 1920, height: 1080 },
    ],
  ] as const) {
    test(`it ${title}`, () => {
      expect(fitToScreens(remembered, screens)).toEqual(result);
    });
  }
});
