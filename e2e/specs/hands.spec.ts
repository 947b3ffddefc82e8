import type { Page } from '@playwright/test';
import { clipboardText, dropFiles } from '../fixtures/desktop.ts';
import { writeTree } from '../fixtures/files.ts';
import { openBucket } from '../fixtures/open-bucket.ts';
import { expect, test } from '../fixtures/test.ts';

/** Presses, moves in steps as a hand does, and lets go. */
async function drag(
  page: Page,
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 });
  await page.mouse.move(to.x, to.y, { steps: 4 });
  await page.mouse.up();
}

test('a rectangle drawn over the list selects rows, with Ctrl it adds', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await target.makeBucket();
  for (const name of ['a', 'b', 'c', 'd', 'e']) await target.put(bucket, name, name);
  await dipper.connect({ endpoint: target.endpoint, root: bucket }, target.full);
  await expect(dipper.row('e')).toBeVisible();
  const grid = await dipper.files.boundingBox();
  if (!grid) throw new Error('no list');
  const rowY = (index: number): number => grid.y + 26 + 24 * index + 12;
  const x = grid.x + 500;
  await drag(page, { x, y: rowY(8) }, { x: grid.x + 300, y: rowY(3) });
  await expect(dipper.status).toHaveText(/2 selected/);
  await page.keyboard.down('ControlOrMeta');
  await drag(page, { x, y: rowY(0) }, { x: grid.x + 300, y: rowY(1) });
  await page.keyboard.up('ControlOrMeta');
  await expect(dipper.status).toHaveText(/4 selected/);
  await expect(dipper.row('c')).toHaveAttribute('aria-selected', 'false');
  // From the blank part of a row that is not selected.
  await drag(page, { x, y: rowY(2) }, { x: grid.x + 420, y: rowY(3) });
  await expect(dipper.status).toHaveText(/2 selected/);
  await page.mouse.click(x, rowY(8));
  await expect(dipper.status).not.toHaveText(/selected/);
});

test('the back button has a menu of places, by long press and right click', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await openBucket(dipper, target, { 'one/two/a.txt': 'a' });
  await dipper.open('one');
  await dipper.open('two');
  await expect(dipper.row('a.txt')).toBeVisible();
  const back = dipper.toolbar.getByRole('button', { name: 'Back' });
  await back.hover();
  await page.mouse.down();
  await expect(page.getByRole('menuitem')).toHaveText(['one', bucket]);
  await page.mouse.up();
  await page.getByRole('menuitem', { name: bucket }).click();
  await expect(dipper.row('one')).toBeVisible();
  await dipper.toolbar
    .getByRole('button', { name: 'Forward' })
    .click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'two' }).click();
  await expect(dipper.row('a.txt')).toBeVisible();
  await back.click();
  await expect(dipper.row('two')).toBeVisible();
});

test('rows are moved onto a folder and onto the path, files dropped there', async ({
  dipper,
  page,
  places,
  target,
}) => {
  const bucket = await target.makeBucket();
  await target.put(bucket, 'inner/deep/a.txt', 'a');
  await target.put(bucket, 'inner/b.txt', 'b');
  await target.put(bucket, 'inner/c.txt', 'c');
  await dipper.connect(
    { endpoint: target.endpoint, root: `${bucket}/inner/` },
    target.full,
  );
  await dipper.row('b.txt').click();
  await dipper.row('c.txt').click({ modifiers: ['ControlOrMeta'] });
  const centre = async (what: ReturnType<typeof dipper.row>) => {
    const box = await what.boundingBox();
    if (!box) throw new Error('not there');
    return { x: box.x + 40, y: box.y + box.height / 2 };
  };
  await drag(page, await centre(dipper.row('b.txt')), await centre(dipper.row('deep')));
  const question = page.getByRole('alertdialog', { name: /^Move 2 items to “deep”/ });
  await question.getByRole('button', { name: 'Move' }).click();
  await expect(dipper.toast('Moved 2 items')).toBeVisible();
  await expect
    .poll(() => target.keys(bucket))
    .toEqual(['inner/deep/a.txt', 'inner/deep/b.txt', 'inner/deep/c.txt']);
  await dipper.open('deep');
  await dipper.row('b.txt').click();
  const step = page
    .getByRole('navigation', { name: 'Path' })
    .getByRole('button', { name: bucket });
  await drag(page, await centre(dipper.row('b.txt')), await centre(step));
  await page
    .getByRole('alertdialog', { name: `Move “b.txt” to “${bucket}”?` })
    .getByRole('button', { name: 'Move' })
    .click();
  await expect.poll(() => target.keys(bucket)).toContain('b.txt');
  await writeTree(places.files, { 'new.txt': 'new' });
  await dropFiles(page, step, [`${places.files}/new.txt`]);
  await expect.poll(() => target.keys(bucket)).toContain('new.txt');
});

