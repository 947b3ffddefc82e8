import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { AdvancedSettings } from '../../src/shared/domain/bookmark.ts';
import type { ConnectionId } from '../../src/shared/domain/ids.ts';
import { callApp } from '../../tools/dev/bridge-call.ts';
import { type S3Server, startS3Server } from '../../tools/s3-server/index.ts';
import { answerDialogs, dropFiles } from '../fixtures/desktop.ts';
import { enginesOf } from '../fixtures/engines.ts';
import { fileDigest, filesUnder, writeTree } from '../fixtures/files.ts';
import { inApp } from '../fixtures/in-app.ts';
import { launchApp, type Places, type RunningApp } from '../fixtures/launch.ts';
import { expect, test } from '../fixtures/test.ts';
import { DipperWindow } from '../fixtures/window.ts';

const MIB = 1_048_576;
/** Objects in each folder of the bucket, and small files in the folder that is uploaded. */
const MANY = 120;

test.skip(process.platform === 'win32', 'no signals');

/** The first button of every question from here on. */
async function sayYes(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ dialog }) => {
    Object.assign(dialog, {
      showMessageBox: () => Promise.resolve({ response: 0, checkboxChecked: false }),
    });
  });
}

/** A server with four folders, slow enough for somebody to come in between. */
async function slowServer(): Promise<S3Server> {
  const server = await startS3Server();
  server.createBucket('work');
  for (const folder of ['copied', 'moved', 'gone', 'down']) {
    server.seed(
      'work',
      Array.from({ length: MANY }, (_, i) => ({
        key: `${folder}/d${i % 7}/f${i}.txt`,
        body: `${folder} ${i}`,
      })),
    );
  }
  for (const operation of [
    'PutObject',
    'GetObject',
    'CopyObject',
    'DeleteObject',
  ] as const) {
    server.faults.add({ match: { operation }, action: { kind: 'delay', ms: 250 } });
  }
  server.faults.add({
    match: { operation: 'DeleteObjects' },
    action: { kind: 'delay', ms: 1_500 },
  });
  server.faults.add({
    match: { operation: 'UploadPart' },
    skip: 1,
    action: { kind: 'bandwidth', direction: 'up', bytesPerSecond: 2 * MIB },
  });
  return server;
}

/** Queues work of every kind: an upload, a download, a copy, a move and a delete. */
async function startEverything(
  server: S3Server,
  dipper: DipperWindow,
  places: Places & { readonly files: string },
): Promise<void> {
  const { page } = dipper;
  await writeTree(join(places.files, 'up'), {
    ...Object.fromEntries(
      Array.from({ length: MANY }, (_, i) => [`d${i % 7}/f${i}.txt`, `up ${i}`]),
    ),
    'long.bin': 40 * MIB,
  });
  // Each with a connection of its own: they take turns, so that all run at once.
  for (const nickname of ['Copies', 'Moves', 'Deletes', 'Downloads', 'Uploads']) {
    const draft = { endpoint: server.endpoint, root: 'work', nickname };
    await dipper.connect(draft, server.users.full);
  }
  const { bookmarks } = await callApp(page, 'bookmarks.snapshot', undefined);
  function at(nickname: string) {
    const bookmark = bookmarks.find((each) => each.nickname === nickname);
    return { connectionId: bookmark?.id as string as ConnectionId, bucket: 'work' };
  }
  const conflict = 'overwrite';
  for (const [kind, nickname, from, to] of [
    ['copy', 'Copies', 'copied', 'copy'],
    ['move', 'Moves', 'moved', 'there'],
  ] as const) {
    const place = at(nickname);
    await callApp(page, `transfers.${kind}`, {
      ...place,
      items: [{ item: { key: `${from}/`, folder: true }, targetKey: `${to}/` }],
      targetConnectionId: place.connectionId,
      targetBucket: 'work',
      conflict,
    });
  }
  await callApp(page, 'transfers.remove', {
    ...at('Deletes'),
    items: [{ key: 'gone/', folder: true }],
  });
  await callApp(page, 'transfers.download', {
    ...at('Downloads'),
    basePrefix: '',
    items: [{ key: 'down/', folder: true }],
    folder: join(places.home, 'Downloads'),
    conflict,
  });
  await dropFiles(page, dipper.files, [join(places.files, 'up')]);
}

/** The files of a folder of many. */
function names(folder: string): string[] {
  return Array.from({ length: MANY }, (_, i) => `${folder}/d${i % 7}/f${i}.txt`);
}

