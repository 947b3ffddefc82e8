import type { Locator, Page } from '@playwright/test';
import type { ConnectionId } from '../../src/shared/domain/ids.ts';
import { callApp } from '../../tools/dev/bridge-call.ts';
import { isInstalled, runInShell } from '../fixtures/command-lines.ts';
import { clipboardText } from '../fixtures/desktop.ts';
import { anonymous, connect, press, sheetOf, strangers } from '../fixtures/sheets.ts';
import { expect, test } from '../fixtures/test.ts';

/** Opens the menu of a row. */
async function menuOf(page: Page, row: Locator): Promise<Locator> {
  // The menu before is on its way out.
  await expect(page.getByRole('menu')).toHaveCount(0);
  await row.click({ button: 'right' });
  return page.getByRole('menu');
}

async function choose(page: Page, row: Locator, name: string): Promise<void> {
  const menu = await menuOf(page, row);
  await menu.getByRole('menuitem', { name, exact: true }).click();
}

test('the menus open the editors of a bucket, an object and a folder', async ({
  app,
  dipper,
  page,
  target,
}) => {
  const bucket = await target.makeBucket();
  await target.put(bucket, 'one.txt', 'one');
  await target.put(bucket, 'f/two.txt', 'two');
  await dipper.connect({ endpoint: target.endpoint }, target.full);
  // Among many buckets of other tests.
  await page.getByLabel('Filter by name').fill(bucket);
  await choose(page, dipper.row(bucket), 'CORS Rules…');
  const rules = sheetOf(page, 'CORS Rules');
  await expect(rules).toContainText(`s3://${bucket}`);
  await press(rules, 'Cancel');
  await expect(rules).toBeHidden();

  await dipper.open(bucket);
  await choose(page, dipper.row('one.txt'), 'Headers and Metadata…');
  const headers = sheetOf(page, 'Headers');
  await expect(headers).toContainText(`s3://${bucket}/one.txt`);
  await press(headers, 'Cancel');
  await expect(headers).toBeHidden();

  await choose(page, dipper.row('f'), 'Tags…');
  const tags = sheetOf(page, 'Change Tags');
  await expect(tags).toContainText('1 object');
  await press(tags, 'Cancel');
  await expect(tags).toBeHidden();

  // The menu bar, too: grey where it is not possible.
  const native = (id: string) =>
    app.evaluate(
      ({ Menu }, item) => Menu.getApplicationMenu()?.getMenuItemById(item)?.enabled,
      id,
    );
  await expect.poll(() => native('item.permissions')).toBe(true);
  expect(await native('item.cors')).toBe(false);
  await app.evaluate(({ Menu }) =>
    Menu.getApplicationMenu()?.getMenuItemById('item.permissions')?.click(),
  );
  await expect(sheetOf(page, 'Change Permissions')).toContainText('1 object');
});

test('a change of a folder is run by s3cmd as the review shows it', async ({
  app,
  dipper,
  page,
  places,
  target,
}) => {
  test.skip(process.platform === 'win32' || !(await isInstalled('s3cmd')), 'not here');
  const bucket = await connect(dipper, target);
  await target.put(bucket, "f/it's ü.txt", 'a');
  await target.put(bucket, 'f/deep/c.txt', 'c');
  await dipper.press('Mod+r');
  const copied = async (sheet: Locator): Promise<string> => {
    await app.evaluate(({ clipboard }) => clipboard.writeText(''));
    await press(sheet, 'Review Changes…');
    await press(sheet, 'Copy as Command');
    await expect(page.getByRole('menuitem', { name: /^rclone/ })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
    await page.getByRole('menuitem', { name: /^s3cmd/ }).click();
    await expect.poll(() => clipboardText(app)).toMatch(/^s3cmd /);
    const text = await clipboardText(app);
    expect(text).not.toContain(target.full.secretAccessKey);
    expect(text).not.toContain(target.full.accessKeyId);
    return text;
  };

  await choose(page, dipper.row('f'), 'Permissions…');
  const permissions = sheetOf(page, 'Change Permissions');
  await permissions.getByText('Give and take single permissions').click();
  await runInShell(await copied(permissions), target, places.files);
  for (const key of ["f/it's ü.txt", 'f/deep/c.txt']) {
    expect(await strangers(target, bucket, key)).toEqual(['AllUsers READ']);
  }
  await press(permissions, 'Back');
  await press(permissions, 'Cancel');
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(permissions).toBeHidden();

  await choose(page, dipper.row('f'), 'Headers and Metadata…');
  const headers = sheetOf(page, 'Change Headers');
  await headers.getByLabel('Cache-Control', { exact: true }).fill('max-age=60');
  // The suggestions close.
  await page.keyboard.press('Tab');
  await runInShell(await copied(headers), target, places.files);
  const answer = await fetch(`${target.endpoint}/${bucket}/f/deep/c.txt`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('max-age=60');
});

test('the end of a job shows on the object that is looked at', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await connect(dipper, target);
  await target.put(bucket, 'f/two.txt', 'two');
  await dipper.press('Mod+r');
  await choose(page, dipper.row('f'), 'Permissions…');
  const many = sheetOf(page, 'Change Permissions');
  await many.getByRole('combobox', { name: 'Preset' }).click();
  await page.getByRole('option', { name: /^Public read(?! and)/ }).click();
  await press(many, 'Review Changes…');
  await press(many, 'Start');
  await expect.poll(() => anonymous(target, bucket, 'f/two.txt')).toBe(200);
  await dipper.queueIdle(0);
  await dipper.open('f');
  await dipper.row('two.txt').click();
  await dipper.inspectorPage('Access');
  const badge = (name: string) =>
    dipper.inspector.getByRole('button', { name, exact: true });
  await expect(badge('Public by ACL')).toBeVisible();
  await expect(dipper.inspector).toContainText('Public read');

  // It goes on while one looks at the object: the whole folder is private again.
  await dipper.showTransfers();
  const { bookmarks } = await callApp(page, 'bookmarks.snapshot', undefined);
  const connectionId = String(bookmarks[0]?.id) as ConnectionId;
  await callApp(page, 'aspects.changeMany', {
    connectionId,
    bucket,
    items: [{ key: 'f/', folder: true }],
    change: { aspect: 'acl', canned: 'private', add: [], remove: [] },
  });
  await expect(badge('Private')).toBeVisible();
  await expect(dipper.inspector).not.toContainText('Public read');
});
