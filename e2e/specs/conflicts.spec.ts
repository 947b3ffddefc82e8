import { createHash, randomBytes } from 'node:crypto';
import { readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateMultipartUploadCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { answerOpenDialog, dropFiles } from '../fixtures/desktop.ts';
import { filesUnder, writeTree } from '../fixtures/files.ts';
import { openBucket } from '../fixtures/open-bucket.ts';
import { expect, test } from '../fixtures/test.ts';

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

test('what is there already is counted first, and one choice serves the whole upload', async ({
  dipper,
  page,
  places,
  target,
}) => {
  const site = join(places.files, 'site');
  await writeTree(site, { 'same.txt': 'same', 'changed.txt': 'changed', 'new.txt': 'n' });
  const bucket = await openBucket(dipper, target, {
    'site/same.txt': 'same',
    'site/changed.txt': 'old',
  });
  await dropFiles(page, dipper.files, [site]);
  const sheet = page.getByRole('dialog', { name: '2 of 3 files are already there' });
  await sheet.getByRole('radio', { name: 'Overwrite if different' }).click();
  await sheet.getByRole('button', { name: 'Upload' }).click();
  await expect(sheet).toBeHidden();
  const totals = await dipper.queueIdle(3);
  expect({ done: totals.done, skipped: totals.skipped }).toEqual({ done: 2, skipped: 1 });
  expect(await target.digest(bucket, 'site/changed.txt')).toBe(sha256('changed'));
  expect(await target.keys(bucket)).toEqual([
    'site/changed.txt',
    'site/new.txt',
    'site/same.txt',
  ]);
});

test('where nothing is in the way nothing is asked, and cancelling starts nothing', async ({
  dipper,
  page,
  places,
  target,
}) => {
  await writeTree(places.files, { 'a.txt': 'a', 'b.txt': 'b' });
  const files = ['a.txt', 'b.txt'].map((name) => join(places.files, name));
  await openBucket(dipper, target);
  await dropFiles(page, dipper.files, files);
  await dipper.queueIdle(2);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await dropFiles(page, dipper.files, files);
  const sheet = page.getByRole('dialog', { name: '2 of 2 files are already there' });
  await sheet.getByRole('button', { name: 'Cancel' }).click();
  await expect(sheet).toBeHidden();
  expect(await dipper.totals()).toMatchObject({ done: 2, queued: 0, conflicts: 0 });
});

test('keeping both renames the one that is in the bucket', async ({
  dipper,
  page,
  places,
  target,
}) => {
  await writeTree(places.files, { 'a.txt': 'mine' });
  const bucket = await openBucket(dipper, target, { 'a.txt': 'theirs' });
  await dropFiles(page, dipper.files, [join(places.files, 'a.txt')]);
  // One file alone asks by itself, with both sides.
  const question = page.getByRole('alertdialog', { name: '“a.txt” exists already' });
  await question.getByRole('button', { name: 'More' }).click();
  await page
    .getByRole('menuitem', { name: 'Keep Both, Rename the Existing One' })
    .click();
  await dipper.queueIdle(1);
  expect(await target.keys(bucket)).toEqual(['a 2.txt', 'a.txt']);
  expect(await target.digest(bucket, 'a.txt')).toBe(sha256('mine'));
  expect(await target.digest(bucket, 'a 2.txt')).toBe(sha256('theirs'));
});

test('a download: the newer side is marked, and half a file is gone on with', async ({
  app,
  dipper,
  page,
  places,
  target,
}) => {
  const whole = 'x'.repeat(50_000) + 'y'.repeat(50_000);
  await writeTree(places.files, { 'long.txt': whole.slice(0, 60_000) });
  const future = Date.now() / 1_000 + 3_600;
  await utimes(join(places.files, 'long.txt'), future, future);
  await openBucket(dipper, target, {
    'long.txt': whole,
    'other.txt': 'other',
  });
  await dipper.row('long.txt').click();
  await answerOpenDialog(app, places.files);
  await dipper.press('Mod+Shift+d');
  const question = page.getByRole('alertdialog', { name: '“long.txt” exists already' });
  await expect(question.getByRole('row', { name: /On this computer/ })).toContainText(
    'newer',
  );
  await question.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Resume' }).click();
  await dipper.queueIdle(1);
  expect(await readFile(join(places.files, 'long.txt'), 'utf8')).toBe(whole);
  expect(await filesUnder(places.files)).toEqual(['long.txt']);
  await expect(dipper.transfer('long.txt')).toContainText('only the rest was fetched');
});

test('the start does not wait for a count that takes long', async ({
  dipper,
  page,
  places,
  target,
}) => {
  const { own } = target;
  test.skip(own === undefined, 'a slow listing is a fault of our own server');
  if (!own) return;
  await writeTree(join(places.files, 'many'), { 'a.txt': 'a', 'b.txt': 'b' });
  const bucket = await openBucket(dipper, target);
  await expect(dipper.files).toBeVisible();
  own.faults.add({
    match: { operation: 'ListObjectsV2', bucket },
    action: { kind: 'delay', ms: 600_000 },
  });
  await dropFiles(page, dipper.files, [join(places.files, 'many')]);
  await expect.poll(async () => (await dipper.totals()).running).toBeGreaterThan(0);
  own.faults.clear();
  await dipper.queueIdle(2);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await target.keys(bucket)).toEqual(['many/a.txt', 'many/b.txt']);
});

test('an unfinished upload of the same file is offered, and gone on with', async ({
  dipper,
  page,
  places,
  target,
}) => {
  const bucket = await target.makeBucket();
  const path = join(places.files, 'film.bin');
  const content = randomBytes(24 * 1024 * 1024);
  await writeFile(path, content);
  const object = { Bucket: bucket, Key: 'film.bin' };
  const begun = await target.client.send(new CreateMultipartUploadCommand(object));
  const part = { ...object, UploadId: begun.UploadId, PartNumber: 1 };
  const body = content.subarray(0, 10 * 1024 * 1024);
  await target.client.send(new UploadPartCommand({ ...part, Body: body }));
  await dipper.connect({ endpoint: target.endpoint, root: bucket }, target.full);
  await dropFiles(page, dipper.files, [path]);
  const question = page.getByRole('alertdialog', {
    name: '“film.bin” is half uploaded already',
  });
  await expect(question).toContainText('1 of 3 parts, begun');
  await question.getByRole('button', { name: 'More' }).click();
  await expect(
    page.getByRole('menuitem', { name: 'Start Anew and Discard It' }),
  ).toBeVisible();
  await page.keyboard.press('Escape');
  await question.getByRole('button', { name: 'Continue It' }).click();
  await dipper.queueIdle(1);
  await expect(question).toBeHidden();
  expect(await target.digest(bucket, 'film.bin')).toBe(
    createHash('sha256').update(content).digest('hex'),
  );
  expect(await target.openUploads(bucket)).toBe(0);
  await expect(dipper.transfer('film.bin')).toContainText('Went on with an unfinished');
});
