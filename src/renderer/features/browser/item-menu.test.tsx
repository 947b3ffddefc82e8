import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import '../../styles/global.css';
import { DialogHost } from '../../app/dialog-host.tsx';
import type { Services } from '../../app/services.ts';
import type { MenuEntry } from '../../components/menu-entries.tsx';
import {
  CONNECTION,
  listingPage,
  renderInWindow,
} from '../../testing/window-fixture.tsx';
import { itemMenu } from './context-menus.ts';

const { connectionId } = CONNECTION;

async function open(bucket: string | null, prefix = '') {
  const { services } = await renderInWindow(<DialogHost />, {
    'browse.buckets': () => ({
      buckets: ['one', 'two'].map((name) => ({ name, createdAt: null, added: false })),
      listed: true,
    }),
    'browse.list': () => listingPage([`${prefix}f/`], [`${prefix}a`, `${prefix}b`]),
    'aspects.read': () => ({ kind: 'unavailable', why: { reason: 'unsupported' } }),
  });
  services.pane.navigate({ connectionId, bucket, prefix });
  await expect.poll(() => services.pane.store.getState().phase).toBe('done');
  return services;
}

/** What the menu offers of the inspector's editors: label, and why it is grey. */
function offered(services: Services): readonly string[] {
  return itemMenu(services).flatMap((entry) => {
    if (entry.kind !== 'item' || !/Permissions|Head|Tags|CORS|Link/.test(entry.label)) {
      return [];
    }
    return [entry.disabled === true ? `${entry.label} (${entry.note})` : entry.label];
  });
}

function choose(services: Services, label: string): MenuEntry {
  const entry = itemMenu(services).find(
    (each) => each.kind === 'item' && each.label === label,
  );
  if (entry?.kind !== 'item') throw new Error(`no ${label}`);
  entry.onSelect();
  return entry;
}

const EDITORS = ['Permissions…', 'Headers and Metadata…', 'Tags…'];

test('a bucket of the list has its editors, several of them none', async () => {
  const services = await open(null);
  services.pane.select({ kind: 'go', position: 0 });
  expect(offered(services)).toEqual([...EDITORS, 'CORS Rules…']);
  choose(services, 'CORS Rules…');
  const place = { connectionId, bucket: 'one', key: null };
  expect(services.dialogs.store.getState().open).toEqual({
    kind: 'aspect',
    aspect: 'cors',
    place,
  });
  services.dialogs.close();
  services.pane.select({ kind: 'all' });
  // The first says it for all.
  expect(offered(services)).toEqual([
    'Permissions… (Select one bucket)',
    ...[...EDITORS.slice(1), 'CORS Rules…'].map((label) => `${label} (undefined)`),
  ]);
});

test('an object, a selection and a folder each open the sheet that fits', async () => {
  const services = await open('b', 'p/');
  const opened = () => services.dialogs.store.getState().open;
  services.pane.select({ kind: 'go', position: 1 });
  expect(offered(services)).toEqual(['Create Link…', ...EDITORS]);
  choose(services, 'Headers and Metadata…');
  const place = { connectionId, bucket: 'b', key: 'p/a' };
  expect(opened()).toEqual({ kind: 'aspect', aspect: 'headers', place });
  services.dialogs.close();

  services.pane.select({ kind: 'go', position: 0 });
  choose(services, 'Permissions…');
  const many = { kind: 'aspect-many', aspect: 'acl', connectionId, bucket: 'b' };
  expect(opened()).toEqual({ ...many, items: [{ key: 'p/f/', folder: true }] });
  services.dialogs.close();

  services.pane.select({ kind: 'all' });
  choose(services, 'Tags…');
  const items = [
    { key: 'p/f/', folder: true },
    { key: 'p/a', folder: false },
    { key: 'p/b', folder: false },
  ];
  expect(opened()).toEqual({ ...many, aspect: 'tags', items });
  services.dialogs.close();
  choose(services, 'Create Link…');
  expect(opened()).toEqual({ kind: 'links', connectionId, bucket: 'b', items });
});

test('with nothing selected the folder is meant, and its bucket for rules', async () => {
  const services = await open('b', 'p/');
  expect(offered(services)).toEqual([...EDITORS, 'CORS Rules…']);
  choose(services, 'Permissions…');
  expect(services.dialogs.store.getState().open).toMatchObject({
    kind: 'aspect-many',
    items: [{ key: 'p/', folder: true }],
  });
  services.dialogs.close();
  choose(services, 'CORS Rules…');
  expect(services.dialogs.store.getState().open).toMatchObject({
    kind: 'aspect',
    place: { bucket: 'b', key: null },
  });
});

test('what the server was found not to have is grey and says so', async () => {
  const services = await open('b');
  services.pane.select({ kind: 'go', position: 1 });
  choose(services, 'Tags…');
  await expect
    .element(page.getByRole('dialog').getByText('This server has no tags'))
    .toBeVisible();
  services.dialogs.close();
  expect(offered(services)).toEqual([
    'Create Link…',
    'Permissions…',
    'Headers and Metadata…',
    'Tags… (This server has no tags)',
  ]);
});

test('without keys there is nothing to sign links with', async () => {
  const services = await open('b');
  services.connections.add({ ...CONNECTION, anonymous: true });
  services.pane.select({ kind: 'go', position: 1 });
  expect(offered(services)[0]).toBe(
    'Create Link… (Links are signed with keys: this connection has none)',
  );
});
