import { join } from 'node:path';
import { startS3Server } from '../../tools/s3-server/index.ts';
import { answerDialogs, dropFiles } from '../fixtures/desktop.ts';
import { writeTree } from '../fixtures/files.ts';
import { inApp } from '../fixtures/in-app.ts';
import { launchApp } from '../fixtures/launch.ts';
import { openBucket } from '../fixtures/open-bucket.ts';
import { expect, test } from '../fixtures/test.ts';
import { DipperWindow } from '../fixtures/window.ts';

test('a double click answers one question, not the next one, too', async ({
  dipper,
  page,
  places,
  target,
}) => {
  const bucket = await target.makeBucket();
  for (const name of ['a.txt', 'b.txt', 'c.txt']) await target.put(bucket, name, 'old');
  await writeTree(places.files, { 'a.txt': 'new', 'b.txt': 'new', 'c.txt': 'new' });
  const files = ['a', 'b', 'c'].map((name) => join(places.files, `${name}.txt`));
  await dipper.connect({ endpoint: target.endpoint, root: bucket }, target.full);
  await dropFiles(page, dipper.files, files);
  const sheet = page.getByRole('dialog', { name: '3 of 3 files are already there' });
  await sheet.getByRole('button', { name: 'Upload' }).dblclick();
  const question = page.getByRole('alertdialog', { name: /exists already/ });
  await expect.poll(async () => (await dipper.totals()).conflicts).toBe(3);
  await question.getByRole('button', { name: 'Overwrite' }).dblclick();
  await expect.poll(async () => (await dipper.totals()).conflicts).toBe(2);
  await expect(question).toBeVisible();
  await expect.poll(async () => (await dipper.totals()).done).toBe(1);
  const replaced = await Promise.all(
    ['a.txt', 'b.txt', 'c.txt'].map((name) => target.digest(bucket, name)),
  );
  expect(new Set(replaced).size).toBe(2);
});

test('a double click on a button of a dialog does not reach what lies under it', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await target.makeBucket();
  for (let i = 10; i < 50; i++) await target.put(bucket, `folder-${i}/x`, 'x');
  await dipper.connect({ endpoint: target.endpoint, root: bucket }, target.full);
  await expect(dipper.row('folder-20')).toBeVisible();
  await dipper.press('Mod+Shift+n');
  const dialog = page.getByRole('dialog', { name: 'New Folder' });
  await dialog.getByRole('button', { name: 'Cancel' }).dblclick();
  await expect(dialog).toBeHidden();
  await expect(dipper.row('folder-20')).toBeVisible();
  expect((await dipper.path()).at(-1)).toBe(bucket);
});

test('cut items pasted twice in a hurry are moved once', async ({ dipper, target }) => {
  const bucket = await openBucket(dipper, target, { 'x.txt': 'x', 'there/y.txt': 'y' });
  await dipper.row('x.txt').click();
  await dipper.press('Mod+x');
  await dipper.open('there');
  await expect(dipper.row('y.txt')).toBeVisible();
  await dipper.files.focus();
  await dipper.press('Mod+v');
  await dipper.press('Mod+v');
  const totals = await dipper.queueIdle(1);
  await expect(dipper.row('x.txt')).toBeVisible();
  expect({ done: totals.done, failed: totals.failed }).toEqual({ done: 1, failed: 0 });
  expect(await target.keys(bucket)).toEqual(['there/x.txt', 'there/y.txt']);
});

test('what is pasted after its bookmark was deleted waits for it, and goes on once it is back', async ({
  dipper,
  page,
  target,
}) => {
  const [from, to] = [await target.makeBucket(), await target.makeBucket()];
  await target.put(from, 'note.txt', 'n');
  const { endpoint } = target;
  await dipper.connect({ endpoint, root: from, nickname: 'Gone' }, target.full);
  await dipper.row('note.txt').click();
  await dipper.press('Mod+c');
  await dipper.connect({ endpoint, root: to, nickname: 'Stays' }, target.full);
  await expect.poll(async () => (await dipper.path()).at(-1)).toBe(to);
  await dipper.sidebar.getByRole('treeitem', { name: /^Gone/ }).click();
  await page.keyboard.press('Delete');
  await expect(dipper.sidebar.getByRole('treeitem', { name: /^Gone/ })).toBeHidden();
  await dipper.files.focus();
  await dipper.press('Mod+v');
  await dipper.showTransfers();
  await expect(dipper.transfer('note.txt')).toContainText('Waiting for its connection');
  await page.getByRole('button', { name: 'Undo' }).click();
  await dipper.sidebar.getByRole('treeitem', { name: /^Gone/ }).dblclick();
  await dipper.queueIdle(1);
  expect(await target.keys(to)).toEqual(['note.txt']);
});

