import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { callApp } from '../../tools/dev/bridge-call.ts';
import { startS3Server } from '../../tools/s3-server/index.ts';
import { answerOpenDialog, dropFiles } from '../fixtures/desktop.ts';
import { enginesOf } from '../fixtures/engines.ts';
import { writeTree } from '../fixtures/files.ts';
import { expect, test } from '../fixtures/test.ts';

/** Answers questions in this order; the last answer again and again. Gives what was asked. */
async function answering(
  app: ElectronApplication,
  ...answers: readonly number[]
): Promise<() => Promise<readonly string[]>> {
  const asked = await app.evaluateHandle(({ dialog }, responses) => {
    const messages: string[] = [];
    Object.assign(dialog, {
      showMessageBox: (...args: readonly unknown[]) => {
        messages.push((args.at(-1) as { readonly message: string }).message);
        const response = responses[Math.min(messages.length, responses.length) - 1];
        return Promise.resolve({ response });
      },
    });
    return messages;
  }, answers);
  return () => asked.evaluate((messages) => messages);
}

/** Main has what the page told it: calls are answered in order. */
async function heardByMain(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  await callApp(page, 'app.info', undefined);
}

test('what was dropped and waits for a choice is not forgotten by closing the window', async ({
  app,
  dipper,
  page,
  places,
}) => {
  await using server = await startS3Server();
  server.seed('docs', [{ key: 'site/a.txt', body: 'old' }]);
  await writeTree(join(places.files, 'site'), { 'a.txt': 'new', 'b.txt': 'b' });
  await dipper.connect({ endpoint: server.endpoint, root: 'docs' }, server.users.full);
  await dropFiles(page, dipper.files, [join(places.files, 'site')]);
  const question = page.getByRole('dialog', { name: /is there already$/ });
  await expect(question).toBeVisible();
  await heardByMain(page);
  const asked = await answering(app, 0);
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(asked).toEqual(['A transfer has not started yet.']);
  // Who quits while the question before is still being answered is not asked another one.
  await expect(async () => {
    await app.evaluate(({ app: electron }) => electron.quit());
    expect((await asked()).length).toBeGreaterThan(1);
  }).toPass();
  await question.getByRole('radio', { name: /^Overwrite$/ }).click();
  await question.getByRole('button', { name: 'Upload' }).click();
  expect(await dipper.queueIdle(2)).toMatchObject({ done: 2, failed: 0 });
  // Now that the queue has it, nothing is left to ask about.
  const closed = app.waitForEvent('close');
  await app.evaluate(({ app: electron }) => electron.quit()).catch(() => undefined);
  await closed;
  expect(server.keys('docs')).toEqual(['site/a.txt', 'site/b.txt']);
});

test('what was typed and not saved is asked about before it is gone', async ({
  app,
  dipper,
  page,
}) => {
  await dipper.fillConnection({ accessKey: 'AKIDTYPED' });
  await heardByMain(page);
  const asked = await answering(app, 0, 1);
  await app.evaluate(({ app: electron }) => electron.quit());
  await expect.poll(asked).toEqual(['Changes have not been saved.']);
  await expect(dipper.connectionDialog.getByLabel('Access key')).toHaveValue('AKIDTYPED');
  // A page that is loaded again has nothing unfinished any more.
  await page.reload();
  await expect(dipper.sidebar).toBeVisible();
  const closed = app.waitForEvent('close');
  await app.evaluate(({ app: electron }) => electron.quit()).catch(() => undefined);
  await closed;
});

