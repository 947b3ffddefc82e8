import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { callApp } from '../../tools/dev/bridge-call.ts';
import { inApp } from '../fixtures/in-app.ts';
import { expect, test } from '../fixtures/test.ts';

const SECRET = 'this-is-a-very-recognisable-secret-0001';

/** Files of the app's own data that contain a text, the browser's profile left out. */
async function filesWith(folder: string, text: string): Promise<string[]> {
  const hits: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    if (bytes.includes(text)) hits.push(path);
  }
  return hits;
}

test('without a keychain Dipper asks, and a session secret never reaches the disk', async ({
  dipper,
  page,
  places,
  target,
}) => {
  await dipper.fillConnection({
    provider: 'Other S3 server',
    endpoint: target.endpoint,
    accessKey: 'SOMEKEY0000000000001',
    secretKey: SECRET,
    name: 'Session',
  });
  await dipper.connectionDialog
    .getByRole('button', { name: 'Save', exact: true })
    .click();
  const question = page.getByRole('alertdialog', { name: /no keychain/ });
  await question.getByRole('button', { name: 'Keep for This Session' }).click();
  await expect(dipper.sidebar.getByRole('treeitem', { name: /^Session/ })).toContainText(
    'secret kept for this session',
  );
  expect(await filesWith(places.userData, SECRET)).toEqual([]);
});

test('no secret is in the app’s files, logs, or anything the window can read', async ({
  app,
  dipper,
  page,
  places,
  target,
}) => {
  await dipper.saveBookmark(
    { endpoint: target.endpoint },
    { accessKeyId: target.full.accessKeyId, secretAccessKey: SECRET },
  );
  await dipper.sidebar.getByRole('treeitem', { name: /^Test/ }).dblclick();
  await expect(page.getByText('Wrong secret key')).toBeVisible();
  const snapshot = JSON.stringify(await callApp(page, 'bookmarks.snapshot', undefined));
  expect(snapshot).toContain(target.full.accessKeyId);
  expect(snapshot).not.toContain(SECRET);
  await dipper.sidebar.getByRole('treeitem', { name: /^Test/ }).click();
  await page.keyboard.press('F2');
  await expect(dipper.connectionDialog).toBeVisible();
  await expect(
    dipper.connectionDialog.getByLabel('Secret key', { exact: true }),
  ).toHaveValue('');
  expect(await page.content()).not.toContain(SECRET);
  await app.close();
  expect(await filesWith(places.userData, SECRET)).toEqual([]);
});

test.describe('with a keychain', () => {
  test.use({ appEnv: { HOST_KEYCHAIN: '1' } });

  test('the secret is stored without a question and works after a restart', async ({
    running,
    dipper,
    places,
    target,
  }) => {
    test.skip(
      running.host === 'electron',
      'real Electron uses the keychain of the machine, which a test must not write to',
    );
    const bucket = await target.makeBucket();
    await target.put(bucket, 'kept.txt', 'x');
    await dipper.fillConnection({
      provider: 'Other S3 server',
      endpoint: target.endpoint,
      accessKey: target.full.accessKeyId,
      secretKey: target.full.secretAccessKey,
      root: bucket,
      name: 'Kept',
    });
    await dipper.connectionDialog
      .getByRole('button', { name: 'Save', exact: true })
      .click();
    await expect(dipper.connectionDialog).toBeHidden();
    await running.app.close();
    expect(await filesWith(places.userData, target.full.secretAccessKey)).toEqual([]);
    await inApp(
      places,
      async (window) => {
        await window.sidebar.getByRole('treeitem', { name: /^Kept/ }).dblclick();
        await expect(window.row('kept.txt')).toBeVisible();
      },
      { HOST_KEYCHAIN: '1' },
    );
  });
});

test('a session secret is asked for again after a restart, in plain words', async ({
  running,
  dipper,
  places,
  target,
}) => {
  await dipper.saveBookmark({ endpoint: target.endpoint }, target.full, 'session');
  await running.app.close();
  await inApp(places, async (window, again) => {
    await window.sidebar.getByRole('treeitem', { name: /^Test/ }).dblclick();
    await expect(again.page.getByText(/secret key is missing/i).first()).toBeVisible();
  });
});
