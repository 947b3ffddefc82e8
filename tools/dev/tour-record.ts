import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';

/** One step of the tour as tour.json tells it. */
export interface TourStep {
  readonly name: string;
  readonly ok: boolean;
  readonly ms: number;
  /** File in the tour's folder; empty when no picture could be taken. */
  readonly screenshot: string;
}

/** The content of tour.json. */
export interface TourReport {
  readonly ok: boolean;
  readonly host: 'electron' | 'stand-in';
  readonly steps: readonly TourStep[];
  readonly uploadedBytes: number;
  readonly downloadedBytes: number;
  readonly sha256Match: boolean;
}

/** Runs the steps of a tour one after the other and keeps what came of them. */
export interface TourRecorder {
  readonly steps: readonly TourStep[];
  /** Runs `work`, takes a picture and notes both. Rejects when `work` does. */
  readonly step: (
    name: string,
    page: () => Page | undefined,
    work: () => Promise<void>,
  ) => Promise<void>;
}

/**
 * Makes a recorder that writes numbered pictures into `folder`, which it creates. What an
 * earlier tour left there goes: old pictures must not pass for new ones.
 */
export async function createTourRecorder(
  folder: string,
  log: (line: string) => void,
): Promise<TourRecorder> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    if (/^\d\d-.*\.png$|^tour\.json$/.test(name)) await rm(join(folder, name));
  }
  const steps: TourStep[] = [];
  return {
    steps,
    async step(name, page, work) {
      const started = performance.now();
      let failure: unknown;
      try {
        await work();
      } catch (error) {
        failure = error ?? new Error('failed without a reason');
      }
      const ms = Math.round(performance.now() - started);
      const number = String(steps.length + 1).padStart(2, '0');
      const file = `${number}-${name}${failure === undefined ? '' : '-failed'}.png`;
      const taken = await takePicture(page(), join(folder, file));
      const ok = failure === undefined && taken;
      steps.push({ name, ok, ms, screenshot: taken ? file : '' });
      log(`${ok ? '✓' : '✗'} ${name} (${ms} ms)`);
      if (failure !== undefined) throw failure;
      if (!taken) throw new Error(`No picture of “${name}” could be taken.`);
    },
  };
}

/** Writes tour.json. */
export async function writeTourReport(folder: string, report: TourReport): Promise<void> {
  await writeFile(join(folder, 'tour.json'), `${JSON.stringify(report, null, 2)}\n`);
}

async function takePicture(page: Page | undefined, path: string): Promise<boolean> {
  try {
    if (page === undefined) return false;
    await page.screenshot({ path, animations: 'disabled', timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}
