import { startS3Server } from '../../tools/s3-server/index.ts';
import { enginesOf } from '../fixtures/engines.ts';
import { openBucket } from '../fixtures/open-bucket.ts';
import { expect, test } from '../fixtures/test.ts';

test('the engine dies while one browses: the window goes on with a new one', async ({
  app,
  dipper,
  running,
  target,
}) => {
  test.skip(running.host === 'electron' || process.platform === 'win32', 'needs ps');
  await openBucket(dipper, target, { 'folder/a.txt': 'a' });
  await expect(dipper.row('folder')).toBeVisible();
  const [engine, ...more] = await enginesOf(app.process().pid ?? 0);
  expect(more).toEqual([]);
  process.kill(engine ?? Number.NaN, 'SIGKILL');
  await dipper.open('folder');
  await expect(dipper.row('a.txt')).toBeVisible();
});

test('a refresh that fails keeps the rows and says why; Try Again mends it', async ({
  dipper,
  page,
}) => {
  await using server = await startS3Server();
  server.createBucket('docs');
  server.seed('docs', [{ key: 'a.txt', size: 1 }]);
  await dipper.connect({ endpoint: server.endpoint, root: 'docs' }, server.users.full);
  await dipper.row('a.txt').click();
  server.faults.add({
    match: { method: 'GET' },
    action: { kind: 'error', status: 403, code: 'AccessDenied' },
  });
  await dipper.press('Mod+r');
  const alert = page
    .getByRole('alert')
    .filter({ hasText: 'Not refreshed: Access denied' });
  await expect(alert).toBeVisible();
  await expect(dipper.row('a.txt')).toHaveAttribute('aria-selected', 'true');
  await expect(dipper.status).toHaveText(/^1 item, not refreshed/);
  server.faults.clear();
  server.seed('docs', [{ key: 'b.txt', size: 1 }]);
  await alert.getByRole('button', { name: 'Try Again' }).click();
  await expect(dipper.row('b.txt')).toBeVisible();
  await expect(alert).toBeHidden();
  await expect(dipper.row('a.txt')).toHaveAttribute('aria-selected', 'true');
});

test('the server goes away while one browses: it is said, and Try Again works', async ({
  dipper,
  page,
}) => {
  const first = await startS3Server();
  first.createBucket('docs');
  first.seed('docs', [{ key: 'in/a.txt', size: 1 }]);
  await dipper.connect({ endpoint: first.endpoint, root: 'docs' }, first.users.full);
  await expect(dipper.row('in')).toBeVisible();
  await first.close();
  await dipper.open('in');
  await expect(page.getByRole('button', { name: 'Try Again' })).toBeVisible({
    timeout: 60_000,
  });
  await using again = await startS3Server({ port: Number(new URL(first.endpoint).port) });
  again.createBucket('docs');
  again.seed('docs', [{ key: 'in/a.txt', size: 1 }]);
  await page.getByRole('button', { name: 'Try Again' }).click();
  await expect(dipper.row('a.txt')).toBeVisible();
});
