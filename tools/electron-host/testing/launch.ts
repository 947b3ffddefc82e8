import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';

/** The sample app, running on the host. */
export interface Sample extends AsyncDisposable {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** A fresh folder for this run. */
  readonly folder: string;
  /** What the sample app noted in its file. */
  readonly notes: () => string;
}

/** The sample app's API in the page. */
export interface SampleApi {
  invoke(channel: string, ...args: readonly unknown[]): Promise<unknown>;
  send(channel: string, ...args: readonly unknown[]): void;
  on(channel: string, callback: (...args: readonly unknown[]) => void): () => void;
  double(value: number): number;
  pathOf(file: unknown): string;
  add(a: number, b: number): number;
  apply(
    callback: (a: number, b: { readonly list: readonly number[] }) => unknown,
  ): unknown;
  throws(): void;
  later(value: unknown): Promise<unknown>;
  missing(): string;
  readonly electron: string;
}

declare global {
  interface Window {
    readonly sample: SampleApi;
    /** What the last drop or choice of files gave, and how long the paths took. */
    readonly lastPaths?: readonly string[];
    readonly lastMilliseconds?: number;
  }
}

/** The stand-in's executable. */
export const executablePath = resolve(
  import.meta.dirname,
  process.platform === 'win32' ? '../electron.cmd' : '../electron',
);
/** The sample app's folder. */
export const appFolder = resolve(import.meta.dirname, 'app');

/** The environment of a run whose user data is in `folder`. */
export function sampleEnvironment(
  folder: string,
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    ...Object.fromEntries(inherited),
    HOST_HEADLESS: '1',
    HOST_TEST: '1',
    SAMPLE_USER_DATA: folder,
    ...extra,
  };
}

/** Starts the sample app under Playwright and waits for its page. */
export async function launchSample(
  extra: Readonly<Record<string, string>> = {},
): Promise<Sample> {
  const folder = mkdtempSync(join(tmpdir(), 'electron-host-'));
  const app = await _electron.launch({
    executablePath,
    args: [appFolder],
    env: sampleEnvironment(folder, extra),
    // Else Playwright pins the page to light.
    colorScheme: null,
  });
  const page = await app.firstWindow();
  await page.waitForFunction(() =>
    document.querySelector('#out')?.textContent?.includes('ready'),
  );
  return {
    app,
    page,
    folder,
    notes: () => readFileSync(join(folder, 'notes.txt'), 'utf8'),
    async [Symbol.asyncDispose]() {
      await app.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Drops files of the disk on an element, as the desktop does. */
export async function dropFiles(
  page: Page,
  selector: string,
  files: readonly string[],
): Promise<void> {
  const box = await page.locator(selector).boundingBox();
  if (box === null) throw new Error(`${selector} is not visible`);
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  const session = await page.context().newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    const data = { items: [], files: [...files], dragOperationsMask: 1 };
    await session.send('Input.dispatchDragEvent', { type, x, y, data });
  }
  await session.detach();
}

/** Linux: the ids of the processes whose command line has `text`. */
export function processesWith(text: string): readonly number[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(text);
      } catch {
        // It ended meanwhile.
        return false;
      }
    })
    .map(Number);
}