test('a verification and a drag that are under way are asked about before they are gone', async ({
  app,
  dipper,
  page,
  places,
}) => {
  await using server = await startS3Server();
  server.seed('docs', [{ key: 'site/a.txt', body: 'a' }]);
  await writeTree(join(places.files, 'site'), { 'a.txt': 'a' });
  await dipper.connect({ endpoint: server.endpoint, root: 'docs' }, server.users.full);
  await expect(dipper.row('site')).toBeVisible();
  const stuck = server.faults.add({
    match: { operation: 'ListObjectsV2' },
    action: { kind: 'delay', ms: 3_600_000 },
  });
  await answerOpenDialog(app, join(places.files, 'site'));
  await dipper.row('site').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Verify with a Local Folder' }).click();
  const dialog = page.getByRole('dialog', { name: 'Verify with a Local Folder' });
  await expect(dialog.getByRole('button', { name: 'Stop' })).toBeEnabled();
  await heardByMain(page);
  const asked = await answering(app, 0, 0, 1);
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(asked).toEqual(['A folder is still being verified.']);
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(dialog).toBeHidden();

  const listed = server.requests.length;
  await dipper.row('site').dragTo(dipper.status);
  await expect.poll(() => server.requests.length).toBeGreaterThan(listed);
  await heardByMain(page);
  await app.evaluate(({ app: electron }) => electron.quit());
  await expect
    .poll(asked)
    .toEqual([
      'A folder is still being verified.',
      'Files are being fetched for a drag.',
    ]);
  const closed = app.waitForEvent('close');
  await app.evaluate(({ app: electron }) => electron.quit()).catch(() => undefined);
  await closed;
  stuck.remove();
});

test('what an engine that hangs has not answered yet is asked about before it is gone', async ({
  app,
  dipper,
  page,
  running,
}) => {
  test.skip(running.host === 'electron' || process.platform === 'win32', 'needs ps');
  await using server = await startS3Server();
  server.seed('docs', [{ key: 'a.txt', body: 'a' }, { key: 'there/b.txt' }]);
  await dipper.connect({ endpoint: server.endpoint, root: 'docs' }, server.users.full);
  await dipper.row('a.txt').click();
  await dipper.press('Mod+c');
  await dipper.open('there');
  await expect(dipper.row('b.txt')).toBeVisible();
  await dipper.files.focus();
  const [engine = Number.NaN] = await enginesOf(app.process().pid ?? 0);
  process.kill(engine, 'SIGSTOP');
  try {
    await dipper.press('Mod+v');
    await heardByMain(page);
    const asked = await answering(app, 0);
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await expect.poll(asked).toEqual(['A transfer has not started yet.']);
    await app.evaluate(({ app: electron }) => electron.quit());
    await expect.poll(async () => (await asked()).length).toBe(2);
  } finally {
    process.kill(engine, 'SIGCONT');
  }
  expect(await dipper.queueIdle(1)).toMatchObject({ done: 1, failed: 0 });
  expect(server.keys('docs')).toEqual(['a.txt', 'there/a.txt', 'there/b.txt']);
});

test('a bookmark whose transfers are not done is not deleted without a question', async ({
  app,
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
  await writeTree(places.files, { 'a.txt': 'a' });
  const draft = { endpoint: server.endpoint, root: 'docs', nickname: 'Busy' };
  await dipper.connect(draft, server.users.full);
  await dropFiles(page, dipper.files, [join(places.files, 'a.txt')]);
  await expect.poll(async () => (await dipper.totals()).running).toBe(1);
  const asked = await answering(app, 0, 1);
  const bookmark = dipper.sidebar.getByRole('treeitem', { name: /^Busy/ });
  await bookmark.click();
  await page.keyboard.press('Delete');
  await expect.poll(asked).toEqual(['Transfers of this bookmark are not done.']);
  await heardByMain(page);
  await expect(bookmark).toBeVisible();
  await page.keyboard.press('Delete');
  await expect(bookmark).toBeHidden();
  await expect.poll(async () => (await dipper.totals()).waiting).toBe(1);
  server.faults.clear();
  await page.getByRole('button', { name: 'Undo' }).click();
  await dipper.queueIdle(1);
  expect(server.keys('docs')).toEqual(['a.txt']);
});
