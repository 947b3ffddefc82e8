import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { sampleBookmark } from '../features/connect/testing/samples.ts';
import { CONNECTION, listingPage, renderInWindow } from '../testing/window-fixture.tsx';
import { DialogHost } from './dialog-host.tsx';

const PLACE = { endpoint: 'https://s3.example.com', bucket: 'photos', prefix: 'a b//c/' };

test('a link opens the bookmark of its server, at its place', async () => {
  const bookmarks = [
    sampleBookmark('other'),
    sampleBookmark('first', { endpoint: PLACE.endpoint }),
    sampleBookmark('mine', { endpoint: `${PLACE.endpoint}/`, root: 'photos/x/' }),
  ];
  const { services, fake } = await renderInWindow(<div />, {
    'bookmarks.snapshot': () => ({ revision: 1, folders: [], bookmarks }),
    'connections.open': () => CONNECTION,
    'browse.list': () => listingPage([], ['a']),
  });
  fake.send('app.openLocation', PLACE);
  await expect
    .poll(() => services.pane.store.getState().location)
    .toEqual({
      connectionId: CONNECTION.connectionId,
      bucket: 'photos',
      prefix: 'a b//c/',
    });
  expect(fake.payloads('connections.open')).toEqual([{ bookmarkId: 'mine' }]);
});

test('without a bookmark it asks for the keys, with the address filled in', async () => {
  const { fake } = await renderInWindow(<DialogHost />);
  fake.send('app.openLocation', PLACE);
  await expect
    .element(page.getByRole('textbox', { name: 'Server or address' }))
    .toHaveValue('https://s3.example.com/photos/a%20b//c/');
  expect(fake.payloads('connections.quick')).toEqual([]);
});

test('an open dialog keeps what was typed', async () => {
  const { services, fake } = await renderInWindow(<div />);
  services.dialogs.open({ kind: 'bookmark', bookmarkId: null, folderId: null });
  fake.send('app.openLocation', PLACE);
  await expect.poll(() => services.toasts.store.getState().items.length).toBe(1);
  expect(services.dialogs.store.getState().open?.kind).toBe('bookmark');
});
