import { clipboardText } from '../fixtures/desktop.ts';
import { openBucket } from '../fixtures/open-bucket.ts';
import { expect, test } from '../fixtures/test.ts';

/** Longer than any test: such a delay ends when the faults are cleared. */
const HOLD_MS = 3_600_000;

test('folders open by double click, and back, forward, up and the breadcrumb lead around', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await openBucket(dipper, target, {
    'photos/2026/may/a.jpg': 'a',
    'notes.txt': 'n',
  });
  await dipper.open('photos');
  await dipper.open('2026');
  await dipper.open('may');
  await expect(dipper.row('a.jpg')).toBeVisible();
  await dipper.press('Mod+[');
  await expect(dipper.row('may')).toBeVisible();
  await dipper.press('Mod+]');
  await expect(dipper.row('a.jpg')).toBeVisible();
  await dipper.press('Mod+ArrowUp');
  await expect(dipper.row('may')).toBeVisible();
  await page
    .getByRole('navigation', { name: 'Path' })
    .getByRole('button', { name: bucket })
    .click();
  await expect(dipper.row('notes.txt')).toBeVisible();
  await expect.poll(async () => (await dipper.path()).at(-1)).toBe(bucket);
});

test('the address field takes s3:// and https:// addresses, and explains bad ones', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await openBucket(dipper, target, { 'a b/c+d/é.txt': 'x' });
  await dipper.press('Mod+l');
  const field = page.getByLabel('Address', { exact: true });
  await field.fill('ftp://elsewhere/x');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Only s3://, https:// and plain paths')).toBeVisible();
  await expect(field).toHaveValue('ftp://elsewhere/x');
  await field.fill('https://other.example.com/bucket/x');
  await page.keyboard.press('Enter');
  await expect(page.getByText('belongs to another server')).toBeVisible();
  await field.fill(`s3://${bucket}/a b/c+d/`);
  await page.keyboard.press('Enter');
  await expect(dipper.row('é.txt')).toBeVisible();
  await dipper.press('Mod+Shift+g');
  const go = page.getByRole('dialog', { name: 'Go to Folder' });
  await go.getByLabel('Folder').fill(`${target.endpoint}/${bucket}/a%20b/`);
  await page.keyboard.press('Enter');
  await expect(dipper.row('c+d')).toBeVisible();
});

test('names sort naturally, folders first, and every column sorts both ways', async ({
  dipper,
  page,
  target,
}) => {
  await openBucket(dipper, target, {
    'img10.png': 'x'.repeat(10),
    'img2.png': 'x'.repeat(30),
    'img1.png': 'x'.repeat(20),
    'zoo/a': 'x',
  });
  await expect(dipper.row('img10.png')).toBeVisible();
  await expect
    .poll(() => dipper.names())
    .toEqual(['zoo', 'img1.png', 'img2.png', 'img10.png']);
  await page.getByRole('columnheader', { name: /^Size/ }).click();
  await expect
    .poll(() => dipper.names())
    .toEqual(['zoo', 'img10.png', 'img1.png', 'img2.png']);
  await page.getByRole('columnheader', { name: /^Size/ }).click();
  await expect
    .poll(async () => (await dipper.names()).filter((name) => name !== 'zoo'))
    .toEqual(['img2.png', 'img1.png', 'img10.png']);
});

test('hidden files stay out until asked for; filter and type-ahead find names', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await target.makeBucket();
  for (const key of ['.env', 'alpha.txt', 'beta.txt', 'gamma.txt']) {
    await target.put(bucket, key, key);
  }
  await dipper.connect({ endpoint: target.endpoint, root: bucket }, target.full);
  await expect(dipper.row('alpha.txt')).toBeVisible();
  await expect(dipper.row('.env')).toBeHidden();
  await dipper.press('Mod+Shift+h');
  await expect(dipper.row('.env')).toBeVisible();
  await dipper.files.focus();
  await page.keyboard.type('gam');
  await expect(dipper.row('gamma.txt')).toHaveAttribute('aria-selected', 'true');
  await dipper.press('Mod+f');
  await page.keyboard.type('BETA');
  await expect(dipper.row('alpha.txt')).toBeHidden();
  await expect(dipper.row('beta.txt')).toBeVisible();
  await page.getByLabel('Filter by name').fill('nothing like it');
  await expect(page.getByText('No name contains')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dipper.row('alpha.txt')).toBeVisible();
});

