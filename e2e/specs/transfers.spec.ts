import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { answerOpenDialog, dropFiles } from '../fixtures/desktop.ts';
import { fileDigest, filesUnder, writeTree } from '../fixtures/files.ts';
import { openBucket } from '../fixtures/open-bucket.ts';
import { expect, test } from '../fixtures/test.ts';

const MiB = 1_048_576;

test('a dropped folder arrives byte for byte, the list shows it, and it comes back equal', async ({
  app,
  dipper,
  page,
  places,
  target,
}) => {
  const bucket = await target.makeBucket();
  const trip = join(places.files, 'trip');
  await writeTree(trip, {
    'readme.txt': 'hello',
    'empty.txt': 0,
    'photos/a b+c.jpg': 70_000,
    'photos/é 🦆.raw': 3 * MiB,
    'video.mov': 40 * MiB + 17,
  });
  await dipper.connect({ endpoint: target.endpoint, root: bucket }, target.full);
  await dropFiles(page, dipper.files, [trip]);
  await expect(dipper.row('trip')).toBeVisible();
  const totals = await dipper.queueIdle(5);
  expect({ done: totals.done, failed: totals.failed }).toEqual({ done: 5, failed: 0 });
  for (const name of await filesUnder(trip)) {
    expect(await target.digest(bucket, `trip/${name}`), name).toBe(
      await fileDigest(join(trip, name)),
    );
  }
  const back = join(places.files, 'back');
  const { mkdir } = await import('node:fs/promises');
  await mkdir(back);
  await dipper.row('trip').click();
  await answerOpenDialog(app, back);
  await dipper.press('Mod+Shift+d');
  await dipper.queueIdle(10);
  expect(await filesUnder(join(back, 'trip'))).toEqual(await filesUnder(trip));
  for (const name of await filesUnder(trip)) {
    expect(await fileDigest(join(back, 'trip', name)), name).toBe(
      await fileDigest(join(trip, name)),
    );
  }
});

test('a drop on a folder row uploads into that folder', async ({
  dipper,
  page,
  places,
  target,
}) => {
  await writeTree(places.files, { 'second.txt': 'two' });
  const bucket = await openBucket(dipper, target, { 'inbox/first.txt': '1' });
  await dropFiles(page, dipper.row('inbox'), [join(places.files, 'second.txt')]);
  await dipper.queueIdle(1);
  await expect
    .poll(() => target.keys(bucket))
    .toEqual(['inbox/first.txt', 'inbox/second.txt']);
});

test('everything from the keyboard: connect, choose files, upload, see it arrive', async ({
  app,
  dipper,
  page,
  places,
  target,
}) => {
  const bucket = await target.makeBucket();
  await writeTree(places.files, { 'typed.txt': 'by keyboard' });
  await dipper.saveBookmark(
    { endpoint: target.endpoint, root: bucket, nickname: 'Keys only' },
    target.full,
  );
  await expect(
    dipper.sidebar.getByRole('treeitem', { name: /^Keys only/ }),
  ).toBeVisible();
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('role'));
  for (let i = 0; i < 20 && (await focused()) !== 'treeitem'; i++) {
    await page.keyboard.press('Tab');
  }
  expect(await focused()).toBe('treeitem');
  await page.keyboard.press('Enter');
  await expect(page.getByText('This folder is empty')).toBeVisible();
  await answerOpenDialog(app, join(places.files, 'typed.txt'));
  await dipper.press('Mod+u');
  await expect(dipper.row('typed.txt')).toBeVisible();
  await dipper.queueIdle(1);
  expect(await target.keys(bucket)).toEqual(['typed.txt']);
});

