import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { answerOpenDialog, dropFiles } from '../../e2e/fixtures/desktop.ts';
import { fileDigest, filesUnder, writeTree } from '../../e2e/fixtures/files.ts';
import { launchApp, type RunningApp } from '../../e2e/fixtures/launch.ts';
import type { TransferTotals } from '../../src/shared/domain/transfer.ts';
import { createSampleBuckets } from '../s3-server/sample-data.ts';
import { type S3Server, startS3Server } from '../s3-server/server.ts';
import { callApp } from './bridge-call.ts';
import { buildIfNeeded } from './build.ts';
import { describeHost, resolveHost } from './launch.ts';
import { createTourRecorder, type TourReport, writeTourReport } from './tour-record.ts';

const MB = 1_000_000;
const BUCKET = 'acme-media';
const FOLDER = 'Harbour trip';
/** How long the queue may take, in milliseconds. */
const QUEUE_TIMEOUT = 120_000;
/** How long a step in the window may take, in milliseconds. */
const STEP_TIMEOUT = 20_000;

/** What the tour uploads: names a person has, and one file big enough for many parts. */
const FILES: Readonly<Record<string, number | string>> = {
  'Journal.txt': 'Monday: rain. The dipper dives anyway.\n'.repeat(40),
  'Budget 2026.csv': 'what,how much\nferry,120\nfuel,85\n',
  'Boats & ropes/Größe 100 %.md': '# Knots\n\nBowline, cleat hitch.\n',
  'Boats & ropes/plan+final (2).svg': '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
  'Photos/🦆 duck.bin': 180_000,
  'Photos/sunset.raw': 2_600_000,
  'Video/harbour.mov': 30 * MB,
  ...Object.fromEntries(
    Array.from({ length: 24 }, (_, index) => [
      `Logs/day ${index + 1}.log`,
      3_000 + index * 111,
    ]),
  ),
};

/** Everything a tour has under its hands. */
interface Tour {
  readonly server: S3Server;
  readonly running: RunningApp;
  readonly source: string;
  readonly target: string;
}

/**
 * Drives the real window without a person: connects to a demo server through the dialog,
 * browses, drops a folder in, downloads it again and compares every byte. Writes numbered
 * pictures and tour.json into `folder`.
 * @returns the report; never rejects for what goes wrong inside the app
 */