test('rows are selected with mouse and keyboard', async ({ dipper, page, target }) => {
  const bucket = await target.makeBucket();
  for (let i = 1; i <= 9; i++) await target.put(bucket, `file ${i}`, 'x'.repeat(i));
  await dipper.connect({ endpoint: target.endpoint, root: bucket }, target.full);
  await dipper.row('file 2').click();
  await dipper.row('file 5').click({ modifiers: ['Shift'] });
  await expect(dipper.status).toContainText('4 selected');
  await dipper.row('file 3').click({ modifiers: ['ControlOrMeta'] });
  await expect(dipper.status).toContainText('3 selected');
  await dipper.press('Mod+a');
  await expect(dipper.status).toContainText('9 selected');
  await page.keyboard.press('Home');
  await expect(dipper.status).toContainText('1 selected');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(dipper.status).toContainText('3 selected');
});

test('a folder of 100,000 objects shows its first rows at once and is sorted as a whole', async ({
  dipper,
  page,
  target,
}) => {
  test.skip(target.own === undefined, 'mass data needs our own server');
  const own = target.own;
  if (!own) return;
  own.createBucket('huge');
  own.seed(
    'huge',
    (function* () {
      for (let i = 0; i < 100_000; i++) {
        yield { key: `many/item-${i}.bin`, size: (i * 7919) % 100_000 };
      }
    })(),
  );
  own.faults.add({
    match: { operation: 'ListObjectsV2', bucket: 'huge' },
    skip: 3,
    action: { kind: 'delay', ms: HOLD_MS },
  });
  await dipper.connect({ endpoint: target.endpoint, root: 'huge/many/' }, target.full);
  await expect(dipper.status).toContainText('loaded, still listing');
  await expect(dipper.row('item-0.bin')).toBeVisible();
  own.faults.clear();
  await expect(dipper.status).toHaveText('100,000 items', { timeout: 90_000 });
  await expect
    .poll(async () => (await dipper.names()).slice(0, 3))
    .toEqual(['item-0.bin', 'item-1.bin', 'item-2.bin']);
  expect(await page.getByRole('row').count()).toBeLessThan(80);
  await page.getByRole('columnheader', { name: /^Size/ }).click();
  await expect.poll(async () => (await dipper.names())[0]).toBe('item-0.bin');
  await dipper.files.focus();
  await page.keyboard.press('End');
  await expect(
    dipper.page.locator('[role=row][aria-selected=true] [data-column=size]'),
  ).toHaveText(/100 KB|99\.9+ KB/);
  await page.getByLabel('Filter by name').fill('item-99999');
  await expect(dipper.status).toContainText('1 item of 100,000');
});

test('listing can be stopped and taken up again', async ({ dipper, page, target }) => {
  test.skip(target.own === undefined, 'a slow server is a fault of our own server');
  const own = target.own;
  if (!own) return;
  own.createBucket('slow-list');
  own.seed(
    'slow-list',
    (function* () {
      for (let i = 0; i < 20_000; i++) yield { key: `item-${i}` };
    })(),
  );
  own.faults.add({
    match: { operation: 'ListObjectsV2', bucket: 'slow-list' },
    skip: 2,
    action: { kind: 'delay', ms: HOLD_MS },
  });
  await dipper.connect({ endpoint: target.endpoint, root: 'slow-list' }, target.full);
  await expect(dipper.status).toContainText('still listing');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(dipper.status).toContainText('listing stopped');
  own.faults.clear();
  await page.getByRole('button', { name: 'List Again' }).click();
  await expect(dipper.status).toHaveText('20,000 items', { timeout: 60_000 });
});

test('new folder: made, refused when it exists, and bad names are explained', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await openBucket(dipper, target);
  await expect(page.getByText('This folder is empty')).toBeVisible();
  await dipper.press('Mod+Shift+n');
  const dialog = page.getByRole('dialog', { name: 'New Folder' });
  const name = dialog.getByLabel('Name');
  for (const [text, message] of [
    ['/', 'more than a slash'],
    ['é'.repeat(600), 'too many'],
  ] as const) {
    await name.fill(text);
    await page.keyboard.press('Enter');
    await expect(dialog.getByText(message)).toBeVisible();
  }
  await name.fill('Reports & 100 %');
  await page.keyboard.press('Enter');
  await expect(dipper.row('Reports & 100 %')).toBeVisible();
  await expect.poll(() => target.keys(bucket)).toEqual(['Reports & 100 %/']);
  await dipper.press('Mod+Shift+n');
  await name.fill('Reports & 100 %');
  await page.keyboard.press('Enter');
  await expect(dialog).toContainText(/already|exists/i);
  await page.keyboard.press('Escape');
});