test('conflicts ask, show both sides, and one answer can serve the whole batch', async ({
  dipper,
  page,
  places,
  target,
}) => {
  const bucket = await target.makeBucket();
  for (const name of ['a.txt', 'b.txt', 'c.txt']) await target.put(bucket, name, 'old');
  await writeTree(places.files, {
    'a.txt': 'new a',
    'b.txt': 'new b',
    'c.txt': 'new c',
    'd.txt': 'd',
  });
  const files = ['a', 'b', 'c', 'd'].map((name) => join(places.files, `${name}.txt`));
  await dipper.connect({ endpoint: target.endpoint, root: bucket }, target.full);
  await dropFiles(page, dipper.files, files);
  const sheet = page.getByRole('dialog', { name: '3 of 4 files are already there' });
  await expect(sheet.getByRole('radio', { name: 'Decide for each' })).toBeChecked();
  await sheet.getByRole('button', { name: 'Upload' }).click();
  const question = page.getByRole('alertdialog', { name: /exists already/ });
  await expect(question).toContainText('5 bytes');
  await expect(question).toContainText('3 bytes');
  await expect.poll(async () => (await dipper.totals()).conflicts).toBe(3);
  // Which one asks first is open: they are looked up side by side.
  const skipped = /“(.)\.txt”/.exec(await question.innerText())?.[1] ?? '';
  await question.getByRole('button', { name: 'Skip' }).click();
  await expect(question).toContainText('exists already');
  await expect(question).not.toContainText(`“${skipped}.txt”`);
  await question.getByRole('checkbox').click();
  await question.getByRole('button', { name: 'Keep Both' }).click();
  await expect(question).toBeHidden();
  const totals = await dipper.queueIdle(4);
  expect({ done: totals.done, skipped: totals.skipped }).toEqual({ done: 3, skipped: 1 });
  const kept = ['a', 'b', 'c'].filter((name) => name !== skipped);
  expect(await target.keys(bucket)).toEqual(
    ['a.txt', 'b.txt', 'c.txt', 'd.txt', ...kept.map((name) => `${name} 2.txt`)].sort(),
  );
});

test('conflicts of a download: overwrite replaces the file on this computer', async ({
  app,
  dipper,
  page,
  places,
  target,
}) => {
  await writeTree(places.files, { 'same.txt': 'local' });
  await openBucket(dipper, target, { 'same.txt': 'from the bucket' });
  await dipper.row('same.txt').click();
  await answerOpenDialog(app, places.files);
  await dipper.press('Mod+Shift+d');
  const question = page.getByRole('alertdialog', { name: /exists already/ });
  await question.getByRole('button', { name: 'Overwrite' }).click();
  await dipper.queueIdle(1);
  expect(await readFile(join(places.files, 'same.txt'), 'utf8')).toBe('from the bucket');
});

test('an upload in parts is paused, taken up where it was, and cancelled without a trace', async ({
  dipper,
  page,
  places,
  target,
}) => {
  test.skip(target.own === undefined, 'a slow line is a fault of our own server');
  const own = target.own;
  if (!own) return;
  const bucket = await target.makeBucket();
  await writeTree(places.files, { 'big.bin': 60 * MiB });
  const slow = own.faults.add({
    match: { operation: 'UploadPart', bucket },
    skip: 2,
    action: { kind: 'bandwidth', direction: 'up', bytesPerSecond: MiB / 4 },
  });
  await dipper.connect({ endpoint: target.endpoint, root: bucket }, target.full);
  await dropFiles(page, dipper.files, [join(places.files, 'big.bin')]);
  await dipper.showTransfers();
  const row = dipper.transfer('big.bin');
  await expect
    .poll(
      () =>
        own.requests.filter(
          (r) => r.bucket === bucket && r.operation === 'UploadPart' && r.status === 200,
        ).length,
    )
    .toBeGreaterThan(1);
  await row.getByRole('button', { name: 'Pause' }).click();
  await expect(row).toContainText('Paused');
  await expect.poll(async () => (await dipper.totals()).paused).toBe(1);
  const before = finishedParts();
  slow.remove();
  await row.getByRole('button', { name: 'Resume' }).click();
  await dipper.queueIdle(1);
  expect((await dipper.totals()).done).toBe(1);
  for (const part of before) {
    expect(
      finishedParts().filter((number) => number === part),
      `part ${part}`,
    ).toHaveLength(1);
  }
  expect(await target.digest(bucket, 'big.bin')).toBe(
    await fileDigest(join(places.files, 'big.bin')),
  );

  own.faults.add({
    match: { operation: 'UploadPart', bucket },
    action: { kind: 'bandwidth', direction: 'up', bytesPerSecond: MiB / 4 },
  });
  await writeTree(places.files, { 'gone.bin': 40 * MiB });
  await dropFiles(page, dipper.files, [join(places.files, 'gone.bin')]);
  await expect.poll(() => target.openUploads(bucket)).toBe(1);
  await dipper.transfer('gone.bin').getByRole('button', { name: 'Cancel' }).click();
  await expect(dipper.transfer('gone.bin')).toContainText('Cancelled');
  await expect.poll(() => target.openUploads(bucket)).toBe(0);
  own.faults.clear();

  function finishedParts(): number[] {
    return (own?.requests ?? [])
      .filter(
        (r) => r.bucket === bucket && r.operation === 'UploadPart' && r.status === 200,
      )
      .map((r) => r.partNumber ?? 0);
  }
});