export async function runTour(
  folder: string,
  log: (line: string) => void,
): Promise<TourReport> {
  await buildIfNeeded(log);
  const host = await resolveHost({ mayDownload: true, log });
  log(describeHost(host));
  const recorder = await createTourRecorder(folder, log);
  const scratch = await mkdtemp(join(tmpdir(), 'dipper-tour-'));
  const source = join(scratch, FOLDER);
  const target = join(scratch, 'downloads');
  const found = { uploadedBytes: 0, downloadedBytes: 0, sha256Match: false };
  let running: RunningApp | undefined;
  let ok = false;
  const server = await startS3Server();
  try {
    createSampleBuckets(server);
    await writeTree(source, FILES);
    await mkdir(target);
    const page = (): Page | undefined => running?.page;
    await recorder.step('start', page, async () => {
      const places = { userData: join(scratch, 'profile'), home: join(scratch, 'home') };
      running = await launchApp(places);
      running.page.setDefaultTimeout(STEP_TIMEOUT);
      await setTheme(running.page, 'light');
    });
    if (running === undefined) throw new Error('The window did not open.');
    const tour: Tour = { server, running, source, target };
    for (const [name, work] of stepsOf(tour, found)) {
      await recorder.step(name, page, work);
    }
    ok = found.sha256Match;
  } catch (error) {
    log(error instanceof Error ? error.message : String(error));
  } finally {
    await running?.app.close().catch(() => {});
    await server.close();
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
  const report: TourReport = {
    ok: ok && recorder.steps.every((step) => step.ok),
    host: host.kind,
    steps: recorder.steps,
    ...found,
  };
  await writeTourReport(folder, report);
  return report;
}

type Found = { -readonly [K in 'uploadedBytes' | 'downloadedBytes']: number } & {
  sha256Match: boolean;
};
type NamedStep = readonly [name: string, work: () => Promise<void>];

function stepsOf(tour: Tour, found: Found): readonly NamedStep[] {
  const { server, running, source, target } = tour;
  const { app, page } = running;
  const dialog = page.getByRole('dialog', { name: 'New Connection' });
  const grid = page.getByRole('grid', { name: 'Files and folders' });
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  const transfers = page.getByRole('region', { name: 'Transfers' });

  return [
    ['connection-dialog', () => fillDialog(page, server)],
    [
      'test-connection',
      async () => {
        await dialog.getByRole('button', { name: 'Test Connection' }).click();
        await expect(dialog.getByText('This connection works.')).toBeVisible({
          timeout: STEP_TIMEOUT,
        });
      },
    ],
    [
      'connect',
      async () => {
        await dialog.getByRole('button', { name: 'Save & Connect' }).click();
        const question = page.getByRole('alertdialog', { name: /no keychain/ });
        const buckets = page.getByRole('grid', { name: 'Buckets' });
        await expect(question.or(buckets)).toBeVisible({ timeout: STEP_TIMEOUT });
        if (await question.isVisible()) {
          await question.getByRole('button', { name: 'Keep for This Session' }).click();
        }
        await expect(rowOf(page, BUCKET)).toBeVisible({ timeout: STEP_TIMEOUT });
      },
    ],
    [
      'browse',
      async () => {
        await openRow(page, BUCKET);
        await openRow(page, 'Photos');
        await openRow(page, 'Summer party');
        await expect(rowOf(page, 'Cover.png')).toBeVisible({ timeout: STEP_TIMEOUT });
      },
    ],
    [
      'go-up',
      async () => {
        await grid.focus();
        await page.keyboard.press('ControlOrMeta+ArrowUp');
        await expect(rowOf(page, 'Summer party')).toBeVisible();
        await page.keyboard.press('ControlOrMeta+ArrowUp');
        await expect(rowOf(page, 'Videos')).toBeVisible({ timeout: STEP_TIMEOUT });
      },
    ],
    [
      'drop-folder',
      async () => {
        await dropFiles(page, grid, [source]);
        await expect(transfers).toBeVisible({ timeout: STEP_TIMEOUT });
        await expect
          .poll(async () => (await totals(page)).groups, { timeout: STEP_TIMEOUT })
          .toBeGreaterThan(0);
      },
    ],
    [
      'uploaded',
      async () => {
        await queueDone(page, Object.keys(FILES).length);
        await expect(rowOf(page, FOLDER)).toBeVisible({ timeout: STEP_TIMEOUT });
        for (const name of await filesUnder(source)) {
          const key = `${FOLDER}/${name.replaceAll('\\', '/')}`;
          found.uploadedBytes += server.peek(BUCKET, key)?.size ?? 0;
        }
        const expected = await bytesUnder(source);
        expect(found.uploadedBytes, 'bytes the server has').toBe(expected);
      },
    ],
    [
      'inspector',
      async () => {
        await openRow(page, FOLDER);
        await rowOf(page, 'Journal.txt').click();
        await page.keyboard.press('ControlOrMeta+i');
        await expect(inspector).toBeVisible();
        await expect(inspector.getByText('Journal.txt').first()).toBeVisible();
        await expect(inspector.getByText(/etag/i).first()).toBeVisible({
          timeout: STEP_TIMEOUT,
        });
      },
    ],
    [
      'download',
      async () => {
        await grid.focus();
        await page.keyboard.press('ControlOrMeta+ArrowUp');
        await rowOf(page, FOLDER).click();
        await answerOpenDialog(app, target);
        await page.keyboard.press('ControlOrMeta+Shift+D');
        await queueDone(page, Object.keys(FILES).length * 2);
      },
    ],
    [
      'compare',
      async () => {
        found.downloadedBytes = await bytesUnder(target);
        const copy = join(target, basename(source));
        const names = await filesUnder(source);
        expect(await filesUnder(copy), 'names that came back').toEqual(names);
        for (const name of names) {
          const digest = await fileDigest(join(copy, name));
          expect(digest, name).toBe(await fileDigest(join(source, name)));
        }
        found.sha256Match = true;
      },
    ],
    ['dark-list', () => setTheme(page, 'dark')],
    [
      'dark-dialog',
      async () => {
        await fillDialog(page, server);
      },
    ],
    [
      'dark-close',
      async () => {
        await page.keyboard.press('Escape');
        const discard = page.getByRole('button', { name: 'Discard' });
        await discard.click();
        await expect(dialog).toBeHidden();
      },
    ],
    ['light-again', () => setTheme(page, 'light')],
  ];
}

async function fillDialog(page: Page, server: S3Server): Promise<void> {
  await page.keyboard.press('ControlOrMeta+b');
  const dialog = page.getByRole('dialog', { name: 'New Connection' });
  await expect(dialog).toBeVisible();
  await dialog.getByRole('combobox', { name: 'Provider' }).click();
  await page.getByRole('option', { name: 'Other S3 server' }).click();
  // As people have it at hand: without the scheme.
  const endpoint = dialog.getByRole('textbox', { name: 'Endpoint' });
  await endpoint.fill(server.endpoint.replace('http://', ''));
  const { accessKeyId, secretAccessKey } = server.users.full;
  await dialog.getByLabel('Access key', { exact: true }).fill(accessKeyId);
  await dialog.getByLabel('Secret key', { exact: true }).fill(secretAccessKey);
  await dialog.getByLabel('Name', { exact: true }).fill('Demo');
}

function rowOf(page: Page, name: string) {
  return page
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell', { name, exact: true }) });
}

async function openRow(page: Page, name: string): Promise<void> {
  await rowOf(page, name).dblclick();
}

async function setTheme(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await callApp(page, 'settings.change', { theme });
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
}

/** What the queue holds; `groups` counts what is planned or in it. */
async function totals(page: Page): Promise<TransferTotals & { readonly groups: number }> {
  const { totals: queue } = await callApp(page, 'transfers.totals', undefined);
  const { queued, running, waiting, planning, done, failed } = queue;
  return { ...queue, groups: queued + running + waiting + planning + done + failed };
}

/** Waits until nothing is left to do and exactly `done` transfers worked. */
async function queueDone(page: Page, done: number): Promise<void> {
  await expect
    .poll(
      async () => {
        const now = await totals(page);
        return {
          open: now.queued + now.running + now.waiting + now.planning + now.conflicts,
          failed: now.failed,
          done: now.done,
        };
      },
      { timeout: QUEUE_TIMEOUT, message: 'the queue' },
    )
    .toEqual({ open: 0, failed: 0, done });
}

async function bytesUnder(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await filesUnder(folder)) {
    bytes += (await stat(join(folder, name))).size;
  }
  return bytes;
}
