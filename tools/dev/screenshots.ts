import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchApp } from '../../e2e/fixtures/launch.ts';
import { prepareStage, SCREENS } from '../../e2e/fixtures/screens.ts';
import type { Stage } from '../../e2e/fixtures/stage.ts';
import { DipperWindow } from '../../e2e/fixtures/window.ts';
import { createSampleBuckets } from '../s3-server/sample-data.ts';
import { startS3Server } from '../s3-server/server.ts';
import { callApp } from './bridge-call.ts';
import { buildIfNeeded } from './build.ts';

/**
 * Writes a picture of every screen in the light and dark look, and the main one in high
 * contrast: `node tools/dev/screenshots.ts [--only NAME] [FOLDER]`.
 */
async function main(args: readonly string[]): Promise<void> {
  const only = args.includes('--only') ? args[args.indexOf('--only') + 1] : undefined;
  const folder = resolve(
    args.findLast((arg) => !arg.startsWith('--') && arg !== only) ?? 'docs/screenshots',
  );
  await mkdir(folder, { recursive: true });
  await buildIfNeeded(console.log);
  const scratch = await mkdtemp(join(tmpdir(), 'dipper-screens-'));
  const server = await startS3Server();
  createSampleBuckets(server);
  const home = join(scratch, 'home');
  await mkdir(join(home, 'Downloads'), { recursive: true });
  const running = await launchApp(
    { userData: join(scratch, 'profile'), home },
    { HOST_KEYCHAIN: '1' },
  );
  const { page, app } = running;
  try {
    const dipper = new DipperWindow(page);
    const shoot = async (name: string): Promise<void> => {
      for (const theme of ['light', 'dark'] as const) {
        await callApp(page, 'settings.change', { theme });
        await page.locator(`html[data-theme=${theme}]`).waitFor();
        // Colours fade over; a picture in between would be of neither look.
        await page.waitForTimeout(400);
        await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
      }
      await callApp(page, 'settings.change', { theme: 'light' });
      console.log(name);
    };
    if (only === undefined) await shoot('welcome');
    const stage: Stage = { app, dipper, server, files: join(scratch, 'files') };
    await prepareStage(stage);
    await dipper.open('acme-media');
    await dipper.row('Photos').waitFor();
    for (const screen of SCREENS) {
      if (only !== undefined && screen.name !== only) continue;
      await screen.show(stage);
      await shoot(screen.name);
      if (screen.name === 'browser') {
        await callApp(page, 'settings.change', { theme: 'high-contrast' });
        await page.waitForTimeout(400);
        await page.screenshot({ path: join(folder, 'browser-high-contrast.png') });
        await callApp(page, 'settings.change', { theme: 'light' });
      }
      await screen.leave(stage);
      // What is told of one screen is no part of the next.
      const dismiss = page.getByRole('button', { name: 'Dismiss', exact: true });
      while ((await dismiss.count()) > 0) {
        // It may go by itself meanwhile.
        const wait = { timeout: 1_000 };
        await dismiss
          .first()
          .click(wait)
          .catch(() => undefined);
      }
    }
  } finally {
    await app.close();
    await server.close();
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

await main(process.argv.slice(2));
