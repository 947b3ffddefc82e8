import { GetBucketTaggingCommand, PutObjectTaggingCommand } from '@aws-sdk/client-s3';
import { connect, openEditor, press, save, sheetOf, tags } from '../fixtures/sheets.ts';
import { expect, test } from '../fixtures/test.ts';

test('bad names are refused as one types; good ones are saved and come back', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await connect(dipper, target);
  await dipper.row('one.txt').click();
  const sheet = await openEditor(dipper, 'Tags');
  await expect(sheet).toContainText('0 of 10');
  for (const [name, problem] of [
    ['aws:x', 'reserved'],
    ['a&b', '“&” is not allowed'],
    ['k'.repeat(129), 'At most 128 characters'],
  ] as const) {
    await sheet.getByLabel('Name of tag 1').fill(name);
    await expect(sheet).toContainText(problem);
  }
  await sheet.getByLabel('Name of tag 1').fill('team');
  await sheet.getByLabel('Value of tag 1').fill('red');
  for (let index = 2; index <= 10; index += 1) {
    await press(sheet, 'Add Tag');
    await sheet.getByLabel(`Name of tag ${index}`).fill(`k${index}`);
  }
  await expect(sheet.getByRole('button', { name: 'Add Tag' })).toBeDisabled();
  await save(sheet);
  await expect(sheet).toBeHidden();
  await expect(dipper.inspector).toContainText('team');
  expect(await tags(target, bucket, 'one.txt')).toMatchObject({ team: 'red', k10: '' });

  await press(dipper.inspector, 'Edit Tags');
  await press(sheet, 'Earlier States');
  await page.getByRole('menuitem').first().click();
  await expect(sheet.getByRole('list', { name: 'What will change' })).toContainText(
    'team: red',
  );
  await press(sheet, 'Go Back to This');
  await expect(sheet).toBeHidden();
  expect(await tags(target, bucket, 'one.txt')).toEqual({});
});

test('tags somebody else changed meanwhile are shown beside one’s own', async ({
  dipper,
  target,
}) => {
  const bucket = await connect(dipper, target);
  const theirs = (Value: string) =>
    target.client.send(
      new PutObjectTaggingCommand({
        Bucket: bucket,
        Key: 'one.txt',
        Tagging: { TagSet: [{ Key: 'team', Value }] },
      }),
    );
  await theirs('first');
  await dipper.row('one.txt').click();
  const sheet = await openEditor(dipper, 'Tags');
  await sheet.getByLabel('Value of tag 1').fill('mine');
  await theirs('theirs');
  await save(sheet);
  await expect(sheet).toContainText('Changed by somebody else meanwhile');
  expect(await tags(target, bucket, 'one.txt')).toEqual({ team: 'theirs' });
  await press(sheet, 'Look at the Difference');
  await press(sheet, 'Save Mine over It');
  await expect(sheet).toBeHidden();
  expect(await tags(target, bucket, 'one.txt')).toEqual({ team: 'mine' });
});

test('a bucket has tags of its own', async ({ dipper, page, target }) => {
  const bucket = await connect(dipper, target);
  const sheet = await openEditor(dipper, 'Tags');
  await expect(sheet.getByLabel('Name of tag 1')).toBeFocused();
  await page.keyboard.type('cost centre');
  await page.keyboard.press('Tab');
  await page.keyboard.type('4711');
  await page.keyboard.press('Enter');
  await expect(sheet.getByRole('button', { name: 'Save' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(sheet).toBeHidden();
  const { TagSet } = await target.client.send(
    new GetBucketTaggingCommand({ Bucket: bucket }),
  );
  expect(TagSet).toEqual([{ Key: 'cost centre', Value: '4711' }]);
});

test('the tags of a selection are changed as a job', async ({ dipper, page, target }) => {
  const bucket = await connect(dipper, target);
  await target.put(bucket, 'f/two.txt', 'two');
  await target.client.send(
    new PutObjectTaggingCommand({
      Bucket: bucket,
      Key: 'f/two.txt',
      Tagging: {
        TagSet: [
          { Key: 'old', Value: '1' },
          { Key: 'kept', Value: '2' },
        ],
      },
    }),
  );
  await dipper.press('Mod+r');
  await expect(dipper.row('f')).toBeVisible();
  await dipper.files.focus();
  await dipper.press('Mod+a');
  await dipper.inspectorPage('Metadata');
  await press(dipper.inspector, 'Change: Tags');
  const sheet = sheetOf(page, 'Change Tags');
  await sheet.getByLabel('Name of tag 1').fill('team');
  await sheet.getByLabel('Value of tag 1').fill('red');
  await press(sheet, 'Add Tag');
  await sheet.getByLabel('Name of tag 2').fill('old');
  await sheet.getByRole('combobox', { name: 'What is done with tag 2' }).click();
  await page.getByRole('option', { name: /^Remove/ }).click();
  await expect(sheet).toContainText('2 objects');
  await press(sheet, 'Review Changes…');
  await press(sheet, 'Start');
  await expect(sheet).toBeHidden();
  await expect
    .poll(() => tags(target, bucket, 'f/two.txt'))
    .toEqual({ team: 'red', kept: '2' });
  await expect.poll(() => tags(target, bucket, 'one.txt')).toEqual({ team: 'red' });
  await dipper.queueIdle(0);
});

test('where a server has nothing of the kind, that is said and nothing is offered', async ({
  dipper,
  target,
}) => {
  const { own } = target;
  test.skip(own === undefined, 'needs a server that can be told to lack something');
  if (own === undefined) return;
  own.features = { tagging: 'notImplemented', acl: 'ignored' };
  try {
    await connect(dipper, target);
    await dipper.row('one.txt').click();
    await dipper.inspectorPage('Metadata');
    await expect(dipper.inspector).toContainText('This server has no tags');
    await expect(dipper.inspector.getByRole('button', { name: 'Edit Tags' })).toHaveCount(
      0,
    );
    await dipper.inspectorPage('Access');
    await expect(dipper.inspector).toContainText(
      'This server has no access control lists',
    );
  } finally {
    own.features = {};
  }
});

test('keys that may not are told which action on which object they lack', async ({
  dipper,
  page,
  target,
}) => {
  const { own } = target;
  test.skip(own === undefined, 'needs a refusal on demand');
  if (own === undefined) return;
  const bucket = await connect(dipper, target);
  await dipper.row('one.txt').click();
  const sheet = await openEditor(dipper, 'Tags');
  await expect(sheet.getByLabel('Name of tag 1')).toBeFocused();
  await page.keyboard.type('team');
  own.faults.add({
    match: { operation: 'PutObjectTagging' },
    action: { kind: 'error', status: 403, code: 'AccessDenied' },
  });
  await save(sheet);
  const alert = sheet.getByRole('alert');
  await expect(alert).toContainText('s3:PutObjectTagging');
  await expect(alert).toContainText(`${bucket}/one.txt`);
  await press(sheet, 'Back');
  await expect(sheet.getByLabel('Name of tag 1')).toHaveValue('team');
  own.faults.clear();
  await save(sheet);
  await expect(sheet).toBeHidden();
});
