import { expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { BookmarkId, FolderId } from '../../../shared/domain/ids.ts';
import { AppError } from '../../../shared/errors/error.ts';
import { createApi } from '../../bridge/api.ts';
import { createToasts } from '../../components/toasts.ts';
import { createFakeBridge } from '../connect/testing/fake-bridge.ts';
import { expectAccessible, renderUi } from '../connect/testing/render-ui.tsx';
import { sampleState } from '../connect/testing/samples.ts';
import { BookmarkSidebar } from './bookmark-sidebar.tsx';

async function setUp(
  options: { readonly open?: () => Promise<void>; readonly empty?: boolean } = {},
) {
  const bridge = createFakeBridge({
    'bookmarks.move': () => undefined,
    'bookmarks.changeFolder': () => undefined,
    'bookmarks.setColour': () => undefined,
    'bookmarks.remove': () => ({ undoToken: 'token' }),
    'bookmarks.undoRemove': () => undefined,
    'bookmarks.createFolder': () => ({
      id: 'Home' as FolderId,
      name: 'New Folder',
      collapsed: false,
    }),
  });
  const events: string[] = [];
  const toasts = createToasts();
  const screen = await renderUi(
    <div style={{ width: 240, height: 500 }}>
      <BookmarkSidebar
        api={createApi(bridge)}
        toasts={toasts}
        state={
          options.empty === true
            ? { revision: 1, folders: [], bookmarks: [] }
            : sampleState()
        }
        connectedIds={new Set(['delta' as BookmarkId])}
        onOpen={async (id) => {
          events.push(`open ${id}`);
          await options.open?.();
        }}
        onDisconnect={async (id) => {
          events.push(`disconnect ${id}`);
        }}
        onEdit={(id) => events.push(`edit ${id}`)}
        onNew={(folderId) => events.push(`new ${folderId ?? '-'}`)}
        onImport={() => events.push('import')}
        onExport={() => events.push('export')}
        onError={(error) =>
          events.push(error instanceof AppError ? error.code : 'unknown')
        }
      />
    </div>,
  );
  const row = (name: string) =>
    screen.getByRole('treeitem', { name: new RegExp(`^${name}`) });
  return { bridge, events, toasts, screen, row };
}

test('arrows walk the tree, Enter and a double click connect', async () => {
  const t = await setUp();
  await t.row('Work').click();
  await userEvent.keyboard('{ArrowDown}');
  await expect.element(t.row('alpha')).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  await t.row('gamma').dblClick();
  await expect.poll(() => t.events).toEqual(['open alpha', 'open gamma']);
});

test('a letter goes to the next name that starts with it, End to the last', async () => {
  const t = await setUp();
  await t.row('Work').click();
  await userEvent.keyboard('g');
  await expect.element(t.row('gamma')).toHaveFocus();
  await userEvent.keyboard('{End}');
  await expect.element(t.row('epsilon')).toHaveFocus();
});

test('Left goes to the folder and closes it', async () => {
  const t = await setUp();
  await t.row('beta').click();
  await userEvent.keyboard('{ArrowLeft}');
  await expect.element(t.row('Work')).toHaveFocus();
  await userEvent.keyboard('{ArrowLeft}');
  await expect
    .poll(() => t.bridge.calls)
    .toEqual([
      { name: 'bookmarks.changeFolder', payload: { id: 'Work', collapsed: true } },
    ]);
});

test('Alt with an arrow moves a bookmark', async () => {
  const t = await setUp();
  await t.row('beta').click();
  await userEvent.keyboard('{Alt>}{ArrowUp}{/Alt}');
  await userEvent.keyboard('{Alt>}{ArrowDown}{/Alt}');
  await expect
    .poll(() => t.bridge.calls.map((call) => call.payload))
    .toEqual([
      { ids: ['beta'], folderId: 'Work', beforeId: 'alpha' },
      { ids: ['beta'], folderId: 'Home', beforeId: 'gamma' },
    ]);
});

test('a bookmark is dragged into a folder', async () => {
  const t = await setUp();
  await userEvent.dragAndDrop(t.row('epsilon'), t.row('Home'));
  await expect
    .poll(() => t.bridge.calls)
    .toEqual([
      {
        name: 'bookmarks.move',
        payload: { ids: ['epsilon'], folderId: 'Home', beforeId: null },
      },
    ]);
});

test('Delete removes and offers to undo', async () => {
  const t = await setUp();
  await t.row('epsilon').click();
  await userEvent.keyboard('{Delete}');
  await expect.poll(() => t.toasts.store.getState().items.length).toBe(1);
  const toast = t.toasts.store.getState().items[0];
  expect(toast?.title).toBe('Deleted “epsilon”');
  toast?.action?.onSelect();
  await expect.poll(() => t.bridge.calls.length).toBe(2);
  expect(t.bridge.calls).toEqual([
    { name: 'bookmarks.remove', payload: { ids: ['epsilon'] } },
    { name: 'bookmarks.undoRemove', payload: { undoToken: 'token' } },
  ]);
});

test('F2 renames a folder in place; Escape leaves the name', async () => {
  const t = await setUp();
  await t.row('Home').click();
  await userEvent.keyboard('{F2}');
  const input = t.screen.getByLabelText('Name of the folder');
  await input.fill('Family');
  await userEvent.keyboard('{Enter}');
  await t.row('Home').click();
  await userEvent.keyboard('{F2}');
  await input.fill('Nothing');
  await userEvent.keyboard('{Escape}');
  await expect
    .poll(() => t.bridge.calls)
    .toEqual([
      { name: 'bookmarks.changeFolder', payload: { id: 'Home', name: 'Family' } },
    ]);
});

test('the context menu changes the colour', async () => {
  const t = await setUp();
  await t.row('alpha').click({ button: 'right' });
  await t.screen.getByRole('menuitem', { name: 'Colour' }).click();
  await t.screen.getByRole('menuitemcheckbox', { name: 'Green' }).click();
  await expect
    .poll(() => t.bridge.calls)
    .toEqual([
      { name: 'bookmarks.setColour', payload: { id: 'alpha', colour: 'green' } },
    ]);
});

test('a connected bookmark has a button to disconnect', async () => {
  const t = await setUp();
  await t.screen.getByRole('button', { name: 'Disconnect' }).click();
  await expect.poll(() => t.events).toEqual(['disconnect delta']);
});

test('a missing secret is reported and asked for', async () => {
  const t = await setUp({
    open: async () => {
      throw new AppError('auth.missing-secret');
    },
  });
  await t.row('alpha').dblClick();
  await expect
    .poll(() => t.events)
    .toEqual(['open alpha', 'auth.missing-secret', 'edit alpha']);
});

test('the search leaves what matches, Escape brings all back', async () => {
  const t = await setUp();
  const search = t.screen.getByLabelText('Search bookmarks');
  await search.fill('gam');
  await expect.poll(() => t.screen.getByRole('treeitem').elements().length).toBe(2);
  await search.fill('nothing like it');
  await expect
    .element(t.screen.getByText('No bookmark matches “nothing like it”.'))
    .toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => t.screen.getByRole('treeitem').elements().length).toBe(7);
});

test('without bookmarks it says what they are for and offers to make one', async () => {
  const t = await setUp({ empty: true });
  await t.screen.getByRole('button', { name: 'New Bookmark…' }).click();
  await expect.poll(() => t.events).toEqual(['new -']);
});

test.each(['light', 'dark', 'high-contrast'] as const)(
  'axe finds nothing in the sidebar, %s',
  async (theme) => {
    const t = await setUp();
    await t.row('beta').click();
    await expectAccessible(theme);
  },
);
