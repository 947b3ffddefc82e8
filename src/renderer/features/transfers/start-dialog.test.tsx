import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import '../../styles/global.css';
import type { TransferPreview } from '../../../shared/contract/transfers.ts';
import type { GroupId } from '../../../shared/domain/ids.ts';
import { DialogHost } from '../../app/dialog-host.tsx';
import type { FakeAnswers } from '../../testing/fake-bridge.ts';
import { CONNECTION, renderInWindow } from '../../testing/window-fixture.tsx';
import type { TransferStart } from './start-transfer.ts';

const { connectionId } = CONNECTION;

const UPLOAD: TransferStart = {
  kind: 'upload',
  connectionId,
  bucket: 'b',
  prefix: 'p/',
  paths: ['/home/me/site'],
};

const COUNTED: TransferPreview = {
  files: 1_200,
  folders: 3,
  bytes: 5_000_000,
  conflicts: 12,
  first: 'index.html',
  hidden: 2,
  complete: true,
};

function open(preview: NonNullable<FakeAnswers['transfers.preview']>) {
  return renderInWindow(<DialogHost />, {
    'transfers.preview': preview,
    'transfers.upload': () => ({ groupId: 1 as GroupId }),
    'transfers.download': () => ({ groupId: 2 as GroupId }),
  });
}

test('conflicts are counted and one choice holds for all of them', async () => {
  const { services, fake } = await open(() => COUNTED);
  await services.starter.start(UPLOAD);
  const dialog = page.getByRole('dialog', {
    name: '12 of 1,200 files are already there',
  });
  await expect.element(dialog).toBeVisible();
  expect(fake.payloads('transfers.upload')).toEqual([]);
  await dialog.getByRole('radio', { name: 'Overwrite if newer' }).click();
  await dialog.getByRole('checkbox', { name: 'Upload the 2 hidden items, too' }).click();
  await dialog.getByRole('button', { name: 'Upload' }).click();
  await expect.poll(() => fake.payloads('transfers.upload').length).toBe(1);
  expect(fake.payloads('transfers.upload')[0]).toMatchObject({
    prefix: 'p/',
    conflict: 'newer',
    hidden: 'include',
  });
  expect(services.dialogs.store.getState().open).toBeNull();
});

test('where all of it is there already nothing is said of a rest', async () => {
  const { services } = await open(() => ({ ...COUNTED, files: 12, hidden: 0 }));
  await services.starter.start(UPLOAD);
  const dialog = page.getByRole('dialog', { name: '12 of 12 files are already there' });
  await expect
    .element(dialog)
    .toHaveAccessibleDescription(
      'Into b/p/ (5.0 MB in all). Choose what happens to them.',
    );
});

test('a count that does not end keeps nobody waiting', async () => {
  const { services, fake } = await open(() => new Promise(() => undefined));
  await services.starter.start(UPLOAD);
  const dialog = page.getByRole('dialog', { name: /looking for what is there/ });
  await dialog.getByRole('button', { name: 'Start Now' }).click();
  await expect.poll(() => fake.payloads('transfers.upload').length).toBe(1);
  expect(fake.payloads('transfers.upload')[0]).toMatchObject({ conflict: 'ask' });
});

test('a late count without conflicts starts by itself, once', async () => {
  const late = Promise.withResolvers<TransferPreview>();
  const { services, fake } = await open(() => late.promise);
  await services.starter.start(UPLOAD);
  const dialog = page.getByRole('dialog', { name: /looking for what is there/ });
  await expect.element(dialog).toBeVisible();
  late.resolve({ ...COUNTED, conflicts: 0, first: null });
  await expect.poll(() => services.dialogs.store.getState().open).toBeNull();
  await expect.poll(() => fake.payloads('transfers.upload').length).toBe(1);
});

test.each([
  ['nothing is in the way', { ...COUNTED, conflicts: 0, first: null }],
  ['one file alone asks by itself', { ...COUNTED, files: 1, conflicts: 1 }],
])('it starts right away when %s', async (_case, counted) => {
  const { services, fake } = await open(() => counted);
  await services.starter.start(UPLOAD);
  expect(fake.payloads('transfers.upload')).toHaveLength(1);
  expect(services.dialogs.store.getState().open).toBeNull();
});

test('a count that fails is no obstacle', async () => {
  const { services, fake } = await open(() => {
    throw new Error('no way to count');
  });
  await services.starter.start(UPLOAD);
  expect(fake.payloads('transfers.upload')[0]).toMatchObject({ conflict: 'ask' });
});

test('an incomplete count says so, and cancelling starts nothing', async () => {
  const { services, fake } = await open(() => ({ ...COUNTED, complete: false }));
  await services.starter.start({
    kind: 'download',
    connectionId,
    bucket: 'b',
    basePrefix: '',
    items: [{ key: 'dir/', folder: true }],
    folder: '/home/me/Downloads',
  });
  const dialog = page.getByRole('dialog', {
    name: '12 or more of more than 1,200 files are already there',
  });
  await expect.element(dialog.getByRole('checkbox')).not.toBeInTheDocument();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect.poll(() => services.dialogs.store.getState().open).toBeNull();
  expect(fake.payloads('transfers.download')).toEqual([]);
});
