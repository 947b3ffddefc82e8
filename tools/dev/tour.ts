import { mkdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { answerOpenDialog, dropFiles } from '../../e2e/fixtures/desktop.ts';
import { fileDigest, filesUnder, writeTree } from '../../e2e/fixtures/files.ts';
import { launchApp, type RunningApp } from '../../e2e/fixtures/launch.ts';
import { DipperWindow } from '../../e2e/fixtures/window.ts';
import { createSampleBuckets } from '../s3-server/sample-data.ts';
import { type S3Server, startS3Server } from '../s3-server/server.ts';
import { callApp } from './bridge-call.ts';
import { buildIfNeeded } from './build.ts';
import { describeHost, resolveHost } from './launch.ts';
import { makeScratch, removeAtExit } from './scratch.ts';
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
  const scratch = await makeScratch('dipper-tour-');
  const source = join(scratch, FOLDER);
  const target = join(scratch, 'downloads');
  const found = { uploadedBytes: 0, downloadedBytes: 0, sha256Match: false };
  let running: RunningApp | undefined;
  let ok = false;
  const server = await startS3Server();
  removeAtExit(server.dataDir);
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
  const window = new DipperWindow(page);
  const dialog = window.connectionDialog;
  const until = { timeout: STEP_TIMEOUT };

  return [
    ['connection-dialog', () => fillDialog(window, server)],
    [
      'test-connection',
      async () => {
        await dialog.getByRole('button', { name: 'Test Connection' }).click();
        await expect(dialog.getByText('This connection works.')).toBeVisible(until);
      },
    ],
    [
      'connect',
      async () => {
        await window.submitConnection('Save & Connect');
        await expect(window.row(BUCKET)).toBeVisible(until);
      },
    ],
    [
      'browse',
      async () => {
        await window.open(BUCKET);
        await window.open('Photos');
        await window.open('Summer party');
        await expect(window.row('Cover.png')).toBeVisible(until);
      },
    ],
    [
      'go-up',
      async () => {
        await window.files.focus();
        await window.press('Mod+ArrowUp');
        await expect(window.row('Summer party')).toBeVisible();
        await window.press('Mod+ArrowUp');
        await expect(window.row('Videos')).toBeVisible(until);
      },
    ],
    [
      'drop-folder',
      async () => {
        await dropFiles(page, window.files, [source]);
        await expect(window.transfers).toBeVisible(until);
        await expect
          .poll(async () => {
            const { planning, queued, running: moving, done } = await window.totals();
            return planning + queued + moving + done;
          }, until)
          .toBeGreaterThan(0);
      },
    ],
    [
      'uploaded',
      async () => {
        await queueDone(window, Object.keys(FILES).length);
        await expect(window.row(FOLDER)).toBeVisible(until);
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
        await window.open(FOLDER);
        await window.row('Journal.txt').click();
        await window.press('Mod+i');
        await expect(window.inspector).toBeVisible();
        await expect(window.inspector.getByText('Journal.txt').first()).toBeVisible();
        await expect(window.inspector.getByText(/etag/i).first()).toBeVisible(until);
      },
    ],
    [
      'download',
      async () => {
        await window.files.focus();
        await window.press('Mod+ArrowUp');
        await window.row(FOLDER).click();
        await answerOpenDialog(app, target);
        await window.press('Mod+Shift+D');
        await queueDone(window, Object.keys(FILES).length * 2);
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
    ['dark-dialog', () => fillDialog(window, server)],
    [
      'discard-dialog',
      async () => {
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: 'Discard' }).click();
        await expect(dialog).toBeHidden();
      },
    ],
    [
      'preferences',
      async () => {
        await setTheme(page, 'light');
        await window.press('Mod+,');
        await expect(page.getByRole('dialog', { name: 'Preferences' })).toBeVisible(
          until,
        );
      },
    ],
  ];
}

async function fillDialog(window: DipperWindow, server: S3Server): Promise<void> {
  const { accessKeyId, secretAccessKey } = server.users.full;
  await window.fillConnection({
    provider: 'Other S3 server',
    // As people have it at hand: without the scheme.
    endpoint: server.endpoint.replace('http://', ''),
    accessKey: accessKeyId,
    secretKey: secretAccessKey,
  });
  await window.connectionDialog.getByLabel('Nickname', { exact: true }).fill('Demo');
}

async function setTheme(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await callApp(page, 'settings.change', { theme });
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
}

/** Waits until nothing is left to do and exactly `done` transfers worked. */
async function queueDone(window: DipperWindow, done: number): Promise<void> {
  await expect
    .poll(
      async () => {
        const now = await window.totals();
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
