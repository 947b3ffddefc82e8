import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { callApp } from '../../tools/dev/bridge-call.ts';
import { type S3Server, startS3Server } from '../../tools/s3-server/index.ts';
import { dropFiles } from '../fixtures/desktop.ts';
import { enginesOf } from '../fixtures/engines.ts';
import { fileDigest, writeTree } from '../fixtures/files.ts';
import { inApp } from '../fixtures/in-app.ts';
import { expect, test } from '../fixtures/test.ts';
import type { DipperWindow } from '../fixtures/window.ts';

const MiB = 1_048_576;

/** A folder with so many small files. */
async function folderOf(place: string, files: number): Promise<string> {
  await writeTree(
    place,
    Object.fromEntries(
      Array.from({ length: files }, (_, i) => [`file-${i}.txt`, `content ${i}`]),
    ),
  );
  return place;
}

/** The head of a group by the name of what was dropped. */
function head(dipper: DipperWindow, name: string): Locator {
  return dipper.transfers
    .locator('[data-group-state]')
    .filter({ has: dipper.page.getByText(name, { exact: true }) });
}

function finishedParts(server: S3Server, bucket: string): number {
  return server.requests.filter(
    (r) => r.bucket === bucket && r.operation === 'UploadPart' && r.status === 200,
  ).length;
}

async function choose(page: Page, filter: string): Promise<void> {
  await page.getByRole('radio', { name: new RegExp(`^${filter}`) }).click();
}

test('a dropped folder is one group that folds; failed files are found and tried again', async ({
  dipper,
  page,
  places,
}) => {
  await using server = await startS3Server();
  server.createBucket('docs');
  const refused = server.faults.add({
    match: { operation: 'PutObject', keyPattern: /file-(3|17)\.txt$/ },
    action: { kind: 'error', status: 403, code: 'AccessDenied' },
  });
  await dipper.connect({ endpoint: server.endpoint, root: 'docs' }, server.users.full);
  await dropFiles(page, dipper.files, [await folderOf(join(places.files, 'trip'), 25)]);
  await dipper.showTransfers();
  const trip = head(dipper, 'trip');
  await expect(trip).toContainText('23 items uploaded · 2 failed');
  await expect(trip).toHaveAttribute('aria-expanded', 'false');
  await expect(dipper.transfer('file-3.txt')).toBeHidden();
  await trip.click();
  await page.keyboard.press('ArrowRight');
  await expect(trip).toHaveAttribute('aria-expanded', 'true');
  await expect(dipper.transfer('file-3.txt')).toContainText('Access denied');
  await page.keyboard.press('ArrowLeft');
  await expect(dipper.transfer('file-3.txt')).toBeHidden();

  await choose(page, 'Failed');
  await expect(page.getByRole('radio', { name: /^Failed/ })).toContainText('2');
  await expect(dipper.transfer('file-17.txt')).toBeVisible();
  await expect(dipper.transfer('file-4.txt')).toBeHidden();
  await choose(page, 'All');
  const search = page.getByRole('searchbox', { name: 'Search transfers' });
  await search.fill('FILE-17');
  await expect(dipper.transfer('file-17.txt')).toBeVisible();
  await expect(dipper.transfer('file-3.txt')).toBeHidden();
  await expect(page.getByRole('radio', { name: /^All/ })).toContainText('1');
  await search.fill('');

  refused.remove();
  await dipper.transfers.getByRole('button', { name: 'Retry Failed' }).click();
  await expect(trip).toContainText('25 items uploaded');
  await choose(page, 'Failed');
  await expect(dipper.transfers.getByText('Nothing failed')).toBeVisible();
  await choose(page, 'Finished');
  await expect(dipper.transfers.getByText('Today', { exact: true })).toBeVisible();
});

