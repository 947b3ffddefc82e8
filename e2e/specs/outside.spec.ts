import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { resolveHost } from '../../tools/dev/launch.ts';
import { startS3Server } from '../../tools/s3-server/index.ts';
import { selfSigned } from '../../tools/s3-server/testing/self-signed.ts';
import { answerDialogs } from '../fixtures/desktop.ts';
import { openBucket } from '../fixtures/open-bucket.ts';
import { expect, test } from '../fixtures/test.ts';

/** The process that runs the engine, found among the app's children (Linux only). */
function engineOf(parent: number): number | null {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const ppid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      if (ppid === parent && command.includes('transfers.db')) return Number(name);
    } catch {
      // Gone meanwhile.
    }
  }
  return null;
}

test('a link given to a second start is asked about, then shown with the bookmark’s keys', async ({
  app,
  dipper,
  places,
  target,
}) => {
  const bucket = await target.makeBucket();
  await target.put(bucket, 'a b/found me.txt', 'x');
  await dipper.saveBookmark({ endpoint: target.endpoint }, target.full);
  await app.evaluate(({ dialog }) => {
    Object.assign(dialog, {
      showMessageBox: (...args: readonly unknown[]) => {
        Object.assign(globalThis, { asked: args.at(-1) });
        return Promise.resolve({ response: 1, checkboxChecked: false });
      },
    });
  });
  const query = new URLSearchParams({
    endpoint: target.endpoint,
    bucket,
    prefix: 'a b',
  });
  const host = await resolveHost();
  const second = spawn(
    host.executablePath,
    [...host.args, resolve(import.meta.dirname, '../..'), `dippers3://open?${query}`],
    {
      stdio: 'ignore',
      env: {
        ...process.env,
        HOME: places.home,
        DIPPER_USER_DATA: places.userData,
        HOST_TEST: '1',
        HOST_HEADLESS: '1',
      },
    },
  );
  const ended = new Promise((done) => second.once('exit', done));
  await expect(dipper.row('found me.txt')).toBeVisible({ timeout: 60_000 });
  await ended;
  const asked = await app.evaluate(() => (globalThis as { asked?: unknown }).asked);
  expect(JSON.stringify(asked)).toContain(`Bucket: ${bucket}`);
});

test('a page that is not itself any more gets no file of this computer', async ({
  dipper,
  page,
  places,
  target,
}) => {
  const bucket = await openBucket(dipper, target);
  const codes = await page.evaluate(
    async ([bucketName, home]) => {
      const { bridge } = window as unknown as {
        bridge: {
          call(
            name: string,
            payload: unknown,
          ): Promise<{ ok: boolean; error?: { code: string }; value?: unknown }>;
          pathsForFiles(files: readonly File[]): string[];
        };
      };
      const state = (await bridge.call('bookmarks.snapshot', undefined)).value as {
        bookmarks: readonly { id: string }[];
      };
      const to = { connectionId: state.bookmarks[0]?.id, bucket: bucketName };
      const upload = (path: string | undefined) =>
        bridge.call('transfers.upload', {
          ...to,
          prefix: '',
          paths: [path],
          conflict: 'overwrite',
        });
      const invented = new File(['x'], `${home}/.ssh/id_rsa`);
      const download = bridge.call('transfers.download', {
        ...to,
        basePrefix: '',
        items: [{ key: 'autostart.desktop', folder: false }],
        folder: `${home}/.config/autostart`,
        conflict: 'overwrite',
      });
      const answers = await Promise.all([
        upload(`${home}/.ssh/id_rsa`),
        upload(`${home}/Downloads/../.ssh/id_rsa`),
        download,
        bridge.call('app.revealPath', { path: '/etc/passwd' }),
        bridge.call('settings.change', { downloadFolder: `${home}/.config` }),
        bridge.call('app.openExternal', { url: 'file:///etc/passwd' }),
        bridge.call('app.openExternal', { url: 'https://evil.example/' }),
      ]);
      return {
        invented: bridge.pathsForFiles([invented]),
        codes: answers.map((each) => each.error?.code ?? 'ok'),
      };
    },
    [bucket, places.home] as const,
  );
  expect(codes).toEqual({
    invented: [''],
    codes: [
      'ipc.forbidden',
      'ipc.forbidden',
      'ipc.forbidden',
      'ipc.forbidden',
      'ipc.forbidden',
      'input.invalid',
      'input.invalid',
    ],
  });
  expect(existsSync(join(places.home, '.config', 'autostart'))).toBe(false);
});

test('a page that is not itself any more gets nowhere else either', async ({
  app,
  page,
  pageErrors,
}) => {
  const outcome = await page.evaluate(async () => {
    const reached = await Promise.allSettled([
      fetch('https://evil.example/'),
      fetch('http://127.0.0.1:1/'),
      fetch('file:///etc/passwd'),
    ]);
    const script = document.createElement('script');
    let assigned = true;
    try {
      script.text = 'globalThis.injected = true';
    } catch {
      assigned = false;
    }
    document.body.append(script);
    const frame = document.createElement('iframe');
    frame.src = 'https://evil.example/';
    document.body.append(frame);
    // Electron answers null; the stand-in closes what was opened.
    window.open('https://evil.example/');
    const results = {
      reached: reached.map(({ status }) => status),
      above: (await fetch('/..%2f..%2fpackage.json')).status,
      assigned,
      injected: 'injected' in globalThis,
      node: 'require' in globalThis || 'process' in globalThis,
      camera: (await navigator.permissions.query({ name: 'camera' })).state,
    };
    script.remove();
    frame.remove();
    location.href = 'https://evil.example/';
    return results;
  });
  expect(outcome).toEqual({
    reached: ['rejected', 'rejected', 'rejected'],
    above: 404,
    assigned: false,
    injected: false,
    node: false,
    camera: 'denied',
  });
  await expect.poll(() => app.windows().length).toBe(1);
  await page.waitForTimeout(500);
  expect(await page.evaluate(() => location.hostname)).not.toContain('evil');
  await expect(page.getByRole('complementary', { name: 'Bookmarks' })).toBeVisible();
  // The browser complains of each attempt, as it should.
  (pageErrors as string[]).length = 0;
});

