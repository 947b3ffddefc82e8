import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DeleteObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { Locator, Page } from '@playwright/test';
import { isInstalled, readQrCode, runInShell } from '../fixtures/command-lines.ts';
import { answerDialogs, clipboardText } from '../fixtures/desktop.ts';
import {
  anonymous,
  connect,
  everyoneReads,
  openEditor,
  press,
  sheetOf,
  strangers,
  tags,
} from '../fixtures/sheets.ts';
import { expect, test } from '../fixtures/test.ts';

/** Chooses from the menu of a row, through the menus that open of it. */
async function chooseFromMenu(
  page: Page,
  row: Locator,
  ...path: string[]
): Promise<void> {
  // The menu before is on its way out.
  await expect(page.getByRole('menu')).toHaveCount(0);
  await row.click({ button: 'right' });
  let menu = page.getByRole('menu');
  for (const name of path.slice(0, -1)) {
    await menu.getByRole('menuitem', { name, exact: true }).press('ArrowRight');
    menu = page.getByRole('menu', { name, exact: true });
  }
  await menu.getByRole('menuitem', { name: path.at(-1) ?? '', exact: true }).click();
}

test('a link opens a private object without keys, says when it ends, and is tested', async ({
  app,
  dipper,
  page,
  target,
}) => {
  const bucket = await connect(dipper, target);
  expect(await anonymous(target, bucket, 'one.txt')).toBe(403);
  await chooseFromMenu(page, dipper.row('one.txt'), 'Create Link…');
  const sheet = sheetOf(page, 'Create Link');
  await expect(sheet).toContainText('3,600 seconds');
  await sheet.getByRole('combobox', { name: 'In a browser' }).click();
  await page.getByRole('option', { name: /^Save it/ }).click();
  await sheet.getByLabel('Content type').fill('text/x-dipper');
  await press(sheet, 'Create Link');
  await press(sheet, 'Copy Link');
  await expect.poll(() => clipboardText(app)).toMatch(/^http/);
  const url = await clipboardText(app);
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe('one');
  expect(answer.headers.get('content-type')).toBe('text/x-dipper');
  expect(answer.headers.get('content-disposition')).toBe(
    'attachment; filename="one.txt"',
  );
  expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('3600');
  expect(url).not.toContain(target.full.secretAccessKey);

  const code = sheet.getByRole('img', { name: 'QR code of the link to one.txt' });
  await expect(code).toBeVisible();
  await press(sheet, 'Test Link');
  await expect(sheet).toContainText('The link works');
  await sheet.getByRole('button', { name: 'Copy As', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Markdown' }).click();
  await expect.poll(() => clipboardText(app)).toBe(`[one.txt](<${url}>)`);

  await target.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'one.txt' }));
  await press(sheet, 'Test Link');
  await expect(sheet).toContainText('The link does not work');
  await expect(sheet).toContainText('There is no object of this name');
});

test('no link lives for no time or for more than seven days', async ({
  dipper,
  page,
  target,
}) => {
  await connect(dipper, target);
  await dipper.row('one.txt').click();
  await dipper.inspectorPage('Links');
  await dipper.inspector.getByLabel('Domain of your own').fill('cdn.example.com/x');
  await expect(dipper.inspector).toContainText('Enter a domain such as');
  await dipper.inspector.getByLabel('Domain of your own').fill('cdn.example.com');
  await expect(dipper.inspector).toContainText('https://cdn.example.com/one.txt');
  await press(dipper.inspector, 'Create Link…');
  const sheet = sheetOf(page, 'Create Link');
  await sheet.getByLabel('Ends after').fill('0');
  await press(sheet, 'Create Link');
  await expect(sheet).toContainText('A link lives for at least one second.');
  await sheet.getByLabel('Ends after').fill('8');
  await sheet.getByRole('combobox', { name: 'Unit of time' }).click();
  await page.getByRole('option', { name: 'Days' }).click();
  await expect(sheet).toContainText('A link lives for at most 7 days (604,800 seconds)');
  await press(sheet, 'Create Link');
  await expect(sheet.getByLabel('The link', { exact: true })).toBeHidden();
  await sheet.getByLabel('Content type').fill('not a type');
  await expect(sheet).toContainText('Enter a type such as image/jpeg');
  await sheet.getByLabel('Content type').fill('');
  await sheet.getByLabel('Ends after').fill('7');
  await press(sheet, 'Create Link');
  const link = await sheet.getByLabel('The link', { exact: true }).inputValue();
  expect(new URL(link).searchParams.get('X-Amz-Expires')).toBe('604800');
});

