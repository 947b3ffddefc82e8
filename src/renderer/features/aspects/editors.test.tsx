import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import '../../styles/global.css';
import type {
  Acl,
  Aspect,
  ObjectHeaders,
  Reading,
} from '../../../shared/domain/aspects.ts';
import type { Exposure } from '../../../shared/domain/exposure.ts';
import { DialogHost } from '../../app/dialog-host.tsx';
import type { FakeAnswers } from '../../testing/fake-bridge.ts';
import {
  CONNECTION,
  listingPage,
  renderInWindow,
} from '../../testing/window-fixture.tsx';
import { expectAccessible } from '../connect/testing/render-ui.tsx';

const { connectionId } = CONNECTION;
const OWNER = { id: 'o'.repeat(64), name: 'A very long display name '.repeat(6) };
const ACL: Acl = {
  owner: OWNER,
  grants: [{ grantee: { kind: 'user', ...OWNER }, permission: 'FULL_CONTROL' }],
};
const HEADERS: ObjectHeaders = {
  contentType: 'binary/octet-stream',
  contentDisposition: '',
  cacheControl: '',
  contentEncoding: '',
  contentLanguage: '',
  expires: '',
  metadata: [{ name: 'author', value: 'Ada' }],
};
const EXPOSURE: Exposure = {
  verdict: 'private',
  aclIsPublic: true,
  policyIsPublic: null,
  block: null,
  ownership: 'BucketOwnerEnforced',
  anonymous: null,
};

function reading(aspect: Aspect): Reading {
  return { kind: 'read', aspect, revision: '1', locked: null };
}

async function open(
  aspect: 'acl' | 'headers' | 'tags',
  value: Aspect,
  answers: FakeAnswers = {},
) {
  await page.viewport(1_000, 740);
  const opened = await renderInWindow(<DialogHost />, {
    'aspects.read': () => reading(value),
    'aspects.earlier': () => [],
    'aspects.write': ({ change }) => ({ ...reading(change), revision: '2' }),
    ...answers,
  });
  opened.services.dialogs.open({
    kind: 'aspect',
    aspect,
    place: { connectionId, bucket: 'b', key: `${'long '.repeat(30)}/page.html` },
  });
  return opened;
}

test('the grid works by keyboard, and boxes say whom and what they are about', async () => {
  const { fake } = await open('acl', { aspect: 'acl', value: ACL });
  const sheet = page.getByRole('dialog', { name: 'Permissions' });
  const read = sheet.getByRole('checkbox', { name: 'Everyone: Read', exact: true });
  await expect.element(read).not.toBeChecked();
  (read.element() as HTMLElement).focus();
  await userEvent.keyboard(' ');
  await expect.element(read).toBeChecked();
  await expect
    .element(sheet.getByRole('checkbox', { name: 'Everyone: Write', exact: true }))
    .toBeDisabled();
  await userEvent.keyboard('{Enter}');
  await expect.element(sheet.getByRole('button', { name: 'Save' })).toHaveFocus();
  await userEvent.keyboard('{Escape}');
  await expect.element(read).toBeChecked();
  expect(fake.payloads('aspects.write')).toEqual([]);
});

test('what stands in the way of a public object is told after the save', async () => {
  const { services } = await open(
    'acl',
    { aspect: 'acl', value: ACL },
    {
      'aspects.anonymous': () => ({
        url: 'https://s3.example.com/b/page.html',
        status: 403,
        code: 'AccessDenied',
      }),
      'aspects.exposure': () => EXPOSURE,
    },
  );
  const sheet = page.getByRole('dialog', { name: 'Permissions' });
  await sheet.getByRole('checkbox', { name: 'Everyone: Read', exact: true }).click();
  await userEvent.keyboard('{Enter}');
  await sheet.getByRole('button', { name: 'Save' }).click();
  await expect
    .element(sheet.getByRole('status'))
    .toMatchTextContent(/do not get in.*403 \(AccessDenied\).*ACLs are switched off/);
  await sheet.getByRole('button', { name: 'Done' }).click();
  expect(services.dialogs.store.getState().open).toBeNull();
});

test('the type a name stands for is offered; text of several lines is not pasted', async () => {
  await open('headers', { aspect: 'headers', value: HEADERS });
  const sheet = page.getByRole('dialog', { name: 'Headers and Metadata' });
  await sheet.getByRole('button', { name: 'Use That' }).click();
  const type = sheet.getByLabelText('Content-Type');
  await expect.element(type).toHaveValue(expect.stringMatching(/^text\/html/));
  await sheet.getByLabelText('Content-Language').fill('de');
  await sheet.getByLabelText('Value of metadata 1').fill('two\tcolumns');
  await expect.element(sheet.getByText(/Remove the control character/)).toBeVisible();
});