/** Everything is where it should be, with the content it should have, and nothing else. */
async function expectEverything(
  server: S3Server,
  dipper: DipperWindow,
  places: Places & { readonly files: string },
): Promise<void> {
  const totals = await dipper.queueIdle(0, 120_000);
  const filter = { filter: 'failed', offset: 0, limit: 5 } as const;
  const { rows } = await callApp(dipper.page, 'transfers.page', filter);
  // With the reasons: by its count alone no failure was ever understood.
  const failures = rows.map(({ kind, key, error }) => ({ kind, key, error }));
  expect({ failures, failed: totals.failed, skipped: totals.skipped }).toEqual({
    failures: [],
    failed: 0,
    skipped: 0,
  });
  const wanted = [
    ...['copied', 'copy', 'there', 'down', 'up'].flatMap(names),
    'up/long.bin',
  ];
  expect([...server.keys('work')].sort()).toEqual(wanted.sort());
  const content: Record<string, string> = { copy: 'copied', there: 'moved', up: 'up' };
  for (const [folder, text] of Object.entries(content)) {
    for (const [i, name] of names(folder).entries()) {
      expect(String(await server.read('work', name))).toBe(`${text} ${i}`);
    }
  }
  const downloads = join(places.home, 'Downloads');
  expect(await filesUnder(downloads)).toEqual(names('down').sort());
  for (const [i, name] of names('down').entries()) {
    expect(await readFile(join(downloads, name), 'utf8')).toBe(`down ${i}`);
  }
  const sum = await fileDigest(join(places.files, 'up', 'long.bin'));
  const hash = createHash('sha256').update(await server.read('work', 'up/long.bin'));
  expect(hash.digest('hex')).toBe(sum);
  expect(server.uploads('work')).toEqual([]);
}

/** Waits until something of each kind is under way. */
async function underWay(server: S3Server): Promise<void> {
  for (const operation of ['PutObject', 'GetObject', 'CopyObject', 'DeleteObjects']) {
    await expect
      .poll(() => server.requests.filter((r) => r.operation === operation).length)
      .toBeGreaterThan(0);
  }
}

const ENDS: Readonly<Record<string, (running: RunningApp) => Promise<void>>> = {
  'kill -9': async ({ app }) => void app.process().kill('SIGKILL'),
  'SIGTERM and yes': async ({ app }) => {
    await sayYes(app);
    app.process().kill('SIGTERM');
  },
  'the X of the window and yes': async ({ app }) => {
    await sayYes(app);
    await app
      .evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
      .catch(() => undefined);
  },
};

for (const [name, end] of Object.entries(ENDS)) {
  test(`work of every kind is ended by ${name}: the next start does the rest`, async ({
    places,
  }) => {
    test.setTimeout(240_000);
    await using server = await slowServer();
    const first = await launchApp(places);
    const dipper = new DipperWindow(first.page);
    await startEverything(server, dipper, places);
    await underWay(server);
    const closed = first.app.waitForEvent('close');
    await end(first);
    await closed;
    server.faults.clear();
    await inApp(places, (again) => expectEverything(server, again, places));
  });
}

test('the engine is killed again and again under work of every kind: nothing is missing', async ({
  app,
  dipper,
  places,
  running,
}) => {
  test.skip(running.host === 'electron', 'finds the engine with ps');
  test.setTimeout(240_000);
  await using server = await slowServer();
  await startEverything(server, dipper, places);
  await underWay(server);
  let engine = 0;
  for (let round = 0; round < 3; round++) {
    await expect
      .poll(
        async () => {
          const [next = engine] = await enginesOf(app.process().pid ?? 0);
          if (next === engine) return false;
          engine = next;
          return true;
        },
        { timeout: 30_000 },
      )
      .toBe(true);
    // The new one is at work.
    const before = server.requests.length;
    await expect
      .poll(() => server.requests.length, { timeout: 30_000 })
      .toBeGreaterThan(before + 5);
    process.kill(engine, 'SIGKILL');
  }
  server.faults.clear();
  await expectEverything(server, dipper, places);
});

test('told to keep running, the X of the window and a signal change nothing', async ({
  app,
  dipper,
  places,
}) => {
  test.setTimeout(120_000);
  await using server = await slowServer();
  await startEverything(server, dipper, places);
  await underWay(server);
  // Main hears of the queue ten times a second.
  await expect.poll(async () => (await dipper.totals()).running).toBeGreaterThan(0);
  const no = { response: 1, checkboxChecked: false };
  await answerDialogs(app, 'showMessageBox', no, no);
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  app.process().kill('SIGTERM');
  server.faults.clear();
  await expectEverything(server, dipper, places);
  await expect(dipper.sidebar).toBeVisible();
});