test('a file is uploaded by a link, without keys', async ({ dipper, page, target }) => {
  const bucket = await connect(dipper, target);
  await chooseFromMenu(page, dipper.row('one.txt'), 'Create Link…');
  const sheet = sheetOf(page, 'Create Link');
  await sheet.getByText('Upload', { exact: true }).click();
  await press(sheet, 'Create Link');
  const link = await sheet.getByLabel('The link', { exact: true }).inputValue();
  const answer = await fetch(link, { method: 'PUT', body: 'by a stranger' });
  expect(answer.status).toBe(200);
  const sent = createHash('sha256').update('by a stranger').digest('hex');
  expect(await target.digest(bucket, 'one.txt')).toBe(sent);
});

for (const letters of [1, 300]) {
  test(`a camera reads the QR code of a link to a name of ${letters} letters`, async ({
    dipper,
    page,
    places,
    target,
  }) => {
    test.skip(!(await isInstalled('zbarimg')), 'no program here that reads codes');
    const bucket = await connect(dipper, target);
    const key = 'ö'.repeat(letters);
    await target.put(bucket, key, 'x');
    await dipper.press('Mod+r');
    await chooseFromMenu(page, dipper.row(key), 'Create Link…');
    const sheet = sheetOf(page, 'Create Link');
    await press(sheet, 'Create Link');
    const link = await sheet.getByLabel('The link', { exact: true }).inputValue();
    const picture = join(places.files, 'code.png');
    await sheet.getByRole('img', { name: /^QR code/ }).screenshot({ path: picture });
    expect(await readQrCode(picture)).toBe(link);
  });
}

test('links for uploads, lists of links and plain addresses are tried from the app', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await connect(dipper, target);
  await target.put(bucket, 'two.txt', 'two');
  await dipper.press('Mod+r');
  await chooseFromMenu(page, dipper.row('one.txt'), 'Create Link…');
  const sheet = sheetOf(page, 'Create Link');
  await sheet.getByText('Upload', { exact: true }).click();
  await press(sheet, 'Create Link');
  await press(sheet, 'Test Link');
  await expect(sheet).toContainText('The server would take a file now');
  const before = createHash('sha256').update('one').digest('hex');
  expect(await target.digest(bucket, 'one.txt')).toBe(before);
  await press(sheet, 'Done');

  await expect(sheet).toBeHidden();
  await expect(dipper.row('two.txt')).toBeVisible();
  await dipper.files.focus();
  await dipper.press('Mod+a');
  await chooseFromMenu(page, dipper.row('two.txt'), 'Create Link…');
  const many = sheetOf(page, 'Create Links');
  await press(many, 'Create Links');
  await press(many, 'Test Links');
  await expect(many).toContainText('All 2 work');
  await target.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'two.txt' }));
  await press(many, 'Test Links');
  await expect(many).toContainText('1 of 2 do not work');
  await expect(many).toContainText('two.txt: The server answered HTTP 404');
  await press(many, 'Done');

  await dipper.row('one.txt').click();
  await dipper.inspectorPage('Links');
  await press(dipper.inspector, 'Test Addresses');
  await expect(dipper.inspector).toContainText('The address does not work');
  await expect(dipper.inspector).toContainText(/HTTP 403 .* It is not public/);
});