test('new bucket: name rules while typing, made, and an empty one deleted', async ({
  dipper,
  page,
  target,
}) => {
  await dipper.connect({ endpoint: target.endpoint }, target.full);
  await expect(dipper.buckets).toBeVisible();
  await page.getByRole('toolbar').waitFor();
  await dipper.buckets.click({ button: 'right', position: { x: 300, y: 300 } });
  await page.getByRole('menuitem', { name: 'New Bucket…' }).click();
  const dialog = page.getByRole('dialog', { name: 'New Bucket' });
  for (const [text, message] of [
    ['Upper', 'lower-case'],
    ['ab', 'at least 3'],
    ['under_score', 'not allowed'],
    ['192.168.0.1', 'IP address'],
  ] as const) {
    await dialog.getByLabel('Name').fill(text);
    await page.keyboard.press('Enter');
    await expect(dialog.getByText(message)).toBeVisible();
  }
  const name = `e2e-new-${Date.now().toString(36)}`;
  await dialog.getByLabel('Name').fill(name);
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  if (!(await dipper.buckets.isVisible())) await dipper.press('Mod+ArrowUp');
  await dipper.row(name).click();
  await page.keyboard.press('Delete');
  await page.getByRole('button', { name: 'Delete Bucket' }).click();
  await expect(dipper.row(name)).toBeHidden();
});

test('rename: files and folders move, and a taken name is refused first', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await openBucket(dipper, target, {
    'draft.txt': 'draft',
    'final.txt': 'final',
    'album/1.jpg': '1',
    'album/deep/2.jpg': '2',
  });
  await dipper.row('draft.txt').click();
  await page.keyboard.press('F2');
  const dialog = page.getByRole('dialog', { name: 'Rename' });
  const field = dialog.getByLabel('New name');
  await field.fill('a/b');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('cannot contain a slash')).toBeVisible();
  await field.fill('final.txt');
  await page.keyboard.press('Enter');
  await expect(dialog).toContainText(/already|exists|taken/i);
  await field.fill('draft 2.txt');
  await page.keyboard.press('Enter');
  await expect(dipper.row('draft 2.txt')).toBeVisible();
  await expect(dipper.row('draft.txt')).toBeHidden();
  await dipper.row('album').click();
  await page.keyboard.press('F2');
  await page
    .getByRole('dialog', { name: 'Rename' })
    .getByLabel('New name')
    .fill('Álbum+');
  await page.keyboard.press('Enter');
  await expect(dipper.row('Álbum+')).toBeVisible();
  await dipper.queueIdle(3);
  await expect
    .poll(async () => (await target.keys(bucket)).sort())
    .toEqual(['draft 2.txt', 'final.txt', 'Álbum+/1.jpg', 'Álbum+/deep/2.jpg'].sort());
});

test('delete counts what lies under folders, can be cancelled, and says it is final', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await target.makeBucket();
  for (let i = 0; i < 12; i++) await target.put(bucket, `old/${i % 3}/f${i}`, 'x');
  await target.put(bucket, 'keep.txt', 'k');
  await dipper.connect({ endpoint: target.endpoint, root: bucket }, target.full);
  await dipper.row('old').click();
  await page.keyboard.press('Delete');
  const question = page.getByRole('alertdialog', { name: /^Delete/ });
  await expect(question.getByRole('button', { name: 'Delete 12 Objects' })).toBeVisible();
  await expect(question).toContainText(/cannot be undone/i);
  await question.getByRole('button', { name: 'Cancel' }).click();
  expect(await target.keys(bucket)).toHaveLength(13);
  await dipper.row('old').click();
  await page.keyboard.press('Delete');
  await question.getByRole('button', { name: 'Delete 12 Objects' }).click();
  await expect(dipper.row('old')).toBeHidden();
  await dipper.queueIdle(1);
  await expect.poll(() => target.keys(bucket)).toEqual(['keep.txt']);
});

test('URL and s3:// path are copied as they are', async ({ app, dipper, target }) => {
  const bucket = await openBucket(dipper, target, { 'a+b %.txt': 'x' });
  await dipper.row('a+b %.txt').click();
  await dipper.press('Mod+Alt+c');
  await expect.poll(() => clipboardText(app)).toBe(`s3://${bucket}/a+b %.txt`);
  await dipper.press('Mod+Shift+c');
  await expect.poll(() => clipboardText(app)).toMatch(/a%2Bb%20%25\.txt$/);
});

test('the inspector shows an object, a folder’s size and several at once', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await openBucket(dipper, target, {
    'one.txt': 'one',
    'f/two.txt': 'two!',
  });
  await dipper.row('one.txt').click();
  await dipper.press('Mod+i');
  await expect(dipper.inspector).toContainText('one.txt');
  await expect(dipper.inspector).toContainText('3 bytes');
  await expect(dipper.inspector).toContainText('f97c5d29941bfb1b2fdab0874906ab82');
  await expect(dipper.inspector).toContainText(`s3://${bucket}/one.txt`);
  await dipper.row('f').click();
  await dipper.inspector.getByRole('button', { name: 'Calculate Size' }).click();
  await expect(dipper.inspector).toContainText('4 bytes');
  await dipper.files.focus();
  await dipper.press('Mod+a');
  await expect(dipper.inspector).toContainText(/2 items/i);
  await page.keyboard.press('Escape');
});