test('columns get wider by hand and by key, and stay so', async ({
  dipper,
  page,
  target,
}) => {
  await openBucket(dipper, target, { a: 'a' });
  await expect(dipper.row('a')).toBeVisible();
  const header = dipper.files.getByRole('columnheader', { name: 'Kind' });
  const width = async () => Math.round((await header.boundingBox())?.width ?? 0);
  const box = await header.boundingBox();
  if (!box) throw new Error('no header');
  const before = await width();
  await drag(page, { x: box.x, y: box.y + 10 }, { x: box.x - 60, y: box.y + 10 });
  await expect.poll(width).toBe(before + 60);
  await header.getByRole('button').focus();
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(width).toBe(before + 76);
  await page.reload();
  await dipper.sidebar.getByRole('treeitem', { name: /^Test/ }).dblclick();
  await expect.poll(width).toBe(before + 76);
});

test('keys of the window do nothing behind a dialog or an open menu', async ({
  app,
  dipper,
  page,
  target,
}) => {
  const bucket = await target.makeBucket();
  for (const name of ['a', 'b']) await target.put(bucket, name, name);
  await dipper.connect({ endpoint: target.endpoint, root: bucket }, target.full);
  await dipper.row('a').click();
  await page.evaluate(() => Object.assign(window, { sameWindow: true }));
  await dipper.press('Mod+Shift+n');
  const dialog = page.getByRole('dialog', { name: 'New Folder' });
  await expect(dialog).toBeVisible();
  await dialog.getByLabel('Name').fill('half typed');
  for (const key of ['Mod+r', 'F5', 'Mod+b', 'Mod+ArrowUp', 'Mod+t', 'F2', 'Mod+i']) {
    await dipper.press(key);
  }
  await expect(dialog.getByLabel('Name')).toHaveValue('half typed');
  await expect(page.getByRole('dialog')).toHaveCount(1);
  expect(await page.evaluate(() => 'sameWindow' in window)).toBe(true);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(dipper.transfers).toBeHidden();
  await expect(dipper.inspector).toBeHidden();

  await dipper.row('a').click({ button: 'right' });
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Delete');
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await page.keyboard.press('Escape');
  // In a field Delete takes away a letter, not what is selected in the list.
  const search = page.getByLabel('Search bookmarks');
  await search.fill('xy');
  await page.keyboard.press('Home');
  await page.keyboard.press('Delete');
  await expect(search).toHaveValue('y');
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await search.fill('');
  await dipper.row('a').click();
  await dipper.press('Mod+a');
  await dipper.press('Mod+Alt+c');
  await expect.poll(() => clipboardText(app)).toBe(`s3://${bucket}/a\ns3://${bucket}/b`);
});

test('names in other writings, without width and beyond reason are shown as they are', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await target.makeBucket();
  const names = [
    'שלום עולם.txt',
    'cafe\u0301.txt',
    'می\u200Cخواهم.txt',
    '👩‍👧.png',
    'zero\u200Bwidth',
    '\u3164',
    'empty',
  ];
  for (const name of names) await target.put(bucket, name, name === 'empty' ? '' : 'x');
  const nickname = 'Ein sehr langer Name '.repeat(15).trim().slice(0, 200);
  await dipper.connect(
    { endpoint: target.endpoint, root: bucket, nickname },
    target.full,
  );
  for (const name of names.slice(0, 4)) await expect(dipper.row(name)).toBeVisible();
  await expect(dipper.row('zero\\u200Bwidth')).toBeVisible();
  await expect(dipper.row('\\u3164')).toBeVisible();
  await expect(dipper.row('empty')).toContainText('0 bytes');
  // Typed with a composed letter, the name is found although it is stored as two.
  await page.getByLabel('Filter by name').fill('café');
  await expect(dipper.row('cafe\u0301.txt')).toBeVisible();
});