test('a folder has no link; each object in it gets one, in a table', async ({
  app,
  dipper,
  page,
  places,
  target,
}) => {
  const bucket = await connect(dipper, target);
  await target.put(bucket, 'f/a, b.txt', 'a');
  await target.put(bucket, 'f/deep/ü.txt', 'u');
  await dipper.press('Mod+r');
  await chooseFromMenu(page, dipper.row('f'), 'Create Link…');
  const sheet = sheetOf(page, 'Create Links');
  await expect(sheet).toContainText('A folder itself has no link');
  await press(sheet, 'Create Links');
  await expect(sheet).toContainText('2 links');
  const file = join(places.files, 'links.csv');
  await answerDialogs(app, 'showSaveDialog', { canceled: false, filePath: file });
  await press(sheet, 'Save as CSV…');
  await expect(dipper.toast('Saved the links')).toBeVisible();
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\r\n');
  expect(lines[0]).toBe('key,url,expires');
  expect(lines.slice(1).map((line) => line.replace(/,http.*/, ''))).toEqual([
    '"f/a, b.txt"',
    'f/deep/ü.txt',
  ]);
  const urls = lines.slice(1).map((line) => /http[^,"]*/.exec(line)?.[0] ?? '');
  const bodies = await Promise.all(urls.map(async (url) => (await fetch(url)).text()));
  expect(bodies).toEqual(['a', 'u']);
});

test('what is selected is copied as a command of another program, without keys', async ({
  app,
  dipper,
  page,
  target,
}) => {
  const bucket = await connect(dipper, target);
  await target.put(bucket, 'a *.txt', 'a');
  await dipper.press('Mod+r');
  await expect(dipper.row('a *.txt')).toBeVisible();
  await chooseFromMenu(page, dipper.row('one.txt'), 'Copy as Command', 'aws', 'Download');
  await expect
    .poll(() => clipboardText(app))
    .toBe(`aws --endpoint-url ${target.endpoint} s3 cp s3://${bucket}/one.txt ./one.txt`);
  await chooseFromMenu(
    page,
    dipper.row('one.txt'),
    'Copy as Command',
    'rclone',
    'Delete',
  );
  await expect.poll(() => clipboardText(app)).toMatch(/^rclone deletefile /);
  const text = await clipboardText(app);
  expect(text).not.toContain(target.full.secretAccessKey);
  expect(text).not.toContain(target.full.accessKeyId);
  // It would delete whatever fits the pattern.
  await expect(page.getByRole('menu')).toHaveCount(0);
  await dipper.row('a *.txt').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Copy as Command' }).press('ArrowRight');
  await page.getByRole('menuitem', { name: 's3cmd', exact: true }).press('ArrowRight');
  await expect(
    page.getByRole('menuitem', { name: /^Delete \(it takes \* and \?/ }),
  ).toHaveAttribute('aria-disabled', 'true');
});

for (const tool of ['aws', 's3cmd', 'rclone'] as const) {
  test(`copied commands do in ${tool} what they say`, async ({
    app,
    dipper,
    page,
    places,
    target,
  }) => {
    test.skip(process.platform === 'win32' || !(await isInstalled(tool)), 'not here');
    const bucket = await connect(dipper, target);
    await target.put(bucket, "it's ü.txt", 'content');
    await target.put(bucket, 'f/a b.txt', 'a');
    await target.put(bucket, 'f/deep/c.txt', 'c');
    await dipper.press('Mod+r');
    const copied = async (row: string, action: string): Promise<string> => {
      await app.evaluate(({ clipboard }) => clipboard.writeText(''));
      await chooseFromMenu(page, dipper.row(row), 'Copy as Command', tool, action);
      await expect.poll(() => clipboardText(app)).toMatch(new RegExp(`\\b${tool} `));
      return clipboardText(app);
    };
    const inShell = async (row: string, action: string): Promise<string> =>
      runInShell(await copied(row, action), target, places.files);

    await inShell("it's ü.txt", 'Download');
    expect(await readFile(join(places.files, "it's ü.txt"), 'utf8')).toBe('content');
    await inShell('f', 'Download');
    expect(await readFile(join(places.files, 'f/a b.txt'), 'utf8')).toBe('a');
    expect(await readFile(join(places.files, 'f/deep/c.txt'), 'utf8')).toBe('c');
    expect(await inShell('f', 'List')).toContain('deep/c.txt');
    await inShell("it's ü.txt", 'Delete');
    await inShell('f', 'Delete');
    expect(await target.keys(bucket)).toEqual(['one.txt']);
  });
}

for (const tool of ['aws', 's3cmd'] as const) {
  test(`a change is made by ${tool} as the review shows it`, async ({
    app,
    dipper,
    page,
    places,
    target,
  }) => {
    test.skip(process.platform === 'win32' || !(await isInstalled(tool)), 'not here');
    const bucket = await connect(dipper, target);
    await dipper.row('one.txt').click();
    const runCopied = async (sheet: Locator): Promise<void> => {
      await app.evaluate(({ clipboard }) => clipboard.writeText(''));
      await press(sheet, 'Review Changes…');
      await press(sheet, 'Copy as Command');
      await page.getByRole('menuitem', { name: new RegExp(`^${tool}`) }).click();
      await expect.poll(() => clipboardText(app)).toMatch(new RegExp(`^${tool} `));
      await runInShell(await clipboardText(app), target, places.files);
      await press(sheet, 'Back');
      await press(sheet, 'Cancel');
      await page.getByRole('button', { name: 'Discard' }).click();
      await expect(sheet).toBeHidden();
    };

    const permissions = await openEditor(dipper, 'Permissions');
    await everyoneReads(permissions).check();
    await runCopied(permissions);
    expect(await strangers(target, bucket, 'one.txt')).toEqual(['AllUsers READ']);
    expect(await anonymous(target, bucket, 'one.txt')).toBe(200);

    await target.client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: 'one.txt',
        Body: 'one',
        StorageClass: 'STANDARD_IA',
        ACL: 'public-read',
      }),
    );
    const headers = await openEditor(dipper, 'Headers and Metadata');
    await headers.getByLabel('Cache-Control').fill('max-age=60');
    await page.keyboard.press('Tab');
    await runCopied(headers);
    const head = new HeadObjectCommand({ Bucket: bucket, Key: 'one.txt' });
    expect(await target.client.send(head)).toMatchObject({
      CacheControl: 'max-age=60',
      StorageClass: 'STANDARD_IA',
    });
    expect(await anonymous(target, bucket, 'one.txt')).toBe(200);

    // s3cmd has tags from 2.4 on; Debian's was older for long.
    if (tool === 's3cmd') return;
    const sheet = await openEditor(dipper, 'Tags');
    await sheet.getByLabel('Name of tag 1').fill('project');
    await sheet.getByLabel('Value of tag 1').fill('summer: ü + 2026');
    await runCopied(sheet);
    expect(await tags(target, bucket, 'one.txt')).toEqual({
      project: 'summer: ü + 2026',
    });
  });
}

