import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answerOpenDialog } from '../fixtures/desktop.ts';
import { filesUnder } from '../fixtures/files.ts';
import { openBucket } from '../fixtures/open-bucket.ts';
import { expect, test } from '../fixtures/test.ts';

/** Key under `odd/`, and the name the list shows for it. */
const ODD: readonly (readonly [key: string, shown: string])[] = [
  ['plus+plus', 'plus+plus'],
  ['100%', '100%'],
  ['%41', '%41'],
  ['a b', 'a b'],
  ['emoji 🦆', 'emoji 🦆'],
  ['tab\there', 'tab\\there'],
  ['quote"\'&<>', 'quote"\'&<>'],
  ['..', '..'],
  ['.', '.'],
  ['back\\slash', 'back\\slash'],
  ['CON', 'CON'],
  [`${'long-name-'.repeat(20)}end.txt`, `${'long-name-'.repeat(20)}end.txt`],
];

test('odd keys are shown, renamed, downloaded safely and deleted', async ({
  app,
  dipper,
  page,
  places,
  target,
}) => {
  const bucket = await target.makeBucket();
  for (const [key] of ODD) await target.put(bucket, `odd/${key}`, `body of ${key}`);
  await dipper.connect(
    { endpoint: target.endpoint, root: `${bucket}/odd/` },
    target.full,
  );
  await dipper.press('Mod+Shift+h');
  for (const [, shown] of ODD) {
    await expect(dipper.row(shown), shown).toBeVisible();
  }
  await dipper.files.focus();
  await dipper.press('Mod+a');
  await answerOpenDialog(app, places.files);
  await dipper.press('Mod+Shift+d');
  const totals = await dipper.queueIdle(ODD.length);
  expect(totals.failed).toBe(0);
  const names = await filesUnder(places.files);
  expect(names).toHaveLength(ODD.length);
  const bodies = await Promise.all(
    names.map((name) => readFile(join(places.files, name), 'utf8')),
  );
  expect(bodies.sort()).toEqual(ODD.map(([key]) => `body of ${key}`).sort());
  expect(existsSync(join(places.files, '..', 'odd'))).toBe(false);

  await dipper.row('emoji 🦆').click();
  await page.keyboard.press('F2');
  await page
    .getByRole('dialog', { name: 'Rename' })
    .getByLabel('New name')
    .fill('😀 + %2F');
  await page.keyboard.press('Enter');
  await expect(dipper.row('😀 + %2F')).toBeVisible();
  await dipper.files.focus();
  await dipper.press('Mod+a');
  await page.keyboard.press('Delete');
  await page.getByRole('button', { name: `Delete ${ODD.length} Objects` }).click();
  await dipper.queueIdle(ODD.length * 2 + 1);
  await expect.poll(() => target.keys(bucket)).toEqual([]);
});

test('empty names, leading slashes and folder objects with data can be opened', async ({
  dipper,
  target,
}) => {
  await openBucket(dipper, target, {
    'a//b.txt': 'double',
    '/lead.txt': 'lead',
    'data/': 'a folder with a body',
  });
  await dipper.open('a');
  await dipper.open('(empty name)');
  await expect(dipper.row('b.txt')).toBeVisible();
  await dipper.press('Mod+ArrowUp');
  await dipper.press('Mod+ArrowUp');
  await dipper.open('(empty name)');
  await expect(dipper.row('lead.txt')).toBeVisible();
  await dipper.press('Mod+ArrowUp');
  await dipper.open('data');
  await expect(dipper.row('(folder object)')).toBeVisible();
});

test('keys that climb out of the folder stay inside it on this computer', async ({
  app,
  dipper,
  places,
  target,
}) => {
  await openBucket(dipper, target, {
    'evil/../../../escape.txt': 'out',
    'evil/ok.txt': 'in',
  });
  await dipper.row('evil').click();
  const inner = join(places.files, 'inner');
  const { mkdir } = await import('node:fs/promises');
  await mkdir(inner);
  await answerOpenDialog(app, inner);
  await dipper.press('Mod+Shift+d');
  await dipper.queueIdle(2);
  expect(await filesUnder(places.files)).toEqual(
    (await filesUnder(inner)).map((name) => join('inner', name)).sort(),
  );
  expect(await filesUnder(inner)).toHaveLength(2);
});

test('a key of 1,024 bytes is listed, downloaded and deleted', async ({
  app,
  dipper,
  page,
  places,
  target,
}) => {
  const bucket = await target.makeBucket();
  const key = 'ü'.repeat(512);
  await target.put(bucket, key, 'long');
  await dipper.connect({ endpoint: target.endpoint, root: bucket }, target.full);
  await dipper.row(key).click();
  await answerOpenDialog(app, places.files);
  await dipper.press('Mod+Shift+d');
  const totals = await dipper.queueIdle(1);
  expect(totals.failed).toBe(0);
  const [name] = await filesUnder(places.files);
  expect(await readFile(join(places.files, name ?? ''), 'utf8')).toBe('long');
  await dipper.row(key).click();
  await page.keyboard.press('Delete');
  await page.getByRole('button', { name: 'Delete 1 Object' }).click();
  await expect.poll(() => target.keys(bucket)).toEqual([]);
});
