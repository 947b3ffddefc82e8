import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  appFolder,
  executablePath,
  launchSample,
  processesWith,
  sampleEnvironment,
} from './testing/launch.ts';

describe('a run', () => {
  it('runs once per user data and tells the first of a second start', async () => {
    await using sample = await launchSample();
    const env = sampleEnvironment(sample.folder);
    const second = spawn(executablePath, [appFolder, 'dipper:second'], {
      env,
      stdio: 'ignore',
    });
    const code = await new Promise((resolve) => second.once('exit', resolve));
    await expect.poll(() => sample.notes()).toContain('second dipper:second');
    expect(code).toBe(0);
  });

  it.skipIf(process.platform !== 'linux')('leaves no process after quit', async () => {
    const sample = await launchSample();
    const during = processesWith(sample.folder).length;
    await sample.page.evaluate(() => window.sample.invoke('echo', 1));
    await sample.app.close();
    await expect.poll(() => processesWith(sample.folder)).toEqual([]);
    expect([during > 0, sample.notes()]).toEqual([true, 'will-quit\n']);
    rmSync(sample.folder, { recursive: true, force: true });
  });

  it.skipIf(process.platform !== 'linux')('leaves no process after kill -9', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'electron-host-'));
    const env = sampleEnvironment(folder);
    const child = spawn(executablePath, [appFolder], { env, stdio: 'ignore' });
    await expect.poll(() => processesWith(folder).length).toBeGreaterThan(2);
    child.kill('SIGKILL');
    await expect.poll(() => processesWith(folder)).toEqual([]);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
});

describe('a window', () => {
  it('stays when the app prevents that it closes, and quits when it does not', async () => {
    const sample = await launchSample();
    const { app } = sample;
    await app.evaluate(({ app: electronApp, BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      window?.once('close', (event) => event.preventDefault());
      electronApp.quit();
    });
    const count = await app.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows().length,
    );
    const exited = new Promise((resolve) => app.process().once('exit', resolve));
    await app.evaluate(({ app: electronApp }) => electronApp.quit()).catch(() => {});
    // The driver's inspector keeps the process until it has read the end.
    await app.close();
    expect([count, await exited]).toEqual([1, 0]);
    rmSync(sample.folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('comes back when its process is gone', async () => {
    await using sample = await launchSample();
    const { app, page } = sample;
    const loaded = app.evaluate(
      ({ webContents }) =>
        new Promise<string>((resolve) => {
          const [contents] = webContents.getAllWebContents();
          contents?.once('did-finish-load', () => {
            contents.executeJavaScript("window.sample.invoke('echo', 'back')").then(
              (value) => resolve(String(value)),
              (error) => resolve(String(error)),
            );
          });
          contents?.forcefullyCrashRenderer();
        }),
    );
    page.on('crash', () => {});
    expect([await loaded, sample.notes()]).toEqual(['back', 'gone crashed\n']);
  });
});

describe('the environment', () => {
  it('gives a dark system and a keychain when asked to', async () => {
    await using sample = await launchSample({ HOST_DARK: '1', HOST_KEYCHAIN: '1' });
    const main = await sample.app.evaluate(({ nativeTheme, safeStorage }) => [
      nativeTheme.shouldUseDarkColors,
      safeStorage.getSelectedStorageBackend(),
    ]);
    await sample.page.waitForFunction(
      () => matchMedia('(prefers-color-scheme: dark)').matches,
    );
    expect(main).toEqual([true, 'gnome_libsecret']);
  });
});

describe('the drawn menu', () => {
  it('runs items, keeps to the policy and pushes the page down', async () => {
    await using sample = await launchSample({ HOST_MENU: '1' });
    const { page, app } = sample;
    await page.waitForFunction(
      () => getComputedStyle(document.documentElement).paddingTop === '28px',
    );
    const violations: string[] = [];
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy'))
        violations.push(message.text());
    });
    await page.mouse.click(20, 14);
    await page.keyboard.press('Enter');
    const out = page.locator('#out');
    await expect.poll(() => out.textContent()).toContain('menu new-folder');
    await app.evaluate(({ BrowserWindow, Menu }) => {
      const menu = Menu.buildFromTemplate([
        {
          label: 'Here',
          click: () =>
            BrowserWindow.getAllWindows()[0]?.webContents.send('menu', 'from context'),
        },
      ]);
      menu.popup({ x: 100, y: 100 });
    });
    await page.mouse.move(120, 115);
    await expect
      .poll(async () => {
        await page.mouse.click(120, 115);
        return out.textContent();
      })
      .toContain('menu from context');
    const reach = await page.evaluate(
      () => document.documentElement.scrollHeight - innerHeight,
    );
    expect({ violations, reach }).toEqual({ violations: [], reach: 0 });
  });
});
