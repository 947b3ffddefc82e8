import { answerDialogs } from '../fixtures/desktop.ts';
import { expect, test } from '../fixtures/test.ts';

test('a newcomer saves a bookmark through the dialog and sees buckets as folders', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await target.makeBucket();
  await expect(page.getByText('Welcome to Dipper')).toBeVisible();
  await dipper.fillConnection({
    provider: 'Other S3 server',
    endpoint: target.endpoint.replace('http://', ''),
    accessKey: target.full.accessKeyId,
    secretKey: target.full.secretAccessKey,
    name: 'My server',
  });
  await dipper.submitConnection('Save & Connect');
  // Among many buckets of other tests.
  await page.getByLabel('Filter by name').fill(bucket);
  await expect(dipper.row(bucket)).toBeVisible();
  await expect(
    dipper.sidebar.getByRole('treeitem', { name: /^My server/ }),
  ).toBeVisible();
  await dipper.open(bucket);
  await expect(page.getByText('This folder is empty')).toBeVisible();
});

test('the endpoint may be typed in any form, and the dialog says what it understood', async ({
  dipper,
}) => {
  const dialog = dipper.connectionDialog;
  const endpoint = dialog.getByLabel('Endpoint', { exact: true });
  await dipper.fillConnection({ provider: 'Other S3 server' });
  await endpoint.fill('https://my-bucket.s3.eu-central-1.amazonaws.com/photos/2026/');
  await endpoint.blur();
  await expect(endpoint).toHaveValue(/s3\.eu-central-1\.amazonaws\.com/);
  await expect(dialog.getByLabel('Region', { exact: true })).toHaveValue('eu-central-1');
  await expect(dialog.getByLabel('Bucket or path', { exact: true })).toHaveValue(
    /^my-bucket/,
  );
  await endpoint.fill('sos-ch-dk-2.exo.io/');
  await endpoint.blur();
  await expect(dialog.getByLabel('Region', { exact: true })).toHaveValue('ch-dk-2');
  await endpoint.fill('http://localhost:9000');
  await endpoint.blur();
  await expect(endpoint).toHaveValue(/localhost:9000/);
  await expect(dialog).toContainText(/http/);
});

test('bad input of the connection dialog is explained and nothing typed is lost', async ({
  dipper,
  page,
}) => {
  const dialog = dipper.connectionDialog;
  await dipper.fillConnection({
    provider: 'Other S3 server',
    endpoint: 'ftp://example.com',
    accessKey: 'has a space',
    name: 'Kept',
    root: '/',
  });
  await dialog.getByRole('button', { name: 'Save & Connect' }).click();
  await expect(
    dialog.getByText('Only http:// and https:// addresses work'),
  ).toBeVisible();
  await expect(dialog.getByText('An access key has no spaces inside')).toBeVisible();
  await expect(dialog.getByText('Enter the secret key that belongs')).toBeVisible();
  await expect(dialog.getByLabel('Nickname', { exact: true })).toHaveValue('Kept');

  const problems: readonly (readonly [label: string, text: string, message: RegExp])[] = [
    ['Endpoint', '', /Enter the address of the server/],
    ['Endpoint', 'https://user:secret@example.com', /Take the keys out of the address/],
    ['Endpoint', 'host name', /not a server address/],
    ['Endpoint', 'example.com:99999', /port must be a number/],
    ['Region', 'eu central', /letters, digits and hyphens/],
    ['Bucket or path', 'my bucket/x', /bucket’s name has letters/],
    ['Bucket or path', `b/${'x'.repeat(1_100)}`, /1,024 bytes/],
    ['Nickname', 'n'.repeat(201), /at most 200/],
  ];
  for (const [label, text, message] of problems) {
    const field = dialog.getByLabel(label, { exact: true });
    const before = await field.inputValue();
    await field.fill(text);
    await field.blur();
    await expect(
      dialog.getByText(message),
      `${label}: ${text.slice(0, 40)}`,
    ).toBeVisible();
    await field.fill(before);
  }
  await dialog.getByRole('button', { name: 'Advanced' }).click();
  for (const [label, text, message] of [
    ['Connect within', '0', 'Enter 0.5 to 600 seconds.'],
    ['Give up after', 'soon', 'Enter 1 to 3600 seconds.'],
    ['At most', '1.5', 'Enter a whole number from 1 to 1000.'],
    ['Part size', '4', 'Enter 5 to 5120 MiB'],
  ] as const) {
    const field = dialog.getByLabel(label, { exact: true });
    await field.fill(text);
    await field.blur();
    await expect(dialog.getByText(message)).toBeVisible();
  }
  await page.keyboard.press('Escape');
  const question = page.getByRole('alertdialog', { name: 'Discard what you typed?' });
  await question.getByRole('button', { name: 'Keep Editing' }).click();
  await expect(dialog.getByLabel('Nickname', { exact: true })).toHaveValue('Kept');
});