test('headers of many objects: typing a value sets it, and the job gets what was said', async () => {
  await page.viewport(1_000, 740);
  const { fake, services } = await renderInWindow(<DialogHost />, {
    'aspects.changeMany': () => ({ groupId: 1 as never }),
  });
  const items = [
    { key: 'a.html', folder: false },
    { key: 'b.css', folder: false },
  ];
  const where = { connectionId, bucket: 'b' };
  services.dialogs.open({ kind: 'aspect-many', aspect: 'headers', ...where, items });
  const sheet = page.getByRole('dialog', { name: /^Change Headers/ });
  await expect.element(sheet.getByText('2 objects')).toBeVisible();
  await expect.element(sheet.getByRole('button', { name: /^Review/ })).toBeDisabled();
  await sheet.getByLabelText('Cache-Control', { exact: true }).fill('max-age=60');
  await userEvent.keyboard('{Tab}');
  await expect
    .element(sheet.getByLabelText('What is done with Cache-Control'))
    .toMatchTextContent('Set');
  await sheet.getByRole('checkbox', { name: 'Remove all other metadata' }).click();
  await sheet.getByRole('button', { name: /^Review/ }).click();
  await expect
    .element(sheet.getByRole('list', { name: 'What will change' }))
    .toMatchTextContent(/Cache-Control: max-age=60.*All other x-amz-meta-\*/);
  await sheet.getByRole('button', { name: 'Start' }).click();
  await expect.poll(() => services.dialogs.store.getState().open).toBeNull();
  expect(fake.payloads('aspects.changeMany')).toEqual([
    {
      ...where,
      items,
      change: {
        aspect: 'headers',
        set: { 'cache-control': 'max-age=60' },
        typeByExtension: false,
        setMetadata: {},
        removeMetadata: [],
        replaceMetadata: true,
      },
    },
  ]);
});

test('all a bucket holds is changed by what lies at its top', async () => {
  await page.viewport(1_000, 740);
  const { fake, services } = await renderInWindow(<DialogHost />, {
    'browse.list': () => listingPage(['f/'], ['one.txt']),
    'browse.count': () => ({ objects: 1_234, bytes: 5, complete: true }),
    'aspects.read': () => ({
      kind: 'unavailable',
      why: { reason: 'acls-disabled' },
    }),
    'aspects.changeMany': () => ({ groupId: 1 as never }),
  });
  const where = { connectionId, bucket: 'b' };
  services.dialogs.open({ kind: 'aspect-many', aspect: 'acl', ...where, items: null });
  const sheet = page.getByRole('dialog', { name: 'Change Permissions' });
  await expect.element(sheet.getByText('1,234 objects')).toBeVisible();
  await expect.element(sheet.getByText(/^ACLs are switched off/)).toBeVisible();
  await sheet.getByText('Give and take single permissions').click();
  await sheet.getByRole('button', { name: 'Add Permission' }).click();
  await sheet.getByRole('button', { name: /^Review/ }).click();
  const user = sheet.getByLabelText('User of line 2');
  await expect.element(user).toHaveFocus();
  await userEvent.keyboard('two words');
  await expect.element(user).toHaveAccessibleDescription(/no spaces/);
  await sheet.getByRole('button', { name: 'Leave out line 2' }).click();
  await sheet.getByRole('button', { name: /^Review/ }).click();
  await sheet.getByRole('button', { name: 'Start' }).click();
  await expect
    .poll(() => fake.payloads('aspects.changeMany'))
    .toMatchObject([
      {
        ...where,
        items: [
          { key: 'f/', folder: true },
          { key: 'one.txt', folder: false },
        ],
        change: { aspect: 'acl', canned: null, remove: [] },
      },
    ]);
});

test.each(['acl', 'headers', 'tags'] as const)(
  'the sheet of %s is accessible in every theme',
  async (aspect) => {
    const values = {
      acl: { aspect: 'acl', value: ACL },
      headers: { aspect: 'headers', value: HEADERS },
      tags: { aspect: 'tags', value: [{ key: 'a', value: '1' }] },
    } as const satisfies Record<string, Aspect>;
    await open(aspect, structuredClone(values[aspect]) as Aspect);
    await expect
      .element(page.getByRole('button', { name: 'Review Changes…' }))
      .toBeVisible();
    for (const theme of ['light', 'dark', 'high-contrast'] as const) {
      await expectAccessible(theme);
    }
  },
);
