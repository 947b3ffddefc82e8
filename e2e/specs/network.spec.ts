import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { callApp } from '../../tools/dev/bridge-call.ts';
import { startS3Server } from '../../tools/s3-server/index.ts';
import { inApp } from '../fixtures/in-app.ts';
import { expect, test } from '../fixtures/test.ts';

const MIB = 1024 * 1024;

/** The system loses its network, or has it again, as main can find out. */
async function setOnline(app: ElectronApplication, online: boolean): Promise<void> {
  await app.evaluate(({ net }, isOnline) => {
    Object.assign(net, { isOnline: () => isOnline });
  }, online);
}

test('without a network a transfer waits, and goes on by itself; sleep does no harm', async ({
  app,
  dipper,
  page,
  places,
  running,
}) => {
  test.skip(running.host === 'electron', 'needs a network that can be taken away');
  // A name of this computer that does not say so: it counts as a server far away.
  await using server = await startS3Server({ domains: ['0.0.0.0'] });
  const far = server.endpoint.replace('127.0.0.1', '0.0.0.0');
  server.createBucket('docs');
  server.seed('docs', [{ key: 'big.bin', size: 24 * MIB }]);
  await dipper.connect({ endpoint: far, root: 'docs' }, server.users.full);
  server.faults.add({
    match: { operation: 'GetObject' },
    action: { kind: 'bandwidth', direction: 'down', bytesPerSecond: MIB },
  });
  await dipper.row('big.bin').click();
  await dipper.press('Mod+d');
  await expect.poll(async () => (await dipper.totals()).bytesDone).toBeGreaterThan(0);
  await setOnline(app, false);
  await page.evaluate(() => window.dispatchEvent(new Event('offline')));
  await expect
    .poll(async () => {
      const filter = { filter: 'all', offset: 0, limit: 10 } as const;
      const { rows } = await callApp(page, 'transfers.page', filter);
      return rows.map(({ state, waitReason, error }) => ({ state, waitReason, error }));
    })
    .toEqual([{ state: 'waiting', waitReason: 'offline', error: null }]);
  server.faults.clear();
  await setOnline(app, true);
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await app.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'));
  expect(await dipper.queueIdle(1)).toMatchObject({ done: 1, failed: 0 });
  const { size } = await stat(join(places.home, 'Downloads', 'big.bin'));
  expect(size).toBe(24 * MIB);
});

test('a computer that shuts down is not asked, and the queue is kept', async ({
  app,
  dipper,
  places,
  running,
}) => {
  test.skip(running.host === 'electron', 'needs a computer that shuts down');
  await using server = await startS3Server();
  server.createBucket('docs');
  server.seed('docs', [{ key: 'big.bin', size: 24 * MIB }]);
  await dipper.connect({ endpoint: server.endpoint, root: 'docs' }, server.users.full);
  server.faults.add({
    match: { operation: 'GetObject' },
    action: { kind: 'bandwidth', direction: 'down', bytesPerSecond: MIB },
  });
  await dipper.row('big.bin').click();
  await dipper.press('Mod+d');
  await expect.poll(async () => (await dipper.totals()).bytesDone).toBeGreaterThan(0);
  // Not even to the question that is being asked is an answer waited for.
  const asked = await app.evaluateHandle(({ app: electron, dialog }) => {
    const question = new Promise<void>((isAsked) => {
      Object.assign(dialog, {
        showMessageBox: () => {
          isAsked();
          return new Promise(() => undefined);
        },
      });
    });
    electron.quit();
    return { question };
  });
  await asked.evaluate(({ question }) => question);
  const closed = app.waitForEvent('close');
  await app
    .evaluate(({ powerMonitor }) => {
      powerMonitor.emit('shutdown', { preventDefault: () => undefined });
    })
    .catch(() => undefined);
  await closed;
  server.faults.clear();
  await inApp(places, async (next) => {
    expect(await next.queueIdle(1)).toMatchObject({ done: 1, failed: 0 });
  });
  const { size } = await stat(join(places.home, 'Downloads', 'big.bin'));
  expect(size).toBe(24 * MIB);
});

test('limits of the preferences hold at once and are told to the window', async ({
  dipper,
  page,
}) => {
  await using server = await startS3Server();
  server.createBucket('docs');
  server.seed('docs', [{ key: 'big.bin', size: 8 * MIB }]);
  await dipper.connect({ endpoint: server.endpoint, root: 'docs' }, server.users.full);
  await dipper.press('Mod+,');
  const preferences = page.getByRole('dialog', { name: 'Preferences' });
  await preferences.getByText('Transfers', { exact: true }).first().click();
  await preferences.getByLabel('Download at most').fill('0.064');
  await preferences.getByRole('button', { name: 'Done' }).click();
  await expect
    .poll(async () => (await dipper.totals()).limits)
    .toEqual({ uploadKiBs: 0, downloadKiBs: 63, scheduled: false });
  await dipper.row('big.bin').click();
  await dipper.press('Mod+d');
  await expect.poll(async () => (await dipper.totals()).bytesDone).toBeGreaterThan(0);
  // At 64 kB/s it would take two minutes.
  await callApp(page, 'settings.change', { downloadLimitKiBs: 0 });
  expect(await dipper.queueIdle(1)).toMatchObject({ done: 1, failed: 0 });
});