test('a window whose process dies is there again, says so, and works', async ({
  app,
  dipper,
  page,
  target,
}) => {
  const bucket = await target.makeBucket();
  await target.put(bucket, 'still here.txt', 'x');
  await dipper.saveBookmark({ endpoint: target.endpoint, root: bucket }, target.full);
  page.on('crash', () => undefined);
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer();
  });
  // The driver's page is gone with the process: asked through main from here on.
  const inPage = (code: string) =>
    app
      .evaluate(
        ({ BrowserWindow }, text) =>
          BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(text),
        code,
      )
      .catch(() => null);
  await expect
    .poll(() => inPage('document.body.innerText'), { timeout: 60_000 })
    .toContain('The window was loaded again');
  const answer = await inPage(
    "bridge.call('bookmarks.snapshot', undefined).then((e) => e.value.bookmarks.length)",
  );
  expect(answer).toBe(1);
});

test('an engine that dies in the middle of a listing is said, and the next one works', async ({
  app,
  dipper,
  page,
  target,
}) => {
  test.skip(process.platform !== 'linux', 'finds the process in /proc');
  test.skip(target.own === undefined, 'a slow answer is a fault of our own server');
  const bucket = await openBucket(dipper, target, { 'after.txt': 'x' });
  await expect(dipper.row('after.txt')).toBeVisible();
  const held = target.own?.faults.add({
    match: { bucket },
    action: { kind: 'delay', ms: 3_600_000 },
  });
  await dipper.press('Mod+r');
  await expect.poll(() => held?.hits).toBeGreaterThan(0);
  const engine = engineOf(app.process().pid ?? 0);
  expect(engine).not.toBeNull();
  process.kill(engine ?? 0, 'SIGABRT');
  await expect(dipper.status).toContainText('not refreshed');
  target.own?.faults.clear();
  await page.getByRole('button', { name: 'Try Again' }).click();
  await expect(dipper.status).toContainText(/^1 item$/);
  await expect(dipper.row('after.txt')).toBeVisible();
});

test('a server with its own certificate is refused, until the connection trusts it', async ({
  dipper,
}) => {
  const tls = selfSigned();
  const server = await startS3Server({ tls });
  try {
    server.seed('vault', [{ key: 'private.txt', body: 'x' }]);
    await dipper.fillConnection({
      provider: 'Other S3 server',
      endpoint: server.endpoint,
      accessKey: server.users.full.accessKeyId,
      secretKey: server.users.full.secretAccessKey,
      root: 'vault',
      name: 'Own',
    });
    const dialog = dipper.connectionDialog;
    await dialog.getByRole('button', { name: 'Test Connection' }).click();
    await expect(dialog.getByText(/signed by itself/)).toBeVisible();
    await dialog.getByRole('button', { name: 'Advanced' }).click();
    const field = dialog.getByLabel('Certificate authority (PEM)');
    await field.fill(tls.key);
    await field.blur();
    await expect(dialog.getByText(/private key, which must stay/)).toBeVisible();
    await field.fill(`my server\n${tls.cert}`);
    await dipper.submitConnection('Save & Connect');
    await expect(dipper.row('private.txt')).toBeVisible();
  } finally {
    await server.close();
  }
});

test('quitting while transfers run asks, and stays when told to', async ({
  app,
  dipper,
  target,
}) => {
  test.skip(target.own === undefined, 'a slow answer is a fault of our own server');
  const bucket = await target.makeBucket();
  await target.put(bucket, 'slow.bin', new Uint8Array(4_000_000));
  target.own?.faults.add({
    match: { operation: 'GetObject', bucket },
    action: { kind: 'bandwidth', direction: 'down', bytesPerSecond: 20_000 },
  });
  await dipper.connect({ endpoint: target.endpoint, root: bucket }, target.full);
  await dipper.row('slow.bin').click();
  await dipper.page.keyboard.press('Enter');
  await expect.poll(async () => (await dipper.totals()).running).toBe(1);
  // Main hears of the queue ten times a second, and keeps the computer awake then.
  await expect
    .poll(() =>
      app.evaluate(({ powerSaveBlocker }) =>
        Array.from({ length: 200 }, (_, id) => id).some((id) =>
          powerSaveBlocker.isStarted(id),
        ),
      ),
    )
    .toBe(true);
  await answerDialogs(
    app,
    'showMessageBox',
    { response: 1, checkboxChecked: false },
    { response: 0, checkboxChecked: false },
  );
  await app.evaluate(({ app: electron }) => electron.quit());
  expect((await dipper.totals()).running).toBe(1);
  target.own?.faults.clear();
});