test('a group is paused in the middle of a part, and goes on with the parts it has', async ({
  dipper,
  page,
  places,
}) => {
  await using server = await startS3Server();
  server.createBucket('docs');
  const slow = server.faults.add({
    match: { operation: 'UploadPart' },
    skip: 2,
    action: { kind: 'bandwidth', direction: 'up', bytesPerSecond: MiB / 4 },
  });
  const film = join(places.files, 'film');
  await writeTree(film, { 'one.mov': 40 * MiB, 'two.txt': 'small' });
  await dipper.connect({ endpoint: server.endpoint, root: 'docs' }, server.users.full);
  await dropFiles(page, dipper.files, [film]);
  await dipper.showTransfers();
  await expect.poll(() => finishedParts(server, 'docs')).toBeGreaterThan(1);
  const group = head(dipper, 'film');
  await group.getByRole('button', { name: 'Pause' }).click();
  await expect(group).toContainText('Paused · 1 of 2');
  const before = finishedParts(server, 'docs');
  slow.remove();
  await group.getByRole('button', { name: 'Resume' }).click();
  await expect(group).toContainText('2 items uploaded');
  const parts = server.requests.filter(({ operation }) => operation === 'UploadPart');
  const numbers = parts
    .filter(({ status }) => status === 200)
    .map(({ partNumber }) => partNumber);
  expect(numbers.length).toBe(new Set(numbers).size);
  expect(numbers.length).toBeGreaterThan(before);
});

test('what waits is moved by keyboard and menu, and runs in that order', async ({
  dipper,
  page,
  places,
}) => {
  await using server = await startS3Server();
  server.createBucket('docs');
  await dipper.connect({ endpoint: server.endpoint, root: 'docs' }, server.users.full);
  await callApp(page, 'settings.change', { maxTransfers: 1, smallTransfers: 1 });
  server.faults.add({
    match: { operation: 'PutObject', keyPattern: /^a\.txt$/ },
    action: { kind: 'bandwidth', direction: 'up', bytesPerSecond: 2_000 },
  });
  await writeTree(places.files, { 'a.txt': 400_000, 'b.txt': 1, 'c.txt': 2, 'd.txt': 3 });
  for (const name of ['a', 'b', 'c', 'd']) {
    await dropFiles(page, dipper.files, [join(places.files, `${name}.txt`)]);
    await expect
      .poll(async () => {
        const totals = await dipper.totals();
        return totals.queued + totals.running;
      })
      .toBe(['a', 'b', 'c', 'd'].indexOf(name) + 1);
  }
  await dipper.showTransfers();
  const names = () =>
    dipper.transfers
      .locator('[data-transfer-state=queued]')
      .evaluateAll((rows) => rows.map((row) => /[b-d]\.txt/.exec(row.textContent)?.[0]));
  await expect.poll(names).toEqual(['b.txt', 'c.txt', 'd.txt']);
  await dipper.transfer('c.txt').click();
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(names).toEqual(['c.txt', 'b.txt', 'd.txt']);
  await dipper.transfer('d.txt').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Transfer Next' }).click();
  await expect.poll(names).toEqual(['d.txt', 'c.txt', 'b.txt']);
  await dipper.transfer('b.txt').dragTo(dipper.transfer('d.txt'), {
    targetPosition: { x: 60, y: 4 },
  });
  await expect.poll(names).toEqual(['b.txt', 'd.txt', 'c.txt']);
  server.faults.clear();
  await dipper.queueIdle(4);
  const order = server.requests
    .filter(({ operation, status }) => operation === 'PutObject' && status === 200)
    .map(({ key }) => key);
  expect(order.filter((key) => key !== 'a.txt')).toEqual(['b.txt', 'd.txt', 'c.txt']);
});

test('the engine dies in the middle of a transfer: it is said, and all goes on', async ({
  app,
  dipper,
  page,
  places,
  running,
}) => {
  test.skip(running.host === 'electron' || process.platform === 'win32', 'needs ps');
  test.setTimeout(120_000);
  await using server = await startS3Server();
  server.createBucket('docs');
  const slow = server.faults.add({
    match: { operation: 'UploadPart' },
    skip: 1,
    action: { kind: 'bandwidth', direction: 'up', bytesPerSecond: MiB / 2 },
  });
  await writeTree(places.files, { 'big.bin': 40 * MiB });
  await dipper.connect({ endpoint: server.endpoint, root: 'docs' }, server.users.full);
  await dropFiles(page, dipper.files, [join(places.files, 'big.bin')]);
  await dipper.showTransfers();
  await expect.poll(() => finishedParts(server, 'docs')).toBeGreaterThan(0);
  const [engine] = await enginesOf(app.process().pid ?? 0);
  slow.remove();
  process.kill(engine ?? Number.NaN, 'SIGKILL');
  await expect(dipper.toast('The transfer engine was started again')).toBeVisible();
  await dipper.queueIdle(1, 90_000);
  await expect(dipper.transfer('big.bin')).toContainText('checked');
  expect(server.peek('docs', 'big.bin')?.size).toBe(40 * MiB);
});

