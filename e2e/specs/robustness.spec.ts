import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startS3Server } from '../../tools/s3-server/index.ts';
import { dropFiles } from '../fixtures/desktop.ts';
import { fileDigest, writeTree } from '../fixtures/files.ts';
import { inApp } from '../fixtures/in-app.ts';
import { openBucket } from '../fixtures/open-bucket.ts';
import { expect, test } from '../fixtures/test.ts';

const MiB = 1_048_576;

test('a server that goes away in mid-upload is waited for, and the upload goes on', async ({
  dipper,
  page,
  places,
}) => {
  test.setTimeout(240_000);
  const dataDir = join(places.files, 'server');
  await mkdir(dataDir);
  let server = await startS3Server({ dataDir });
  try {
    const { port } = server;
    server.createBucket('line');
    await writeTree(places.files, { 'long.bin': 48 * MiB });
    server.faults.add({
      match: { operation: 'UploadPart' },
      skip: 1,
      action: { kind: 'bandwidth', direction: 'up', bytesPerSecond: MiB },
    });
    await dipper.connect({ endpoint: server.endpoint, root: 'line' }, server.users.full);
    await dropFiles(page, dipper.files, [join(places.files, 'long.bin')]);
    await expect
      .poll(
        () =>
          server.requests.filter((r) => r.operation === 'UploadPart' && r.status === 200)
            .length,
      )
      .toBeGreaterThan(0);
    await server.close();
    await expect
      .poll(async () => (await dipper.totals()).waiting, { timeout: 60_000 })
      .toBe(1);
    await dipper.showTransfers();
    await expect(dipper.transfer('long.bin')).toContainText(
      /Waiting for the network|Trying again/,
    );
    server = await startS3Server({ dataDir, port });
    const totals = await dipper.queueIdle(1, 120_000);
    expect({ done: totals.done, failed: totals.failed }).toEqual({ done: 1, failed: 0 });
    expect(server.peek('line', 'long.bin')?.size).toBe(48 * MiB);
  } finally {
    await server.close();
  }
});

test('a queue survives a restart and goes on by itself', async ({
  running,
  dipper,
  page,
  places,
  target,
}) => {
  test.skip(target.own === undefined, 'a slow line is a fault of our own server');
  const own = target.own;
  if (!own) return;
  const bucket = await target.makeBucket();
  await writeTree(places.files, {
    'q/one.bin': 30 * MiB,
    ...Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`q/s${i}.txt`, `${i}`])),
  });
  own.faults.add({
    match: { bucket, method: 'PUT' },
    action: { kind: 'bandwidth', direction: 'up', bytesPerSecond: 256 * 1024 },
  });
  own.faults.add({
    match: { operation: 'PutObject', bucket },
    action: { kind: 'delay', ms: 500 },
  });
  await dipper.connect({ endpoint: target.endpoint, root: bucket }, target.full);
  await dropFiles(page, dipper.files, [join(places.files, 'q')]);
  await expect.poll(async () => (await dipper.totals()).running).toBeGreaterThan(0);
  await expect.poll(async () => (await dipper.totals()).planning).toBe(0);
  await running.app.evaluate(({ dialog }) => {
    Object.assign(dialog, {
      showMessageBox: () => Promise.resolve({ response: 0, checkboxChecked: false }),
    });
  });
  await running.app.close();
  own.faults.clear();
  await inApp(places, async (window) => {
    const totals = await window.queueIdle(41);
    expect({ done: totals.done, failed: totals.failed }).toEqual({ done: 41, failed: 0 });
    expect(await target.digest(bucket, 'q/one.bin')).toBe(
      await fileDigest(join(places.files, 'q/one.bin')),
    );
    expect(await target.openUploads(bucket)).toBe(0);
  });
});

test('20,000 small files are queued while the window stays at hand', async ({
  dipper,
  page,
  places,
  target,
}) => {
  test.skip(target.own === undefined, 'mass data needs our own server');
  test.setTimeout(240_000);
  const folder = join(places.files, 'many');
  await mkdir(folder);
  for (let i = 0; i < 20_000; i++) await writeFile(join(folder, `f${i}.txt`), `${i}`);
  await openBucket(dipper, target, { 'already here.txt': 'x' });
  await dipper.showTransfers();
  await dropFiles(page, dipper.files, [folder]);
  // The window answers while they are queued: it browses, filters and scrolls.
  await expect.poll(async () => (await dipper.totals()).done).toBeGreaterThan(50);
  await page.getByLabel('Filter by name').fill('already');
  await expect(dipper.status).toContainText('1 item of');
  await page.getByRole('radio', { name: /^Active/ }).click();
  await expect(dipper.transfers.getByRole('row').first()).toBeVisible();
  expect(await dipper.transfers.getByRole('row').count()).toBeLessThan(60);
  await expect
    .poll(async () => (await dipper.totals()).planning, { timeout: 120_000 })
    .toBe(0);
  const totals = await dipper.totals();
  expect(totals.queued + totals.running + totals.waiting + totals.done).toBe(20_000);
  await dipper.transfers.getByRole('button', { name: 'Pause All' }).click();
  await expect.poll(async () => (await dipper.totals()).running).toBe(0);
});

test('a queue that a newer version wrote is told of and kept, and transfers go on beside it', async ({
  places,
  target,
}) => {
  await mkdir(places.userData, { recursive: true });
  const file = join(places.userData, 'transfers.db');
  using newer = new DatabaseSync(file);
  newer.exec(`
    CREATE TABLE transfers (id INTEGER PRIMARY KEY AUTOINCREMENT, whatever TEXT);
    INSERT INTO transfers VALUES (7, 'waits');
    PRAGMA user_version = 9999;
  `);
  newer.close();
  await inApp(places, async (dipper) => {
    await expect(dipper.toast('A newer version of Dipper wrote the queue')).toBeVisible();
    await openBucket(dipper, target);
    await writeTree(places.files, { 'a.txt': 'a' });
    await dropFiles(dipper.page, dipper.files, [join(places.files, 'a.txt')]);
    expect(await dipper.queueIdle(1)).toMatchObject({ done: 1, failed: 0 });
  });
  using kept = new DatabaseSync(file, { readOnly: true });
  expect(kept.prepare('SELECT whatever FROM transfers').all()).toEqual([
    { whatever: 'waits' },
  ]);
});
