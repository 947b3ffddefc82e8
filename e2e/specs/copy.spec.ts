import { openBucket } from '../fixtures/open-bucket.ts';
import { expect, test } from '../fixtures/test.ts';

test('objects and folders are copied and pasted, cut and pasted, and duplicated', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await openBucket(dipper, target, {
    'note.txt': 'n',
    'album/1.jpg': '1',
    'album/deep/2.jpg': '22',
    'there/x': 'x',
  });
  await dipper.row('album').click();
  await dipper.row('note.txt').click({ modifiers: ['ControlOrMeta'] });
  await dipper.press('Mod+c');
  await expect(dipper.toast('2 items ready to copy')).toBeVisible();
  await dipper.open('there');
  await expect(dipper.row('x')).toBeVisible();
  await dipper.files.focus();
  await dipper.press('Mod+v');
  await expect(dipper.row('album')).toBeVisible();
  await expect(dipper.row('note.txt')).toBeVisible();
  await expect(dipper.toast('Copied 3 items')).toBeVisible();
  // Where it went is said with its bucket.
  await expect(dipper.transfers.locator('[data-group-state]').first()).toContainText(
    `→ ${bucket}/there`,
  );
  await dipper.queueIdle(3);
  await dipper.row('x').click();
  await dipper.press('Mod+x');
  // What was cut is dimmed where it still is, and only that.
  await expect(dipper.files.locator('[data-cut]')).toHaveText(['x']);
  await dipper.press('Mod+ArrowUp');
  await expect(dipper.row('there')).toBeVisible();
  await dipper.files.focus();
  await dipper.press('Mod+v');
  await expect(dipper.row('x')).toBeVisible();
  await dipper.queueIdle(4);
  await expect(dipper.toast('Moved 1 item')).toBeVisible();

  await dipper.row('note.txt').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  await expect(dipper.row('note copy.txt')).toBeVisible();
  await dipper.queueIdle(5);
  expect((await target.keys(bucket)).sort()).toEqual([
    'album/1.jpg',
    'album/deep/2.jpg',
    'note copy.txt',
    'note.txt',
    'there/album/1.jpg',
    'there/album/deep/2.jpg',
    'there/note.txt',
    'x',
  ]);
});

test('what is there already is asked about, and a folder does not go into itself', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await openBucket(dipper, target, { 'd/a': 'new', 'e/a': 'old' });
  await dipper.open('d');
  await dipper.row('a').click();
  await dipper.press('Mod+c');
  await dipper.press('Mod+ArrowUp');
  await dipper.open('e');
  await expect(dipper.row('a')).toBeVisible();
  await dipper.files.focus();
  await dipper.press('Mod+v');
  const question = page.getByRole('alertdialog').or(page.getByRole('dialog'));
  await question
    .getByRole('button', { name: /^(Overwrite|Replace)/ })
    .first()
    .click();
  await dipper.queueIdle(1);
  expect(await target.digest(bucket, 'e/a')).toBe(await target.digest(bucket, 'd/a'));

  await dipper.press('Mod+ArrowUp');
  await dipper.row('d').click();
  await dipper.press('Mod+x');
  await dipper.open('d');
  await expect(dipper.row('a')).toBeVisible();
  await dipper.files.focus();
  await dipper.press('Mod+v');
  await expect(page.getByText('A folder cannot go into itself')).toBeVisible();
  expect((await target.keys(bucket)).sort()).toEqual(['d/a', 'e/a']);
});

test('the keys of copy and paste stay those of text in a field', async ({
  dipper,
  page,
  target,
}) => {
  await openBucket(dipper, target, { 'note.txt': 'n' });
  await dipper.row('note.txt').click();
  await dipper.press('Mod+f');
  const filter = page.getByLabel('Filter by name');
  await expect(filter).toBeFocused();
  await filter.fill('note');
  await filter.selectText();
  await dipper.press('Mod+x');
  await expect(filter).toHaveValue('');
  await dipper.press('Mod+v');
  await expect(filter).toHaveValue('note');
  await expect(dipper.toast(/to move|to copy/)).toBeHidden();
});

test('items are pasted into another connection', async ({ dipper, target }) => {
  const [from, to] = [await target.makeBucket(), await target.makeBucket()];
  await target.put(from, 'album/1.jpg', '1');
  await target.put(from, 'album/big.bin', new Uint8Array(9 * 1024 * 1024));
  await dipper.connect(
    { endpoint: target.endpoint, root: from, nickname: 'One' },
    target.full,
  );
  await dipper.row('album').click();
  await dipper.press('Mod+x');
  await dipper.connect(
    { endpoint: target.endpoint, root: to, nickname: 'Two' },
    target.full,
  );
  await expect.poll(async () => (await dipper.path()).at(-1)).toBe(to);
  await dipper.files.focus();
  await dipper.press('Mod+v');
  await expect(dipper.row('album')).toBeVisible();
  await dipper.queueIdle(2);
  await expect(dipper.toast('Moved 2 items')).toBeVisible();
  expect((await target.keys(to)).sort()).toEqual(['album/1.jpg', 'album/big.bin']);
  expect(await target.keys(from)).toEqual([]);
});
