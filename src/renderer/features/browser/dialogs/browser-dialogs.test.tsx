import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import '../../../styles/global.css';
import { AppError } from '../../../../shared/errors/error.ts';
import { DialogHost } from '../../../app/dialog-host.tsx';
import type { DialogRequest } from '../../../stores/dialogs.ts';
import type { FakeAnswers } from '../../../testing/fake-bridge.ts';
import {
  CONNECTION,
  listingPage,
  renderInWindow,
} from '../../../testing/window-fixture.tsx';

const { connectionId } = CONNECTION;

async function open(request: DialogRequest, answers: FakeAnswers) {
  const opened = await renderInWindow(<DialogHost />, {
    'browse.list': () => listingPage([], []),
    ...answers,
  });
  opened.services.pane.navigate({ connectionId, bucket: 'b', prefix: 'p/' });
  opened.services.dialogs.open(request);
  return opened;
}

test('new folder: an empty name is refused, an existing one explained, a good one made', async () => {
  let tries = 0;
  const { fake, services } = await open(
    { kind: 'new-folder', connectionId, bucket: 'b', prefix: 'p/' },
    {
      'browse.createFolder': () => {
        tries += 1;
        if (tries === 1) throw new AppError('conflict.exists', { params: { name: 'x' } });
      },
    },
  );
  const dialog = page.getByRole('dialog', { name: 'New Folder' });
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect.element(dialog.getByText('Enter a name.')).toBeVisible();
  await userEvent.keyboard('2024/May');
  await expect.element(dialog.getByText(/folders within folders/)).toBeVisible();
  await userEvent.keyboard('{Enter}');
  await expect.element(dialog.getByText(/exists|already/i)).toBeVisible();
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => services.dialogs.store.getState().open).toBeNull();
  expect(fake.payloads('browse.createFolder')[1]).toEqual({
    connectionId,
    bucket: 'b',
    key: 'p/2024/May/',
  });
});

test('rename selects the stem, refuses a slash and an existing name', async () => {
  const { fake, services } = await open(
    {
      kind: 'rename',
      connectionId,
      bucket: 'b',
      prefix: 'p/',
      item: { key: 'p/photo.jpg', folder: false },
    },
    {
      'browse.details': ({ key }) => {
        if (key !== 'p/taken.jpg') throw new AppError('object.not-found');
        return {
          key,
          size: 1,
          modified: null,
          etag: '',
          versionId: null,
          storageClass: '',
          headers: [],
          metadata: [],
          checksums: [],
          encryption: null,
        };
      },
      'transfers.move': () => ({ groupId: 1 as never }),
    },
  );
  const field = page.getByRole('textbox', { name: 'New name' });
  await expect.element(field).toHaveFocus();
  const input = field.element() as HTMLInputElement;
  await expect.poll(() => [input.selectionStart, input.selectionEnd]).toEqual([0, 5]);
  await userEvent.keyboard('a/b');
  await expect.element(page.getByText(/cannot contain a slash/)).toBeVisible();
  await field.fill('taken.jpg');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByText(/exists already/)).toBeVisible();
  await field.fill('new.jpg');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => services.dialogs.store.getState().open).toBeNull();
  expect(fake.payloads('transfers.move')).toEqual([
    {
      connectionId,
      bucket: 'b',
      items: [{ item: { key: 'p/photo.jpg', folder: false }, targetKey: 'p/new.jpg' }],
      targetConnectionId: connectionId,
      targetBucket: 'b',
      conflict: 'ask',
    },
  ]);
});

test('delete counts what is in folders, says it is for good, and has Cancel in focus', async () => {
  const items = [{ key: 'p/x/', folder: true }];
  const { fake, services } = await open(
    { kind: 'delete', connectionId, bucket: 'b', items },
    {
      'browse.count': () => ({ objects: 1_204, bytes: 5_000_000, complete: true }),
      'transfers.remove': () => ({ groupId: 1 as never }),
    },
  );
  const dialog = page.getByRole('alertdialog');
  await expect.element(dialog.getByText(/cannot be undone/)).toBeVisible();
  await expect.element(dialog.getByRole('button', { name: 'Cancel' })).toHaveFocus();
  await dialog.getByRole('button', { name: 'Delete 1,204 Objects' }).click();
  await expect.poll(() => services.dialogs.store.getState().open).toBeNull();
  expect(fake.payloads('transfers.remove')).toEqual([
    { connectionId, bucket: 'b', items },
  ]);
});

test('Escape leaves a delete question without deleting', async () => {
  const { fake, services } = await open(
    {
      kind: 'delete',
      connectionId,
      bucket: 'b',
      items: [{ key: 'p/x', folder: false }],
    },
    {},
  );
  await expect.element(page.getByRole('alertdialog')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => services.dialogs.store.getState().open).toBeNull();
  expect(fake.payloads('transfers.remove')).toEqual([]);
});

test('go to folder explains an address of another server and keeps what was typed', async () => {
  const { services } = await open({ kind: 'go-to-folder', connectionId }, {});
  const field = page.getByRole('textbox', { name: 'Folder' });
  await field.fill('https://elsewhere.example.org/bucket/x/');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByText(/another server/)).toBeVisible();
  await expect.element(field).toHaveValue('https://elsewhere.example.org/bucket/x/');
  await field.fill('s3://other/a//b/');
  await userEvent.keyboard('{Enter}');
  await expect
    .poll(() => services.pane.store.getState().location)
    .toEqual({ connectionId, bucket: 'other', prefix: 'a//b/' });
});

test('a new bucket’s name is held against the rules as one types', async () => {
  await open({ kind: 'new-bucket', connectionId }, {});
  const field = page.getByRole('textbox', { name: 'Name' });
  await field.fill('My Bucket');
  await expect.element(page.getByText('Use lower-case letters only.')).toBeVisible();
  await field.fill('my-bucket');
  await expect
    .element(page.getByText('Use lower-case letters only.'))
    .not.toBeInTheDocument();
});
