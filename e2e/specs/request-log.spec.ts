import { clipboardText } from '../fixtures/desktop.ts';
import { openBucket } from '../fixtures/open-bucket.ts';
import { expect, test } from '../fixtures/test.ts';

test('requests show live, are filtered, copied and cleared, and tell no secret', async ({
  app,
  dipper,
  page,
  target,
}) => {
  const bucket = await openBucket(dipper, target, { 'folder/file.txt': 'content' });
  await expect(dipper.row('folder')).toBeVisible();
  await dipper.press('Mod+Shift+l');
  const log = page.getByRole('region', { name: 'Request Log' });
  const rows = log.getByRole('grid', { name: 'Requests' }).getByRole('row');
  await expect(rows.filter({ hasText: 'ListObjectsV2' }).first()).toBeVisible();

  // Live: what happens now comes by itself.
  await dipper.open('folder');
  await expect(dipper.row('file.txt')).toBeVisible();
  await dipper.row('file.txt').click();
  await dipper.press('Mod+i');
  const heads = rows.filter({ hasText: /HeadObject(?! \(no keys)/ });
  const head = heads.first();
  await expect(head).toContainText(`${bucket}/folder/file.txt`);
  await expect(head).toContainText('200');
  // Whether strangers get in is asked without keys.
  const stranger = rows.filter({ hasText: 'HeadObject (no keys)' });
  await expect(stranger.first()).toContainText('403');
  await expect(
    dipper.inspector.getByRole('button', { name: 'Private', exact: true }),
  ).toBeVisible();
  await dipper.press('Mod+i');
  await expect(dipper.inspector).toBeHidden();

  // A request that fails is marked and found.
  await dipper.press('Mod+Shift+g');
  const go = page.getByRole('dialog', { name: 'Go to Folder' });
  await go.getByLabel('Folder').fill(`s3://${bucket}-missing/`);
  await go.getByRole('button', { name: 'Go' }).click();
  await expect(go).toBeHidden();
  await log.getByRole('button', { name: 'Errors Only' }).click();
  await expect(rows.filter({ hasText: '404 NoSuchBucket' }).first()).toBeVisible();
  await expect(heads).toHaveCount(0);
  await log.getByRole('button', { name: 'Errors Only' }).click();

  await log.getByRole('searchbox', { name: 'Filter requests' }).fill('headobject');
  await expect(rows.filter({ hasText: 'ListObjectsV2' })).toHaveCount(0);
  await head.click();
  await log.getByRole('button', { name: 'Copy Request' }).click();
  await expect.poll(() => clipboardText(app)).toContain('\tHEAD\tHeadObject\t');

  // The whole of it: neither keys nor signatures, in the window or on the clipboard.
  await log.getByRole('searchbox', { name: 'Filter requests' }).fill('');
  const said = `${await log.innerText()}\n${await log.innerHTML()}\n${await clipboardText(app)}`;
  const { accessKeyId, secretAccessKey } = target.full;
  for (const secret of [
    accessKeyId,
    secretAccessKey,
    'X-Amz-',
    'AWS4-HMAC',
    'Signature',
    'Credential=',
    'Authorization',
  ]) {
    expect(said, secret).not.toContain(secret);
  }

  await log.getByRole('button', { name: 'Clear Requests' }).click();
  await expect(log.getByText('No requests yet')).toBeVisible();
  await log.getByRole('button', { name: 'Close Request Log' }).click();
  await expect(log).toBeHidden();
});