test('a wrong secret and an unknown key are each explained, in the test and when connecting', async ({
  dipper,
  target,
}) => {
  await dipper.fillConnection({
    provider: 'Other S3 server',
    endpoint: target.endpoint,
    accessKey: target.full.accessKeyId,
    secretKey: 'not-the-secret',
  });
  const dialog = dipper.connectionDialog;
  await dialog.getByRole('button', { name: 'Test Connection' }).click();
  const panel = dialog.getByRole('region', { name: 'Connection test' });
  await expect(panel).toContainText(/secret/i);
  await expect(panel.getByText('Failed:')).toHaveCount(1);
  await dipper.submitConnection('Connect');
  await expect(dipper.page.getByText('Wrong secret key')).toBeVisible();

  await dipper.fillConnection({
    provider: 'Other S3 server',
    endpoint: target.endpoint,
    accessKey: 'UNKNOWNKEY0000000001',
    secretKey: 'not-the-secret',
  });
  await dipper.submitConnection('Connect');
  await expect(dipper.page.getByText('Unknown access key')).toBeVisible();
});

test('the connection test passes all stages, and says when nothing answers', async ({
  dipper,
  target,
}) => {
  const bucket = await target.makeBucket();
  await target.put(bucket, 'a.txt', 'a');
  await dipper.fillConnection({
    provider: 'Other S3 server',
    endpoint: target.endpoint,
    accessKey: target.full.accessKeyId,
    secretKey: target.full.secretAccessKey,
    root: `/${bucket}/`,
  });
  const dialog = dipper.connectionDialog;
  const panel = dialog.getByRole('region', { name: 'Connection test' });
  await dialog.getByRole('button', { name: 'Test Connection' }).click();
  await expect(panel.getByText('This connection works.')).toBeVisible();
  await expect(panel.getByText('Failed:')).toHaveCount(0);
  await dipper.fillConnection({ endpoint: 'http://127.0.0.1:9' });
  await dialog.getByRole('button', { name: /Test/ }).click();
  await expect(panel.getByText('Failed:')).toHaveCount(1);
  await expect(panel).toContainText(/refused|does not answer|nothing/i);
});

test('keys limited to one folder go straight to it, and other places work by name', async ({
  dipper,
  page,
  target,
}) => {
  const { limitedBucket, limitedPrefix, limited } = target;
  if (target.own) {
    target.own.createBucket(limitedBucket);
    target.own.seed(limitedBucket, [{ key: `${limitedPrefix}plan.txt`, body: 'plan' }]);
  } else await target.put(limitedBucket, `${limitedPrefix}plan.txt`, 'plan');
  await dipper.connect(
    { endpoint: target.endpoint, root: `${limitedBucket}/${limitedPrefix}` },
    limited,
  );
  await expect(dipper.row('plan.txt')).toBeVisible();

  await page
    .getByRole('navigation', { name: 'Path' })
    .getByRole('button')
    .first()
    .click();
  await expect(dipper.row(limitedBucket)).toBeVisible();

  await dipper.saveBookmark({ endpoint: target.endpoint, nickname: 'No path' }, limited);
  await dipper.sidebar.getByRole('treeitem', { name: /^No path/ }).dblclick();
  await expect(page.getByText('These keys may not list buckets')).toBeVisible();
  await page.getByRole('button', { name: 'Add Bucket by Name…' }).click();
  const add = page.getByRole('dialog', { name: 'Add Bucket by Name' });
  await add.getByLabel('Bucket').fill(limitedBucket);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Access denied').first()).toBeVisible();
  await dipper.press('Mod+Shift+g');
  const go = page.getByRole('dialog', { name: 'Go to Folder' });
  await go.getByLabel('Folder').fill(`${limitedBucket}/${limitedPrefix}`);
  await page.keyboard.press('Enter');
  await expect(dipper.row('plan.txt')).toBeVisible();
});

