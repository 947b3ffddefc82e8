/* oxlint-disable unicorn/consistent-function-scoping -- what runs in the page is inside its callback */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropFiles, launchSample, type Sample } from './testing/launch.ts';

/** What the host shows to tests in the main process. */
interface HostGlobal {
  readonly records: readonly { readonly method: string; readonly args: unknown[] }[];
}

const BIG = 200 * 1024 * 1024;

function sleep(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, undefined));
}

describe('the host', () => {
  let sample: Sample;
  beforeAll(async () => {
    sample = await launchSample();
  });
  afterAll(async () => {
    await sample[Symbol.asyncDispose]();
  });

  it('loads app:// as a secure origin with the policy enforced', async () => {
    const seen = await sample.page.evaluate(async () => {
      const outcome = async (run: () => unknown): Promise<unknown> => {
        try {
          return await run();
        } catch (error) {
          return (error as Error).name;
        }
      };
      return {
        secure: isSecureContext,
        echo: await (await fetch('/echo', { method: 'POST', body: 'hi' })).json(),
        byScheme: await (await fetch('app://bundle/echo')).json(),
        // oxlint-disable-next-line typescript/no-implied-eval -- the policy must refuse it
        evaluated: await outcome(() => new Function('return 1')()),
        elsewhere: await outcome(() => fetch('https://example.invalid/')),
        html: await outcome(() => {
          document.createElement('p').innerHTML = '<b>x</b>';
        }),
        hidden: Object.getOwnPropertyNames(window).filter((name) =>
          /electron|host|^__/i.test(name),
        ),
        padding: getComputedStyle(document.documentElement).paddingTop,
      };
    });
    expect(seen).toEqual({
      secure: true,
      echo: { method: 'POST', url: 'app://bundle/echo', body: 'hi' },
      byScheme: { method: 'GET', url: 'app://bundle/echo', body: '' },
      evaluated: 'EvalError',
      elsewhere: 'TypeError',
      html: 'TypeError',
      hidden: [],
      padding: '0px',
    });
  });

  it('bridges functions, promises, errors and frozen objects', async () => {
    const seen = await sample.page.evaluate(async () => {
      const { sample: api } = window;
      const thrown = (run: () => unknown): string => {
        try {
          run();
          return 'nothing';
        } catch (error) {
          return `${(error as Error).name}: ${(error as Error).message}`;
        }
      };
      return {
        add: api.add(2, 3),
        callback: api.apply((a, { list }) => a + (list[1] ?? 0)),
        later: await api.later([1]),
        thrown: thrown(() => api.throws()),
        frozen: Object.isFrozen(api),
        sync: api.double(21),
        missing: api.missing(),
        electron: /^\d+\.\d+\.\d+$/.test(api.electron),
      };
    });
    expect(seen).toEqual({
      add: 5,
      callback: 4,
      later: { value: [1] },
      thrown: 'Error: from the preload',
      frozen: true,
      sync: 42,
      missing:
        'electron-host: webFrame.setZoomFactor is not available in the development host (it is on real Electron)',
      electron: true,
    });
  });

  it('carries calls, their errors and the sender', async () => {
    const seen = await sample.page.evaluate(async () => {
      const invoke = (channel: string, ...args: readonly unknown[]): Promise<unknown> =>
        window.sample.invoke(channel, ...args);
      const failed = (channel: string): Promise<unknown> =>
        invoke(channel).catch((error: unknown) => (error as Error).message);
      const map = (await invoke('echo', new Map([[1, new Uint8Array([1, 255])]]))) as Map<
        number,
        Uint8Array
      >;
      return {
        bytes: [...(map.get(1) ?? [])],
        sender: await invoke('sender'),
        failed: await failed('fail'),
        unknown: await failed('no-such-channel'),
        uncloneable: await failed('uncloneable'),
      };
    });
    expect(seen).toEqual({
      bytes: [1, 255],
      sender: {
        isMainFrame: true,
        origin: 'app://bundle',
        url: 'app://bundle/index.html',
        isWindow: true,
      },
      failed: "Error invoking remote method 'fail': TypeError: nope",
      unknown:
        "Error invoking remote method 'no-such-channel': Error: No handler registered for 'no-such-channel'",
      uncloneable:
        "Error invoking remote method 'uncloneable': Error: An object could not be cloned.",
    });
  });

  it('delivers events in order', async () => {
    const received = await sample.page.evaluate(
      () =>
        new Promise<readonly number[]>((resolve) => {
          const numbers: number[] = [];
          const stop = window.sample.on('flood', (value) => {
            numbers.push(value as number);
            if (numbers.length < 3000) return;
            stop();
            resolve(numbers);
          });
          window.sample.send('flood', 3000);
        }),
    );
    expect(received).toEqual(Array.from({ length: 3000 }, (_, i) => i));
  });

  it('streams 200 MB through app:// without holding them', async () => {
    const rss = (): Promise<number> =>
      sample.app.evaluate(() => process.memoryUsage().rss);
    const before = await rss();
    const reading = sample.page.evaluate(async (bytes) => {
      const response = await fetch(`/big?bytes=${bytes}`);
      const reader = response.body?.getReader();
      let total = 0;
      let sum = 0;
      for (
        let part = await reader?.read();
        part?.done === false;
        part = await reader?.read()
      ) {
        total += part.value.length;
        sum += part.value[0] ?? 0;
      }
      return {
        total,
        allSevens: sum % 7 === 0,
        header: response.headers.get('x-sample'),
      };
    }, BIG);
    let peak = before;
    let result: Awaited<typeof reading> | undefined;
    while (result === undefined) {
      result = await Promise.race([reading, sleep(50)]);
      peak = Math.max(peak, await rss());
    }
    expect(result).toEqual({ total: BIG, allSevens: true, header: 'big' });
    expect(peak - before).toBeLessThan(120 * 1024 * 1024);
  });

  it('finds the paths of dropped and chosen files, and none for made ones', async () => {
    const { page, folder } = sample;
    const files = ['a b.txt', 'é.txt'].map((name) => join(folder, name));
    for (const file of files) writeFileSync(file, file);
    const directory = join(folder, 'directory');
    mkdirSync(directory);
    await dropFiles(page, '#drop', [...files, directory]);
    await page.waitForFunction(() => window.lastPaths?.length === 3);
    const dropped = await page.evaluate(() => window.lastPaths);
    await page.setInputFiles('#files', files);
    await page.waitForFunction(() => window.lastPaths?.length === 2);
    const chosen = await page.evaluate(() => window.lastPaths);
    const made = await page.evaluate(() =>
      window.sample.pathOf(new File(['x'], 'a b.txt')),
    );
    expect({ dropped, chosen, made }).toEqual({
      dropped: [...files, directory],
      chosen: files,
      made: '',
    });
  });

  it('finds the paths of 2,000 dropped files together', async () => {
    const { page, folder } = sample;
    const many = join(folder, 'many');
    mkdirSync(many);
    const files = Array.from({ length: 2000 }, (_, i) => join(many, `${i}.txt`));
    for (const file of files) writeFileSync(file, '');
    await dropFiles(page, '#drop', files);
    await page.waitForFunction(() => window.lastPaths?.length === 2000);
    const { paths, milliseconds } = await page.evaluate(() => ({
      paths: window.lastPaths,
      milliseconds: window.lastMilliseconds ?? 0,
    }));
    expect(paths).toEqual(files);
    // One by one they would take about 4 ms each, many times that on a busy machine.
    expect(milliseconds).toBeLessThan(20_000);
  });

  it('asks the app before it navigates or opens windows', async () => {
    const { page } = sample;
    const before = page.url();
    await page.click('#away');
    await page.click('#new');
    await expect.poll(() => sample.notes()).toContain('open https://example.invalid/new');
    expect(sample.notes()).toContain('navigate https://example.invalid/away');
    expect([page.url(), sample.app.windows().length]).toEqual([before, 1]);
  });

  it('refuses windows again and again without holding up the page', async () => {
    const { page } = sample;
    for (let n = 0; n < 10; n += 1) {
      await page.evaluate(() => void window.open('https://example.invalid/again'));
    }
    const count = () => sample.notes().split('open https://example.invalid/again').length;
    await expect.poll(count).toBe(11);
    await expect.poll(() => sample.app.windows().length).toBe(1);
  });

  it('runs menu shortcuts unless the page prevents them', async () => {
    const { page } = sample;
    const out = page.locator('#out');
    const count = async (): Promise<number> =>
      ((await out.textContent()) ?? '').split('menu new-folder').length - 1;
    const settle = (): Promise<unknown> =>
      page.evaluate(async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        await window.sample.invoke('echo', 1);
      });
    const counts: number[] = [];
    await page.locator('h1').click();
    for (const effect of ['nothing', 'stopPropagation', 'preventDefault'] as const) {
      await page.evaluate((name) => {
        if (name === 'nothing') return;
        document.body.addEventListener('keydown', (event) => event[name]());
      }, effect);
      await page.keyboard.press('Control+Shift+N');
      await settle();
      counts.push(await count());
    }
    expect(counts).toEqual([1, 2, 2]);
  });

  it('lets tests answer dialogs, and says so when nobody does', async () => {
    const answers = await sample.app.evaluate(async ({ dialog }) => {
      const refused = await Promise.resolve()
        .then(() => dialog.showOpenDialog({}))
        .catch((error: unknown) => (error as Error).message);
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: ['/data/a'] });
      return [refused, await dialog.showOpenDialog({})];
    });
    expect(answers).toEqual([
      'electron-host: dialog.showOpenDialog without zenity, a display and a person is not available in the development host (it is on real Electron)',
      { canceled: false, filePaths: ['/data/a'] },
    ]);
  });

  it('records what leaves the app', async () => {
    const { page, app, folder } = sample;
    const file = join(folder, 'a b.txt');
    await page.evaluate((path) => window.sample.invoke('drag', path), file);
    const records = await app.evaluate(async ({ shell, Notification }) => {
      await shell.openExternal('https://example.invalid/');
      new Notification({ title: 'Done', body: 'All of it' }).show();
      return (Reflect.get(globalThis, 'electronHost') as HostGlobal).records.slice(-3);
    });
    expect(records).toEqual([
      { method: 'webContents.startDrag', args: [[file]] },
      { method: 'shell.openExternal', args: ['https://example.invalid/'] },
      { method: 'Notification.show', args: ['Done', 'All of it'] },
    ]);
  });

  it('encrypts, copies text and follows the theme', async () => {
    const secret = await sample.page.evaluate(() =>
      window.sample.invoke('secret', 'hunter2'),
    );
    for (const source of ['dark', 'light'] as const) {
      await sample.app.evaluate(({ nativeTheme }, value) => {
        nativeTheme.themeSource = value;
      }, source);
      // The page hears of it a moment later.
      await sample.page.waitForFunction(
        (value) => matchMedia(`(prefers-color-scheme: ${value})`).matches,
        source,
      );
    }
    const copied = await sample.app.evaluate(async ({ clipboard }) => {
      await clipboard.writeText('copied');
      return clipboard.readText();
    });
    expect({ secret, copied }).toEqual({
      secret: { result: 'hunter2', hidden: true, backend: 'basic_text' },
      copied: 'copied',
    });
  });

  it('sets permissions as the app answers', async () => {
    const states = await sample.page.evaluate(async () => {
      const names = ['notifications', 'geolocation', 'clipboard-read', 'clipboard-write'];
      const query = (name: string): Promise<PermissionStatus> =>
        navigator.permissions.query({ name: name as PermissionName });
      return Promise.all(names.map(async (name) => (await query(name)).state));
    });
    expect(states).toEqual(['denied', 'denied', 'denied', 'granted']);
  });

  it('forks a utility process and tells when one crashes', async () => {
    const { page } = sample;
    const reply = await page.evaluate(() => window.sample.invoke('engine', { a: [1n] }));
    const gone = await page.evaluate(() => window.sample.invoke('crash'));
    expect({ reply, gone }).toMatchObject({
      reply: {
        data: { a: [1n] },
        args: ['one'],
        type: 'utility',
        bytes: new Uint8Array([1, 2, 255]),
        environment: ['PATH'],
      },
      gone: { type: 'Utility', reason: 'crashed', serviceName: 'sample-engine' },
    });
  });

  it('works again after a reload', async () => {
    await sample.page.reload();
    await sample.page.waitForFunction(() => document.readyState === 'complete');
    const echo = await sample.page.evaluate(() => window.sample.invoke('echo', 'again'));
    expect(echo).toBe('again');
  });

  it('says which API it lacks', async () => {
    const message = await sample.app.evaluate((electron) => {
      try {
        return new electron.Tray('x');
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(message).toBe(
      'electron-host: new Tray() is not available in the development host (it is on real Electron)',
    );
  });
});
