import {
  PutBucketOwnershipControlsCommand,
  PutObjectAclCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import {
  anonymous,
  connect,
  everyoneReads,
  openEditor,
  press,
  save,
  sheetOf,
  strangers,
} from '../fixtures/sheets.ts';
import { expect, test } from '../fixtures/test.ts';

test('an object is made public, which is proved, and private again with one click', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await connect(dipper, target);
  expect(await anonymous(target, bucket, 'one.txt')).toBe(403);
  await dipper.row('one.txt').click();
  await dipper.inspectorPage('Access');
  await expect(dipper.inspector).toContainText('Private');
  const sheet = await openEditor(dipper, 'Permissions');
  await everyoneReads(sheet).check();
  await expect(sheet.getByRole('combobox', { name: 'Preset' })).toContainText(
    'Public read',
  );
  await press(sheet, 'Review Changes…');
  await expect(sheet.getByRole('list', { name: 'What will change' })).toContainText(
    'Everyone: Read',
  );
  await expect(sheet).toContainText('able to open and download');
  expect(await strangers(target, bucket, 'one.txt')).toEqual([]);
  await press(sheet, 'Save');
  await expect(sheet).toContainText('Yes, everyone can open it');
  expect(await anonymous(target, bucket, 'one.txt')).toBe(200);
  expect(await strangers(target, bucket, 'one.txt')).toEqual(['AllUsers READ']);
  await press(sheet, 'Done');
  await expect(dipper.inspector).toContainText('Public read');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect.poll(() => anonymous(target, bucket, 'one.txt')).toBe(403);
  await expect(dipper.inspector).toContainText('Private');
});

test('nobody locks themselves out, and unknown users are refused as one types', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await connect(dipper, target);
  await dipper.row('one.txt').click();
  const sheet = await openEditor(dipper, 'Permissions');
  const owner = sheet.getByRole('row').filter({ hasText: 'Owner' });
  for (const box of await owner.getByRole('checkbox').all()) {
    await expect(box).toBeChecked();
    await expect(box).toBeDisabled();
  }
  await press(sheet, 'Add User');
  await page.keyboard.type('arn:aws:iam::123456789012:user/bo');
  await expect(sheet).toContainText('ACLs know no ARNs');
  await sheet.getByLabel('Canonical user ID or e-mail').fill('');
  await press(sheet, 'Review Changes…');
  await expect(sheet.getByLabel('Canonical user ID or e-mail')).toBeFocused();
  // Well formed, and known to nobody: the server has the last word.
  await page.keyboard.type('nobody@dipper.test');
  await save(sheet);
  await expect(sheet.getByRole('alert')).toBeVisible();
  expect(await strangers(target, bucket, 'one.txt')).toEqual([]);
});

test('a bucket becomes public by a preset; all in it by a job in the queue', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await connect(dipper, target);
  await target.put(bucket, 'f/two.txt', 'two');
  const sheet = await openEditor(dipper, 'Permissions');
  await sheet.getByRole('combobox', { name: 'Preset' }).click();
  await page.getByRole('option', { name: /^Public read(?! and)/ }).click();
  await save(sheet);
  await expect(sheet).toContainText('The bucket is public');
  await press(sheet, 'Done');
  expect(await anonymous(target, bucket, '')).toBe(200);
  // Nothing inherits.
  expect(await anonymous(target, bucket, 'f/two.txt')).toBe(403);

  await press(dipper.inspector, 'Change All: Objects’ Permissions');
  const many = sheetOf(page, 'Change Permissions');
  await expect(many).toContainText('2 objects');
  await many.getByRole('combobox', { name: 'Preset' }).click();
  await page.getByRole('option', { name: /^Public read(?! and)/ }).click();
  await press(many, 'Review Changes…');
  await expect(many).toContainText('Everyone on the internet');
  await press(many, 'Start');
  await expect.poll(() => anonymous(target, bucket, 'f/two.txt')).toBe(200);
  await expect.poll(() => anonymous(target, bucket, 'one.txt')).toBe(200);
  await dipper.queueIdle(0);
});

test('a bucket without ACLs says so, and a blocked one why nobody gets in', async ({
  dipper,
  target,
}) => {
  test.skip(target.own === undefined, 'not every server has the switches');
  const bucket = await connect(dipper, target);
  await target.client.send(
    new PutPublicAccessBlockCommand({
      Bucket: bucket,
      PublicAccessBlockConfiguration: { IgnorePublicAcls: true },
    }),
  );
  await dipper.row('one.txt').click();
  const sheet = await openEditor(dipper, 'Permissions');
  await everyoneReads(sheet).check();
  await save(sheet);
  await expect(sheet).toContainText('strangers still do not get in');
  await expect(sheet).toContainText('“Ignore public ACLs”');
  await press(sheet, 'Done');
  await target.client.send(
    new PutBucketOwnershipControlsCommand({
      Bucket: bucket,
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    }),
  );
  await target.put(bucket, 'two.txt', 'two');
  await dipper.press('Mod+r');
  await dipper.row('two.txt').click();
  await expect(dipper.inspector).toContainText('ACLs are switched off for this bucket');
});

test('a list somebody else changed meanwhile is not written over', async ({
  dipper,
  target,
}) => {
  const bucket = await connect(dipper, target);
  await dipper.row('one.txt').click();
  const sheet = await openEditor(dipper, 'Permissions');
  await everyoneReads(sheet).check();
  await target.client.send(
    new PutObjectAclCommand({
      Bucket: bucket,
      Key: 'one.txt',
      ACL: 'authenticated-read',
    }),
  );
  await save(sheet);
  await expect(sheet).toContainText('Changed by somebody else meanwhile');
  expect(await strangers(target, bucket, 'one.txt')).toEqual(['AuthenticatedUsers READ']);
  await press(sheet, 'Look at the Difference');
  await expect(
    sheet.getByRole('list', { name: 'What was changed meanwhile' }),
  ).toContainText('Anyone signed in: Read');
  await press(sheet, 'Reload');
  await expect(
    sheet.getByRole('checkbox', { name: 'Anyone signed in: Read', exact: true }),
  ).toBeChecked();
});
