import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { dropFiles } from '../../e2e/fixtures/desktop.ts';
import { launchApp } from '../../e2e/fixtures/launch.ts';
import { DipperWindow } from '../../e2e/fixtures/window.ts';
import { BUCKET } from '../cases/cases.ts';
import { expectedContents, planSmall, writeFiles } from '../cases/files.ts';
import { median, percentile } from '../measure/statistics.ts';
import { SMALL_BYTES } from '../options.ts';
import { type AloneContext, type Figures, rounded } from './context.ts';

/** How long the files may take, milliseconds. */
const PATIENCE_MS = 600_000;

/** Where the recorder in the page keeps its gaps. */
interface FrameRecorder {
  benchFrames?: number[];
}

/** Starts the app, drops a folder on its window and watches the frames meanwhile. */
export async function measureWindow(context: AloneContext): Promise<Figures> {
  const { setting, control, pattern, sizes } = context;
  const base = join(setting.scratch, 'window');
  const source = join(base, 'moving');
  const plan = planSmall(sizes.windowFiles, SMALL_BYTES);
  await writeFiles(source, plan, pattern);
  const places = { userData: join(base, 'profile'), home: join(base, 'home') };
  await mkdir(places.home, { recursive: true });
  try {
    const start = performance.now();
    const { app, page, host } = await launchApp(places);
    const startMs = performance.now() - start;
    try {
      const window = new DipperWindow(page);
      await window.connect(
        {
          endpoint: setting.server.endpoint(false),
          region: 'us-east-1',
          root: BUCKET,
          addressing: 'path',
        },
        { accessKeyId: 'BENCHKEY', secretAccessKey: 'bench/secret/key' },
      );
      await window.files.waitFor();
      await recordFrames(page);
      const quiet = await takeFrames(page, 2_000);
      await recordFrames(page);
      const begun = performance.now();
      await dropFiles(page, window.files, [source]);
      // Folded, a group is one line; open, all that is in view changes ten times a second.
      const open = page.getByRole('button', { name: 'Open moving' });
      await open.click({ timeout: PATIENCE_MS });
      const totals = await window.queueIdle(plan.length, PATIENCE_MS);
      const movedS = (performance.now() - begun) / 1_000;
      const frames = await takeFrames(page, 0);
      const expected = expectedContents('moving/', plan);
      const found = await control.contents(BUCKET, 'moving/');
      if (totals.failed > 0 || found.digest !== expected.digest) {
        throw new Error(`${found.count} of ${plan.length} files arrived.`);
      }
      return {
        host,
        'start to usable window ms': Math.round(startMs),
        'files moved in s': rounded(movedS),
        ...describe('', frames),
        ...describe('idle: ', quiet),
      };
    } finally {
      await app.close();
    }
  } finally {
    await control.clear(BUCKET, 'moving/');
    await rm(base, { recursive: true, force: true });
  }
}

function describe(prefix: string, gaps: readonly number[]): Figures {
  const seconds = gaps.reduce((sum, gap) => sum + gap, 0) / 1_000;
  return {
    [`${prefix}frames a second`]: rounded(gaps.length / seconds, 1),
    [`${prefix}frame ms, median`]: rounded(median(gaps), 1),
    [`${prefix}frame ms, 95 %`]: rounded(percentile(gaps, 95), 1),
    [`${prefix}frame ms, 99 %`]: rounded(percentile(gaps, 99), 1),
    [`${prefix}frame ms, longest`]: rounded(Math.max(...gaps), 1),
  };
}

/** Notes the time between animation frames from now on. */
async function recordFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const holder = globalThis as FrameRecorder;
    const gaps: number[] = [];
    holder.benchFrames = gaps;
    let last = performance.now();
    const onFrame = (now: number): void => {
      if (holder.benchFrames !== gaps) return;
      gaps.push(now - last);
      last = now;
      requestAnimationFrame(onFrame);
    };
    requestAnimationFrame(onFrame);
  });
}

/** Waits, then ends the recording. Milliseconds between frames. */
async function takeFrames(page: Page, waitMs: number): Promise<readonly number[]> {
  return page.evaluate(async (wait) => {
    await new Promise((resolve) => setTimeout(resolve, wait));
    const holder = globalThis as FrameRecorder;
    const gaps = holder.benchFrames ?? [];
    delete holder.benchFrames;
    return gaps.slice(1);
  }, waitMs);
}