test('the quick connect dialog takes an address with its bucket, and checks it', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await target.makeBucket();
  await target.put(bucket, 'hello.txt', 'hello');
  await dipper.press('Mod+k');
  const dialog = page.getByRole('dialog', { name: 'Quick Connect' });
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(dialog.locator('[aria-invalid=true]').first()).toBeVisible();
  await dialog.getByLabel('Server or address').fill(`${target.endpoint}/${bucket}`);
  await dialog.getByLabel('Access key').fill(target.full.accessKeyId);
  await dialog
    .getByLabel('Secret key', { exact: true })
    .fill(target.full.secretAccessKey);
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(dipper.row('hello.txt')).toBeVisible();
});

test('bookmarks: search, duplicate, folder, colour, delete with undo, export without secrets', async ({
  app,
  dipper,
  page,
  places,
  target,
}) => {
  const { readFile } = await import('node:fs/promises');
  await dipper.saveBookmark(
    { endpoint: target.endpoint, nickname: 'Alpha' },
    target.full,
  );
  await dipper.saveBookmark({ endpoint: target.endpoint, nickname: 'Beta' }, target.full);
  const item = (name: string | RegExp) => dipper.sidebar.getByRole('treeitem', { name });
  await expect(item(/^Beta/)).toBeVisible();

  await dipper.sidebar.getByLabel('Search bookmarks').fill('alp');
  await expect(item(/^Beta/)).toBeHidden();
  await dipper.sidebar.getByLabel('Search bookmarks').fill('');

  await item(/^Alpha/).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  await expect(item(/^Alpha copy/)).toBeVisible();

  await item(/^Beta/).click();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(async () => {
    const names = await dipper.sidebar.getByRole('treeitem').allInnerTexts();
    expect(names.findIndex((name) => name.startsWith('Beta'))).toBeLessThan(2);
  }).toPass();

  await item(/^Beta/).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(item(/^Beta/)).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(item(/^Beta/)).toBeVisible();
  await item(/^Beta/).dblclick();
  await expect(dipper.buckets).toBeVisible();

  const file = `${places.files}/bookmarks.json`;
  await answerDialogs(app, 'showSaveDialog', { canceled: false, filePath: file });
  await app.evaluate(({ Menu }) => {
    const find = (menu: Electron.Menu | null): Electron.MenuItem | undefined => {
      for (const entry of menu?.items ?? []) {
        if (entry.label.startsWith('Export Bookmarks')) return entry;
        const found = entry.submenu ? find(entry.submenu) : undefined;
        if (found) return found;
      }
      return undefined;
    };
    find(Menu.getApplicationMenu())?.click();
  });
  await expect
    .poll(() => readFile(file, 'utf8').catch(() => ''), { message: 'the exported file' })
    .toContain('Alpha');
  expect(await readFile(file, 'utf8')).not.toContain(target.full.secretAccessKey);
});

test('a bucket that anybody may read opens without keys', async ({ dipper }) => {
  const { startS3Server } = await import('../../tools/s3-server/index.ts');
  await using server = await startS3Server({ publicBuckets: ['open-data'] });
  server.createBucket('open-data');
  server.seed('open-data', [{ key: 'readme.txt', body: 'for all' }]);
  await dipper.fillConnection({
    provider: 'Other S3 server',
    endpoint: server.endpoint,
    root: 'open-data',
  });
  await dipper.connectionDialog.getByRole('checkbox', { name: /^Anonymous/ }).click();
  await dipper.submitConnection('Connect');
  await expect(dipper.row('readme.txt')).toBeVisible();
});

test('the welcome window connects once from its quick-connect bar', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await target.makeBucket();
  await target.put(bucket, 'at-once.txt', 'x');
  const bar = page.getByRole('form', { name: 'Quick connect' });
  await expect(bar).toBeInViewport({ ratio: 1 });
  await bar.getByLabel('Server or address').fill(`${target.endpoint}/${bucket}`);
  await bar.getByLabel('Access key').fill(target.full.accessKeyId);
  await bar.getByLabel('Secret key', { exact: true }).fill(target.full.secretAccessKey);
  await page.keyboard.press('Enter');
  await expect(dipper.row('at-once.txt')).toBeVisible();
});