test('a refused upload says why and what to do, and can be tried again', async ({
  dipper,
  page,
  places,
  target,
}) => {
  test.skip(target.own === undefined, 'the refusal is a fault of our own server');
  const own = target.own;
  if (!own) return;
  const bucket = await target.makeBucket();
  await writeTree(places.files, { 'no.txt': 'x' });
  const fault = own.faults.add({
    match: { operation: 'PutObject', bucket },
    action: { kind: 'error', status: 403, code: 'AccessDenied' },
  });
  await dipper.connect({ endpoint: target.endpoint, root: bucket }, target.full);
  await dropFiles(page, dipper.files, [join(places.files, 'no.txt')]);
  await dipper.showTransfers();
  const row = dipper.transfer('no.txt');
  await expect(row).toContainText('Access denied');
  await expect(row).toContainText('AccessDenied');
  fault.remove();
  await row.getByRole('button', { name: /Try Again|Retry/ }).click();
  await dipper.queueIdle(1);
  expect(await target.keys(bucket)).toEqual(['no.txt']);
  await page.getByRole('radio', { name: /^Finished/ }).click();
  await expect(dipper.transfer('no.txt')).toBeVisible();
  await dipper.transfers.getByRole('button', { name: 'Clear Finished' }).click();
  await expect(dipper.transfers.getByText('Nothing is finished')).toBeVisible();
});

test('Enter on a file downloads it to the Downloads folder, and it can be shown there', async ({
  app,
  dipper,
  page,
  places,
  target,
}) => {
  await openBucket(dipper, target, { 'report.pdf': 'pdf' });
  await dipper.row('report.pdf').click();
  await page.keyboard.press('Enter');
  await dipper.queueIdle(1);
  const file = join(places.home, 'Downloads', 'report.pdf');
  expect((await stat(file)).size).toBe(3);
  await app.evaluate(({ shell }) => {
    const shown: string[] = [];
    Object.assign(globalThis, { shown });
    Object.assign(shell, { showItemInFolder: (path: string) => shown.push(path) });
  });
  await dipper.showTransfers();
  await dipper
    .transfer('report.pdf')
    .getByRole('button', { name: /Show|Reveal/ })
    .click();
  await expect
    .poll(() => app.evaluate(() => (globalThis as unknown as { shown: string[] }).shown))
    .toEqual([file]);
});

test('rows dragged out of the window become real files for the desktop', async ({
  app,
  dipper,
  target,
}) => {
  await openBucket(dipper, target, { 'drag me.txt': 'dragged' });
  await app.evaluate(({ BrowserWindow }) => {
    const drags: string[] = [];
    Object.assign(globalThis, { drags });
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    if (contents) {
      Object.assign(contents, {
        startDrag: (item: { file?: string; files?: string[] }) =>
          drags.push(...(item.files ?? [item.file ?? ''])),
      });
    }
  });
  await dipper.row('drag me.txt').click();
  await dipper.row('drag me.txt').dragTo(dipper.status);
  await expect
    .poll(() =>
      app.evaluate(() => (globalThis as unknown as { drags: string[] }).drags.length),
    )
    .toBe(1);
  const [path] = await app.evaluate(
    () => (globalThis as unknown as { drags: string[] }).drags,
  );
  expect(await readFile(path ?? '', 'utf8')).toBe('dragged');
});
