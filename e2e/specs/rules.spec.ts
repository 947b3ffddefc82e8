import { join } from 'node:path';
import { dropFiles } from '../fixtures/desktop.ts';
import { writeTree } from '../fixtures/files.ts';
import { expect, test } from '../fixtures/test.ts';

test('junk is left out, told, and uploaded when asked for', async ({
  dipper,
  page,
  places,
  target,
}) => {
  const bucket = await target.makeBucket();
  const site = join(places.files, 'site');
  await writeTree(site, {
    'index.html': '<p>',
    '.DS_Store': 'junk',
    'img/Thumbs.db': 'junk',
    'img/a.png': 'png',
    '.git/config': 'junk',
  });
  await dipper.connect({ endpoint: target.endpoint, root: bucket }, target.full);
  await dropFiles(page, dipper.files, [site]);
  await dipper.queueIdle(2);
  expect(await target.keys(bucket)).toEqual(['site/img/a.png', 'site/index.html']);
  await expect(dipper.toast('3 hidden items left out.')).toBeVisible();
  await page.getByRole('button', { name: 'Upload Them' }).click();
  await dipper.queueIdle(5);
  expect(await target.keys(bucket)).toEqual([
    'site/.DS_Store',
    'site/.git/config',
    'site/img/Thumbs.db',
    'site/img/a.png',
    'site/index.html',
  ]);
});

test('rules of a bookmark are made in its dialog and reach the server', async ({
  dipper,
  page,
  places,
  target,
}) => {
  const { own } = target;
  test.skip(own === undefined, 'only our own server shows what it was sent');
  if (!own) return;
  const bucket = await target.makeBucket();
  await writeTree(join(places.files, 'site'), {
    'index.html': '<p>',
    'app.js': 'js',
    'draft.tmp': 'no',
  });
  await dipper.fillConnection({
    provider: 'Other S3 server',
    endpoint: target.endpoint,
    accessKey: target.full.accessKeyId,
    secretKey: target.full.secretAccessKey,
    root: bucket,
    name: 'Site',
  });
  const dialog = dipper.connectionDialog;
  await dialog.getByRole('button', { name: 'Upload Rules' }).click();
  await dialog.getByRole('button', { name: 'Presets' }).click();
  await page.getByRole('menuitem', { name: /^Web site/ }).click();
  await dialog.getByRole('button', { name: 'Add Rule' }).click();
  const pattern = dialog.getByLabel('Pattern of rule 3');
  await pattern.fill('[tmp');
  await expect(dialog).toContainText('A [ has no ] that ends it.');
  await pattern.fill('*.tmp');
  await expect(dialog).not.toContainText('A [ has no ] that ends it.');
  await dipper.submitConnection('Save & Connect');
  await expect(dipper.files).toBeVisible();
  await dropFiles(page, dipper.files, [join(places.files, 'site')]);
  await dipper.queueIdle(2);
  expect(await target.keys(bucket)).toEqual(['site/app.js', 'site/index.html']);
  const sent = new Map(
    own.requests
      .filter(({ operation }) => operation === 'PutObject')
      .map(({ key, headers }) => [key, headers['cache-control']]),
  );
  expect(sent.get('site/index.html')).toBe('no-cache');
  expect(sent.get('site/app.js')).toBe('public, max-age=31536000, immutable');
});