test('the server goes away and comes back: what waits says so and goes on by itself', async ({
  dipper,
  page,
  places,
}) => {
  test.setTimeout(180_000);
  const first = await startS3Server();
  first.createBucket('docs');
  await dipper.connect({ endpoint: first.endpoint, root: 'docs' }, first.users.full);
  await expect(dipper.files).toBeVisible();
  await first.close();
  await writeTree(places.files, { 'later.txt': 'arrives' });
  await dropFiles(page, dipper.files, [join(places.files, 'later.txt')]);
  await dipper.showTransfers();
  await expect(dipper.transfer('later.txt')).toContainText('Waiting for the network', {
    timeout: 60_000,
  });
  await using again = await startS3Server({ port: Number(new URL(first.endpoint).port) });
  again.createBucket('docs');
  await dipper.queueIdle(1, 120_000);
  await expect(dipper.transfer('later.txt')).toContainText('checked');
});

test('quitting in the middle keeps the queue: the next start goes on with its parts', async ({
  places,
}) => {
  test.setTimeout(180_000);
  await using server = await startS3Server();
  server.createBucket('docs');
  const slow = server.faults.add({
    match: { operation: 'UploadPart' },
    skip: 2,
    action: { kind: 'bandwidth', direction: 'up', bytesPerSecond: MiB / 4 },
  });
  const trip = join(places.files, 'trip');
  await writeTree(trip, { 'big.bin': 48 * MiB, 'small.txt': 'x' });
  await inApp(places, async (dipper, running) => {
    await dipper.connect({ endpoint: server.endpoint, root: 'docs' }, server.users.full);
    await dropFiles(running.page, dipper.files, [trip]);
    await expect.poll(() => finishedParts(server, 'docs')).toBeGreaterThan(1);
    // The question whether to quit while transfers run: yes.
    await running.app.evaluate(({ dialog }) => {
      Object.assign(dialog, {
        showMessageBox: () => Promise.resolve({ response: 0, checkboxChecked: false }),
      });
    });
  });
  slow.remove();
  const before = finishedParts(server, 'docs');
  await inApp(places, async (dipper) => {
    await dipper.queueIdle(2, 90_000);
    await dipper.showTransfers();
    await expect(head(dipper, 'trip')).toContainText('2 items uploaded');
  });
  const numbers = server.requests
    .filter(({ operation, status }) => operation === 'UploadPart' && status === 200)
    .map(({ partNumber }) => partNumber);
  expect(before).toBeGreaterThan(1);
  expect(numbers.length).toBe(new Set(numbers).size);
  const sum = createHash('sha256').update(await server.read('docs', 'trip/big.bin'));
  expect(sum.digest('hex')).toBe(await fileDigest(join(trip, 'big.bin')));
});

test('more small files than other transfers move at once, as the preferences say', async ({
  dipper,
  page,
  places,
}) => {
  await using server = await startS3Server();
  server.createBucket('docs');
  server.faults.add({
    match: { operation: 'PutObject' },
    action: { kind: 'delay', ms: 3_600_000 },
  });
  const names = Array.from({ length: 20 }, (_, index) => `many/${index}.txt`);
  await writeTree(places.files, Object.fromEntries(names.map((name) => [name, 'small'])));
  await dipper.connect({ endpoint: server.endpoint, root: 'docs' }, server.users.full);
  await dropFiles(page, dipper.files, [join(places.files, 'many')]);
  const running = async (): Promise<number> => (await dipper.totals()).running;
  await expect.poll(running).toBe(16);
  await callApp(page, 'settings.change', { smallTransfers: 18 });
  await expect.poll(running).toBe(18);
  server.faults.clear();
  expect(await dipper.queueIdle(20)).toMatchObject({ done: 20, failed: 0 });
});
