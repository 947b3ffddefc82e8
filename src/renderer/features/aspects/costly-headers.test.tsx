import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import '../../styles/global.css';
import type { ObjectHeaders, Reading } from '../../../shared/domain/aspects.ts';
import { AppError } from '../../../shared/errors/error.ts';
import { DialogHost } from '../../app/dialog-host.tsx';
import { CONNECTION, renderInWindow } from '../../testing/window-fixture.tsx';

const PLACE = {
  connectionId: CONNECTION.connectionId,
  bucket: 'b',
  key: 'photos/cat.jpg',
} as const;

const HEADERS: ObjectHeaders = {
  contentType: 'image/jpeg',
  contentDisposition: '',
  cacheControl: '',
  contentEncoding: '',
  contentLanguage: '',
  expires: '',
  metadata: [],
};

function reading(value: ObjectHeaders, revision: string): Reading {
  return { kind: 'read', aspect: { aspect: 'headers', value }, revision, locked: null };
}

test('headers that would cost unreadable permissions are saved only after a clear yes', async () => {
  await page.viewport(1_000, 800);
  let value = HEADERS;
  const { fake, services } = await renderInWindow(<DialogHost />, {
    'aspects.read': () => reading(value, '1'),
    'aspects.earlier': () => [],
    'aspects.write': ({ change, mayResetAcl = false }) => {
      if (!mayResetAcl) throw new AppError('aspect.acl-unreadable');
      if (change.aspect !== 'headers') throw new AppError('internal');
      ({ value } = change);
      return reading(value, '2');
    },
  });
  services.dialogs.open({ kind: 'aspect', aspect: 'headers', place: PLACE });
  const sheet = page.getByRole('dialog', { name: 'Headers and Metadata' });
  await sheet.getByLabelText('Content-Type', { exact: true }).fill('image/png');
  await userEvent.keyboard('{Tab}');
  await sheet.getByRole('button', { name: 'Review Changes…' }).click();
  await sheet.getByRole('button', { name: 'Save', exact: true }).click();
  const question = page.getByRole('alertdialog');
  await expect
    .element(question)
    .toMatchTextContent(/cannot read who may read this object.*only its owner may/);
  // The safe way out is what a key in a hurry gets.
  await userEvent.keyboard('{Enter}');
  await expect.element(question).not.toBeInTheDocument();
  expect(value).toEqual(HEADERS);
  await sheet.getByRole('button', { name: 'Save', exact: true }).click();
  await question.getByRole('button', { name: 'Save for the Owner Alone' }).click();
  await expect.poll(() => services.dialogs.store.getState().open).toBeNull();
  expect(value.contentType).toBe('image/png');
  expect(fake.payloads('aspects.write')).toHaveLength(3);
  // The way back costs no more than the way there.
  services.toasts.store.getState().items.at(-1)?.action?.onSelect();
  await expect.poll(() => value).toEqual(HEADERS);
});

test('headers that were saved without their tags are not called unsaved', async () => {
  await page.viewport(1_000, 800);
  let value = HEADERS;
  const { services } = await renderInWindow(<DialogHost />, {
    'aspects.read': () => reading(value, value.contentType),
    'aspects.earlier': () => [],
    'aspects.write': ({ change }) => {
      if (change.aspect !== 'headers') throw new AppError('internal');
      ({ value } = change);
      throw new AppError('aspect.tags-lost', {
        params: { key: 'photos/cat.jpg', count: 2, action: 's3:PutObjectTagging' },
      });
    },
  });
  services.dialogs.open({ kind: 'aspect', aspect: 'headers', place: PLACE });
  const sheet = page.getByRole('dialog', { name: 'Headers and Metadata' });
  const type = sheet.getByLabelText('Content-Type', { exact: true });
  await type.fill('image/png');
  await userEvent.keyboard('{Tab}');
  await sheet.getByRole('button', { name: 'Review Changes…' }).click();
  await sheet.getByRole('button', { name: 'Save', exact: true }).click();
  await expect
    .element(sheet.getByRole('alert'))
    .toMatchTextContent(/were saved.*dropped its 2 tags.*s3:PutObjectTagging/);
  await expect.element(type).toHaveValue('image/png');
  // Nothing of it is left to save, or to lose.
  await sheet.getByRole('button', { name: 'Cancel' }).click();
  await expect.poll(() => services.dialogs.store.getState().open).toBeNull();
});