test('what a quick connection had to do goes on once the same keys are there again', async ({
  places,
}) => {
  test.setTimeout(180_000);
  await using server = await startS3Server();
  server.seed('docs', [{ key: 'big.bin', size: 24 * MIB }]);
  const slow = server.faults.add({
    match: { operation: 'GetObject' },
    action: { kind: 'bandwidth', direction: 'down', bytesPerSecond: MIB },
  });
  async function connect(dipper: DipperWindow): Promise<void> {
    await dipper.fillConnection({
      provider: 'Other S3 server',
      endpoint: server.endpoint,
      accessKey: server.users.full.accessKeyId,
      secretKey: server.users.full.secretAccessKey,
      root: 'docs',
    });
    await dipper.submitConnection('Connect');
    await expect(dipper.row('big.bin')).toBeVisible();
  }
  await inApp(places, async (dipper, { app }) => {
    await connect(dipper);
    await dipper.row('big.bin').click();
    await dipper.press('Mod+d');
    await expect.poll(async () => (await dipper.totals()).bytesDone).toBeGreaterThan(0);
    const asked = await app.evaluateHandle(({ dialog }) => {
      const details: unknown[] = [];
      Object.assign(dialog, {
        showMessageBox: (...args: unknown[]) => {
          details.push(args.at(-1));
          return Promise.resolve({ response: details.length === 1 ? 1 : 0 });
        },
      });
      return details;
    });
    await app.evaluate(({ app: electron }) => electron.quit());
    // Nobody is promised what cannot be kept.
    await expect
      .poll(() => asked.evaluate((details) => JSON.stringify(details)))
      .toContain('as soon as you connect to its server again');
  });
  slow.remove();
  await inApp(places, async (dipper) => {
    await expect.poll(async () => (await dipper.totals()).waiting).toBe(1);
    await dipper.showTransfers();
    await expect(dipper.transfer('big.bin')).toContainText(
      'connect to the same server with the same access key',
    );
    await connect(dipper);
    expect(await dipper.queueIdle(1)).toMatchObject({ done: 1, failed: 0 });
  });
  expect((await stat(join(places.home, 'Downloads', 'big.bin'))).size).toBe(24 * MIB);
});

test('what a quick connection without keys had to do goes on by itself', async ({
  places,
}) => {
  test.setTimeout(180_000);
  await using server = await startS3Server({ publicBuckets: ['open'] });
  server.seed('open', [{ key: 'big.bin', size: 24 * MIB }]);
  const slow = server.faults.add({
    match: { operation: 'GetObject' },
    action: { kind: 'bandwidth', direction: 'down', bytesPerSecond: MIB },
  });
  await inApp(places, async (dipper, { app, page }) => {
    const draft = {
      providerId: 'generic',
      nickname: '',
      endpoint: server.endpoint,
      accessKeyId: '',
      root: 'open',
      region: '',
      signature: 'anonymous',
      addressing: 'path',
      uploadAcl: 'none',
      advanced: AdvancedSettings.parse({}),
    } as const;
    const quick = { draft, secret: null };
    const { connectionId } = await callApp(page, 'connections.quick', quick);
    await callApp(page, 'transfers.download', {
      connectionId,
      bucket: 'open',
      basePrefix: '',
      items: [{ key: 'big.bin', folder: false }],
      folder: join(places.home, 'Downloads'),
      conflict: 'overwrite',
    });
    await expect.poll(async () => (await dipper.totals()).bytesDone).toBeGreaterThan(0);
    const closed = app.waitForEvent('close');
    app.process().kill('SIGKILL');
    await closed;
  });
  slow.remove();
  await inApp(places, async (dipper) => {
    expect(await dipper.queueIdle(1)).toMatchObject({ done: 1, failed: 0 });
  });
  expect((await stat(join(places.home, 'Downloads', 'big.bin'))).size).toBe(24 * MIB);
});

test('a question about a conflict is asked again after a reload and after a restart', async ({
  places,
}) => {
  test.setTimeout(120_000);
  await using server = await startS3Server();
  server.seed('docs', [{ key: 'a.txt', body: 'old' }]);
  await writeTree(places.files, { 'a.txt': 'new' });
  await inApp(places, async (dipper, { app, page }) => {
    await dipper.connect({ endpoint: server.endpoint, root: 'docs' }, server.users.full);
    await dropFiles(page, dipper.files, [join(places.files, 'a.txt')]);
    const question = page.getByRole('alertdialog', { name: /exists already/ });
    await expect(question).toBeVisible();
    await page.reload();
    await expect(question).toBeVisible();
    const gone = app.waitForEvent('close');
    app.process().kill('SIGKILL');
    await gone;
  });
  await inApp(places, async (dipper, { page }) => {
    const question = page.getByRole('alertdialog', { name: /exists already/ });
    await expect(question).toBeVisible();
    expect(String(await server.read('docs', 'a.txt'))).toBe('old');
    await question.getByRole('button', { name: 'Overwrite' }).click();
    expect(await dipper.queueIdle(1)).toMatchObject({ done: 1, failed: 0 });
  });
  expect(String(await server.read('docs', 'a.txt'))).toBe('new');
});