test('what was cut and then deleted says so, and nothing else happens', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await openBucket(dipper, target, { 'x.txt': 'x', 'there/y.txt': 'y' });
  await dipper.row('x.txt').click();
  await dipper.press('Mod+x');
  await page.keyboard.press('Delete');
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: /^Delete/ })
    .click();
  await expect(dipper.row('x.txt')).toBeHidden();
  await dipper.queueIdle(1);
  await dipper.open('there');
  await expect(dipper.row('y.txt')).toBeVisible();
  await dipper.files.focus();
  await dipper.press('Mod+v');
  const totals = await dipper.queueIdle(2);
  expect({ done: totals.done, failed: totals.failed }).toEqual({ done: 1, failed: 1 });
  await expect(dipper.transfers.locator('[data-transfer-state=failed]')).toContainText(
    /x\.txt.*not found/i,
  );
  // Pasting what was cut where it is already.
  await dipper.row('y.txt').click();
  await dipper.press('Mod+x');
  await dipper.press('Mod+v');
  await expect(dipper.toast('The same place')).toBeVisible();
  await expect(dipper.files.locator('[data-cut]')).toHaveText(['y.txt']);
  expect(await target.keys(bucket)).toEqual(['there/y.txt']);
});

test('files dropped on an open dialog do not start anything, nor leave the window', async ({
  dipper,
  page,
  places,
  target,
}) => {
  await writeTree(places.files, { 'b.txt': 'b' });
  const bucket = await openBucket(dipper, target, { 'a.txt': 'a' });
  await expect(dipper.row('a.txt')).toBeVisible();
  for (const [keys, name] of [
    ['Mod+,', 'Preferences'],
    ['F1', 'Keyboard Shortcuts'],
    ['Mod+k', 'Quick Connect'],
    ['Mod+Shift+n', 'New Folder'],
    ['Mod+b', 'New Bookmark'],
  ] as const) {
    await dipper.press(keys);
    const dialog = page.getByRole('dialog', { name });
    await expect(dialog).toBeVisible();
    await dropFiles(page, page.locator('body'), [join(places.files, 'b.txt')]);
    await expect(dialog).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  }
  await dipper.queueIdle(0);
  expect(await target.keys(bucket)).toEqual(['a.txt']);
});

test('searches take every character as it is, and an export can be called off', async ({
  app,
  dipper,
  page,
  places,
  target,
}) => {
  const name = 'a(b)[c]*.+?^$|\\%_😀 שלום.txt';
  await writeTree(places.files, { [name]: 'odd', 'plain.txt': 'p' });
  await openBucket(dipper, target);
  const files = [name, 'plain.txt'].map((each) => join(places.files, each));
  await dropFiles(page, dipper.files, files);
  await dipper.queueIdle(2);
  await dipper.showTransfers();
  const search = page.getByRole('searchbox', { name: 'Search transfers' });
  for (const text of ['(b)[', '*.+?', '^$|\\', '%_', '😀', 'שלום']) {
    await search.fill(text);
    await expect(dipper.transfer('plain.txt')).toBeHidden();
    await expect(dipper.transfers.getByRole('row')).not.toHaveCount(0);
  }
  await search.fill('[');
  await page.keyboard.press('Escape');
  await expect(search).toHaveValue('');
  const place = join(places.files, 'history.csv');
  // At once: the first may be asked only after the second click.
  await answerDialogs(
    app,
    'showSaveDialog',
    { canceled: true, filePath: '' },
    { canceled: false, filePath: place },
  );
  await dipper.transfers.getByRole('button', { name: /^Export/ }).click();
  await dipper.transfers.getByRole('button', { name: /^Export/ }).click();
  // Only the second one is told of, and the first was no error.
  await expect(dipper.toast('Exported 2 transfers')).toBeVisible();
  await expect(page.getByText(/^Exported/)).toHaveCount(1);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('the app is killed while it still counts: what was dropped arrives after the next start', async ({
  places,
}) => {
  test.skip(process.platform === 'win32', 'no signals');
  test.setTimeout(180_000);
  await using server = await startS3Server();
  server.createBucket('docs');
  const files = Object.fromEntries(
    Array.from({ length: 3_000 }, (_, i) => [`d${i % 60}/f${i}.txt`, `${i}`]),
  );
  await writeTree(join(places.files, 'many'), files);
  server.faults.add({
    match: { operation: 'PutObject' },
    action: { kind: 'delay', ms: 50 },
  });
  const first = await launchApp(places);
  const dipper = new DipperWindow(first.page);
  await dipper.connect({ endpoint: server.endpoint, root: 'docs' }, server.users.full);
  await dropFiles(first.page, dipper.files, [join(places.files, 'many')]);
  await expect.poll(async () => (await dipper.totals()).running).toBeGreaterThan(0);
  const gone = first.app.waitForEvent('close');
  first.app.process().kill('SIGKILL');
  await gone;
  server.faults.clear();
  await inApp(places, async (again) => {
    const totals = await again.queueIdle(3_000, 120_000);
    expect({ done: totals.done, failed: totals.failed }).toEqual({
      done: 3_000,
      failed: 0,
    });
    expect(server.keys('docs')).toHaveLength(3_000);
  });
});
