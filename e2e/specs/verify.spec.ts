import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { answerDialogs, answerOpenDialog } from '../fixtures/desktop.ts';
import { writeTree } from '../fixtures/files.ts';
import { openBucket } from '../fixtures/open-bucket.ts';
import { expect, test } from '../fixtures/test.ts';

/** Chooses an entry of the context menu. */
async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole('menuitem', { name }).click();
}

test('a folder is held against a local one, shown name by name, and exported', async ({
  app,
  dipper,
  page,
  places,
  target,
}) => {
  const bucket = await target.makeBucket();
  const local = join(places.files, 'photos');
  await writeTree(local, {
    'same.txt': 'same',
    'changed.txt': 'ours',
    'new.txt': 'only here',
    'sub/deep.txt': 'deep',
  });
  await target.put(bucket, 'photos/same.txt', 'same');
  await target.put(bucket, 'photos/changed.txt', 'them');
  await target.put(bucket, 'photos/gone.txt', 'only there');
  await target.put(bucket, 'photos/sub/deep.txt', 'deep');
  await dipper.connect({ endpoint: target.endpoint, root: bucket }, target.full);
  await answerOpenDialog(app, local);
  await dipper.row('photos').click({ button: 'right' });
  await choose(page, 'Verify with a Local Folder');
  const dialog = page.getByRole('dialog', { name: 'Verify with a Local Folder' });
  await expect(dialog.getByText('3 names are not equal')).toBeVisible();
  const rows = dialog.getByRole('grid', { name: 'Names' }).getByRole('row');
  await expect(rows).toHaveText([
    'NameResultDetailSize here',
    /changed\.txt.*Different.*Same size, other content/,
    /gone\.txt.*Only there/,
    /new\.txt.*Only here/,
  ]);
  await dialog.getByRole('button', { name: '2 Equal' }).click();
  await expect(rows).toHaveText([
    /Name/,
    /same\.txt.*Equal.*By MD5 of the whole file/,
    /sub\/deep\.txt/,
  ]);
  const place = join(places.files, 'result.csv');
  await answerDialogs(app, 'showSaveDialog', { canceled: false, filePath: place });
  await dialog.getByRole('button', { name: 'Export CSV…' }).click();
  await expect(dipper.toast('Exported the result')).toBeVisible();
  const lines = (await readFile(place, 'utf8')).trim().split('\r\n');
  expect(lines).toHaveLength(6);
  expect(lines[1]).toBe('changed.txt,Different,"Same size, other content.",4,4');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(dialog).toBeHidden();
});

test('equal folders say so, also by the receipts of what was sent', async ({
  app,
  dipper,
  page,
  places,
  target,
}) => {
  const local = join(places.files, 'trip');
  await writeTree(local, { 'a.bin': 20_000, 'b/c.bin': 18 * 1_048_576 });
  await openBucket(dipper, target);
  await answerOpenDialog(app, local);
  await dipper.press('Mod+Shift+u');
  await dipper.queueIdle(2);
  await dipper.open('trip');
  await answerOpenDialog(app, local);
  await dipper.files.click({ button: 'right', position: { x: 300, y: 250 } });
  await choose(page, 'Verify with a Local Folder');
  const dialog = page.getByRole('dialog', { name: 'Verify with a Local Folder' });
  await expect(dialog.getByText('Everything is equal')).toBeVisible();
  await dialog.getByRole('button', { name: '2 Equal' }).click();
  await expect(dialog.getByRole('row', { name: /b\/c\.bin/ })).toContainText(
    'By the receipt of its transfer',
  );
});

test('the history is exported as a table', async ({ app, dipper, places, target }) => {
  const local = join(places.files, '=danger.txt');
  await writeTree(places.files, { '=danger.txt': 'x' });
  await openBucket(dipper, target);
  await answerOpenDialog(app, local);
  await dipper.press('Mod+u');
  await dipper.queueIdle(1);
  const place = join(places.files, 'history.csv');
  await answerDialogs(app, 'showSaveDialog', { canceled: false, filePath: place });
  await app.evaluate(({ Menu }) => {
    Menu.getApplicationMenu()?.getMenuItemById('transfer.exportHistory')?.click();
  });
  await expect(dipper.toast('Exported 1 transfer')).toBeVisible();
  const text = await readFile(place, 'utf8');
  expect(text).toContain("'=danger.txt");
  expect(text).not.toContain(target.full.secretAccessKey);
});