test('the badge follows a change, which can be copied as a command before it is sent', async ({
  app,
  dipper,
  page,
  target,
}) => {
  const bucket = await connect(dipper, target);
  await dipper.row('one.txt').click();
  await dipper.inspectorPage('Access');
  const badge = (name: string) =>
    dipper.inspector.getByRole('button', { name, exact: true });
  await expect(badge('Private')).toBeVisible();
  await badge('Private').click();
  await expect(page.getByRole('dialog', { name: /^Who can read it/ })).toContainText(
    'Refused: HTTP 403',
  );
  await page.keyboard.press('Escape');

  const sheet = await openEditor(dipper, 'Permissions');
  await everyoneReads(sheet).check();
  await press(sheet, 'Review Changes…');
  await press(sheet, 'Copy as Command');
  await expect(
    page.getByRole('menuitem', {
      name: /^rclone.*Has no command for access control lists/,
    }),
  ).toHaveAttribute('aria-disabled', 'true');
  await page.getByRole('menuitem', { name: 's3cmd', exact: true }).click();
  await expect
    .poll(() => clipboardText(app))
    .toContain(`setacl --acl-public s3://${bucket}/one.txt`);
  expect(await anonymous(target, bucket, 'one.txt')).toBe(403);
  await press(sheet, 'Save');
  await expect(sheet).toContainText('Yes, everyone can open it');
  await press(sheet, 'Done');
  await expect(badge('Public by ACL')).toBeVisible();
  await badge('Public by ACL').click();
  const reasons = page.getByRole('dialog', { name: 'Who can read it: Public by ACL' });
  await expect(reasons).toContainText('Opens: HTTP 200');
  await expect(reasons).toContainText('Gives access to everyone');
});
