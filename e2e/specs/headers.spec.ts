import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  anonymous,
  connect,
  openEditor,
  press,
  sheetOf,
  strangers,
  tags,
} from '../fixtures/sheets.ts';
import { expect, test } from '../fixtures/test.ts';

test('headers are saved as they are shown; permissions and tags stay', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await target.makeBucket();
  await target.client.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: 'page.html',
      Body: '<p>',
      ContentType: 'binary/octet-stream',
      CacheControl: 'no-store',
      Metadata: { first: 'one', second: 'two' },
      Tagging: 'team=red',
      ACL: 'public-read',
    }),
  );
  await dipper.connect({ endpoint: target.endpoint, root: bucket }, target.full);
  await dipper.row('page.html').click();
  await dipper.inspectorPage('Metadata');
  await expect(dipper.inspector).toContainText('x-amz-meta-first');
  const sheet = await openEditor(dipper, 'Headers and Metadata');
  await press(sheet, 'Use That');
  await expect(sheet.getByLabel('Content-Type', { exact: true })).toHaveValue(
    /^text\/html/,
  );
  await sheet.getByLabel('Cache-Control', { exact: true }).fill('');
  await sheet.getByLabel('Expires', { exact: true }).fill('2030-01-02');
  await sheet.getByLabel('Value of metadata 1').fill('Ines Åkerlund ☂');
  await press(sheet, 'Remove metadata 2');
  await press(sheet, 'Add Metadata');
  await page.keyboard.type('X-Amz-Meta-Third');
  await press(sheet, 'Review Changes…');
  const changes = sheet.getByRole('list', { name: 'What will change' });
  await expect(changes).toContainText('Cache-Control: no-store');
  await expect(changes).toContainText('Expires: Wed, 02 Jan 2030 00:00:00 GMT');
  await expect(changes).toContainText('x-amz-meta-third');
  await press(sheet, 'Save');
  await expect(sheet).toBeHidden();
  await expect(dipper.inspector).toContainText('Ines Åkerlund ☂');
  const head = await target.client.send(
    new HeadObjectCommand({ Bucket: bucket, Key: 'page.html' }),
  );
  expect(head.ContentType).toMatch(/^text\/html/);
  expect(head.CacheControl ?? '').toBe('');
  expect(head.ExpiresString).toBe('Wed, 02 Jan 2030 00:00:00 GMT');
  expect(Object.keys(head.Metadata ?? {}).sort()).toEqual(['first', 'third']);
  expect(await tags(target, bucket, 'page.html')).toEqual({ team: 'red' });
  expect(await strangers(target, bucket, 'page.html')).toEqual(['AllUsers READ']);
  expect(await anonymous(target, bucket, 'page.html')).toBe(200);
});

test('what would break the headers never gets in', async ({ dipper, page, target }) => {
  const bucket = await connect(dipper, target);
  await dipper.row('one.txt').click();
  const sheet = await openEditor(dipper, 'Headers and Metadata');
  const language = sheet.getByLabel('Content-Language', { exact: true });
  await language.focus();
  await language.evaluate((element) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', 'en\r\nX-Evil: 1');
    element.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    );
  });
  await expect(sheet).toContainText('text of several lines was not pasted');
  await expect(language).toHaveValue('');
  for (const [label, value, problem] of [
    ['Content-Type', 'png', 'type and a subtype'],
    ['Cache-Control', 'für immer', 'Only ASCII'],
    ['Content-Disposition', 'attachment; filename="ü"', 'filename*=UTF-8'],
    ['Expires', 'tomorrow', 'Write a date'],
  ] as const) {
    const field = sheet.getByLabel(label, { exact: true });
    await field.fill(value);
    await page.keyboard.press('Tab');
    await expect(field).toHaveAccessibleDescription(
      new RegExp(problem.replace('*', '\\*')),
    );
  }
  await press(sheet, 'Add Metadata');
  await page.keyboard.type('a:b');
  await expect(sheet).toContainText('“:” cannot be in a name');
  await sheet.getByLabel('Name of metadata 1').fill('big');
  await sheet.getByLabel('Value of metadata 1').fill('x'.repeat(2_046));
  await expect(sheet).toContainText('at most 2,048 bytes');
  await press(sheet, 'Review Changes…');
  await expect(sheet.getByLabel('Content-Type', { exact: true })).toBeFocused();
  await press(sheet, 'Revert');
  await expect(sheet.getByRole('button', { name: 'Review Changes…' })).toBeDisabled();
  const head = await target.client.send(
    new HeadObjectCommand({ Bucket: bucket, Key: 'one.txt' }),
  );
  expect(head.ContentLanguage).toBeUndefined();
});

test('the headers of a folder are changed as a job, types by extension', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await connect(dipper, target);
  await target.put(bucket, 'site/a.html', '<p>');
  await target.put(bucket, 'site/deep/b.css', 'p{}');
  await dipper.press('Mod+r');
  await dipper.row('site').click();
  await dipper.inspectorPage('Metadata');
  await press(dipper.inspector, 'Change All: Headers');
  const sheet = sheetOf(page, 'Change Headers and Metadata');
  await sheet.getByRole('combobox', { name: /done with Content-Type/ }).click();
  await page.getByRole('option', { name: /^By extension/ }).click();
  await sheet.getByLabel('Cache-Control', { exact: true }).fill('max-age=60');
  await page.keyboard.press('Tab');
  await press(sheet, 'Add Metadata');
  await page.keyboard.type('author');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Ada');
  await expect(sheet).toContainText('2 objects');
  await press(sheet, 'Review Changes…');
  await press(sheet, 'Start');
  await expect(sheet).toBeHidden();
  const served = async (key: string) => {
    const head = await target.client.send(
      new HeadObjectCommand({ Bucket: bucket, Key: key }),
    );
    return [head.ContentType?.split(';')[0], head.CacheControl, head.Metadata];
  };
  await expect
    .poll(() => served('site/a.html'))
    .toEqual(['text/html', 'max-age=60', { author: 'Ada' }]);
  await expect
    .poll(() => served('site/deep/b.css'))
    .toEqual(['text/css', 'max-age=60', { author: 'Ada' }]);
  await dipper.queueIdle(0);
});
