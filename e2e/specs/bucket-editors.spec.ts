import {
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketTaggingCommand,
  PutBucketTaggingCommand,
} from '@aws-sdk/client-s3';
import {
  connect,
  everyoneReads,
  openEditor,
  press,
  save,
  sheetOf,
} from '../fixtures/sheets.ts';
import type { Target } from '../fixtures/target.ts';
import { expect, test } from '../fixtures/test.ts';

/** Who has what on a bucket besides its owner, such as `AllUsers READ`. */
async function bucketStrangers({ client }: Target, bucket: string): Promise<string[]> {
  const { Owner, Grants } = await client.send(
    new GetBucketAclCommand({ Bucket: bucket }),
  );
  return (Grants ?? [])
    .filter(({ Grantee }) => Grantee?.URI !== undefined || Grantee?.ID !== Owner?.ID)
    .map(
      ({ Grantee, Permission }) =>
        `${(Grantee?.URI ?? Grantee?.ID ?? '').split('/').at(-1)} ${Permission}`,
    )
    .toSorted();
}

/** The tags of a bucket, by name; none where it has no set of them. */
async function bucketTags({ client }: Target, bucket: string) {
  const { TagSet } = await client
    .send(new GetBucketTaggingCommand({ Bucket: bucket }))
    .catch((error: unknown) => {
      if ((error as Error).name === 'NoSuchTagSet') return { TagSet: [] };
      throw error;
    });
  return Object.fromEntries((TagSet ?? []).map(({ Key, Value }) => [Key, Value]));
}

/** A document with one rule that shows so many headers, each of 66 bytes and more. */
function rules(exposed: number): string {
  return JSON.stringify([
    {
      AllowedOrigins: ['https://shop.example.com'],
      AllowedMethods: ['GET'],
      ExposeHeaders: Array.from(
        { length: exposed },
        (_, n) => `x-${String(n).padStart(62, '0')}`,
      ),
    },
  ]);
}

test('the whole grid of a bucket: who may list, write and read its list; undone with one click', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await connect(dipper, target);
  const sheet = await openEditor(dipper, 'Permissions');
  const box = (name: string) => sheet.getByRole('checkbox', { name, exact: true });
  await everyoneReads(sheet).check();
  await box('Anyone signed in: Write').check();
  await box('Anyone signed in: Read ACP').check();
  await save(sheet);
  await press(sheet, 'Done');
  await expect(sheet).toBeHidden();
  expect(await bucketStrangers(target, bucket)).toEqual([
    'AllUsers READ',
    'AuthenticatedUsers READ_ACP',
    'AuthenticatedUsers WRITE',
  ]);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(dipper.toast('It is as it was before')).toBeVisible();
  expect(await bucketStrangers(target, bucket)).toEqual([]);

  // An earlier state brings it back.
  await press(dipper.inspector, 'Edit Permissions');
  await press(sheet, 'Earlier States');
  await page.getByRole('menuitem').first().click();
  await expect(sheet.getByRole('list', { name: 'What will change' })).toContainText(
    'Anyone signed in',
  );
  await press(sheet, 'Go Back to This');
  await expect.poll(async () => (await bucketStrangers(target, bucket)).length).toBe(3);
});

test('the service that writes access logs is let in where the server knows it', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await connect(dipper, target);
  const sheet = await openEditor(dipper, 'Permissions');
  await sheet.getByRole('combobox', { name: 'Preset' }).click();
  await page.getByRole('option', { name: /^Log delivery/ }).click();
  for (const permission of ['Write', 'Read ACP']) {
    const box = `Log delivery: ${permission}`;
    await expect(sheet.getByRole('checkbox', { name: box, exact: true })).toBeChecked();
  }
  await save(sheet);
  if (target.own === undefined) {
    // Ceph has no such group: it says so, and nothing is lost.
    await expect(sheet.getByRole('alert')).toContainText('Invalid group uri');
    expect(await bucketStrangers(target, bucket)).toEqual([]);
    await press(sheet, 'Back');
    await expect(
      sheet.getByRole('checkbox', { name: 'Log delivery: Write', exact: true }),
    ).toBeChecked();
    return;
  }
  await expect(sheet).toBeHidden();
  expect(await bucketStrangers(target, bucket)).toEqual([
    'LogDelivery READ_ACP',
    'LogDelivery WRITE',
  ]);
  await expect(dipper.inspector).toContainText('Log delivery');
});

test('a bucket takes fifty tags; a save of them is undone with one click', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await connect(dipper, target);
  const before = Array.from({ length: 48 }, (_, n) => ({ Key: `k${n}`, Value: 'v' }));
  await target.client.send(
    new PutBucketTaggingCommand({ Bucket: bucket, Tagging: { TagSet: before } }),
  );
  const sheet = await openEditor(dipper, 'Tags');
  await expect(sheet).toContainText('48 of 50');
  for (const name of ['cost centre', 'größe']) {
    await press(sheet, 'Add Tag');
    await page.keyboard.type(name);
  }
  await expect(sheet).toContainText('50 of 50');
  await expect(sheet.getByRole('button', { name: 'Add Tag' })).toBeDisabled();
  await save(sheet);
  await expect(sheet).toBeHidden();
  const kept = Object.fromEntries(before.map(({ Key, Value }) => [Key, Value]));
  expect(await bucketTags(target, bucket)).toEqual({
    ...kept,
    'cost centre': '',
    größe: '',
  });
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(dipper.toast('It is as it was before')).toBeVisible();
  expect(await bucketTags(target, bucket)).toEqual(kept);
});

test('the first tags of a bucket are undone to none', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await connect(dipper, target);
  const sheet = await openEditor(dipper, 'Tags');
  await expect(sheet.getByLabel('Name of tag 1')).toBeFocused();
  await page.keyboard.type('team');
  await save(sheet);
  await expect(sheet).toBeHidden();
  expect(await bucketTags(target, bucket)).toEqual({ team: '' });
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(dipper.toast('It is as it was before')).toBeVisible();
  expect(await bucketTags(target, bucket)).toEqual({});
});

test('rules of more than 64 KB are not sent; almost as many are', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await connect(dipper, target);
  await dipper.inspectorPage('Access');
  await press(dipper.inspector, 'Edit CORS Rules');
  const sheet = sheetOf(page, 'CORS Rules');
  await sheet.getByRole('radio', { name: 'JSON' }).click();
  const json = sheet.getByLabel('Rules as JSON');
  await json.fill(rules(720));
  await expect(sheet.getByRole('list', { name: 'Problems' })).toContainText(
    'The rules are 66 KB long; a bucket takes 64 KB.',
  );
  await press(sheet, 'Review Changes…');
  await expect(json).toBeFocused();
  await expect(sheet.getByRole('button', { name: 'Save', exact: true })).toBeHidden();
  await json.fill(rules(650));
  await save(sheet);
  await expect(sheet).toBeHidden();
  const { CORSRules } = await target.client.send(
    new GetBucketCorsCommand({ Bucket: bucket }),
  );
  expect(CORSRules?.[0]?.ExposeHeaders).toHaveLength(650);
});
