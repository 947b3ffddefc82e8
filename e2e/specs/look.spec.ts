import type { Page } from '@playwright/test';
import { callApp } from '../../tools/dev/bridge-call.ts';
import { startS3Server } from '../../tools/s3-server/index.ts';
import { createSampleBuckets } from '../../tools/s3-server/sample-data.ts';
import { seriousFindings } from '../fixtures/axe.ts';
import { openBucket } from '../fixtures/open-bucket.ts';
import { prepareStage, SCREEN_GROUPS } from '../fixtures/screens.ts';
import { expect, test } from '../fixtures/test.ts';

/** What axe finds on what is shown, in every theme. */
async function findingsInThemes(page: Page, screen: string): Promise<string[]> {
  const findings: string[] = [];
  for (const theme of ['light', 'dark', 'high-contrast'] as const) {
    await callApp(page, 'settings.change', { theme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    const found = await seriousFindings(page);
    findings.push(...found.map((each) => `${screen}, ${theme}: ${each}`));
  }
  return findings;
}

test('axe finds nothing serious in an empty window, in any theme', async ({ page }) => {
  expect(await findingsInThemes(page, 'welcome')).toEqual([]);
});

for (const [group, screens] of Object.entries(SCREEN_GROUPS)) {
  test(`axe finds nothing serious on any screen, in any theme: ${group}`, async ({
    app,
    dipper,
    page,
    places,
  }) => {
    test.setTimeout(300_000);
    await using server = await startS3Server();
    createSampleBuckets(server);
    const stage = { app, dipper, server, files: places.files };
    await prepareStage(stage);
    await dipper.open('acme-media');
    await expect(dipper.row('Photos')).toBeVisible();
    const findings: string[] = [];
    for (const screen of screens) {
      await screen.show(stage);
      findings.push(...(await findingsInThemes(page, screen.name)));
      await screen.leave(stage);
    }
    expect(findings).toEqual([]);
  });
}

test.describe('on a dark system', () => {
  test.use({ appEnv: { HOST_DARK: '1' } });

  test('the window is dark by itself and follows the choice made in the preferences', async ({
    dipper,
    page,
    running,
  }) => {
    test.skip(
      running.host === 'electron',
      'the look of the system cannot be set from a test on real Electron',
    );
    const background = () =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await background();
    await dipper.press('Mod+,');
    const preferences = page.getByRole('dialog', { name: 'Preferences' });
    await preferences.getByText('Light', { exact: true }).click();
    await expect.poll(background).not.toBe(dark);
    await preferences.getByText('System', { exact: true }).click();
    await expect.poll(background).toBe(dark);
  });
});

test('F6 walks through the panes and every pane shows where the focus is', async ({
  dipper,
  page,
  target,
}) => {
  await openBucket(dipper, target, { 'a.txt': 'a' });
  await expect(dipper.row('a.txt')).toBeVisible();
  const zone = () =>
    page.evaluate(
      () =>
        document.activeElement
          ?.closest('[data-focus-zone]')
          ?.getAttribute('data-focus-zone') ?? null,
    );
  const seen = new Set<string | null>();
  for (let i = 0; i < 6; i++) {
    const before = await zone();
    await page.keyboard.press('F6');
    await expect.poll(zone).not.toBe(before);
    seen.add(await zone());
  }
  expect(seen).toEqual(new Set(['sidebar', 'toolbar', 'list']));
});

test('a narrow window with long names keeps every control in reach', async ({
  app,
  dipper,
  page,
  target,
}) => {
  const bucket = await target.makeBucket();
  const name = `${'a very long name '.repeat(12)}.txt`;
  await target.put(bucket, name, 'x');
  await dipper.connect(
    { endpoint: target.endpoint, root: bucket, nickname: 'N'.repeat(120) },
    target.full,
  );
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.setBounds({ x: 0, y: 0, width: 720, height: 480 });
  });
  await dipper.row(name).click();
  await dipper.press('Mod+i');
  await expect(dipper.inspector).toBeVisible();
  await expect.poll(() => page.evaluate(() => window.innerWidth)).toBeLessThan(721);
  const overflow = () =>
    page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
  await expect.poll(overflow).toBe(false);
  await expect(dipper.toolbar.getByRole('button', { name: 'Inspector' })).toBeInViewport({
    ratio: 1,
  });
  await expect(dipper.row(name).getByRole('gridcell', { name })).toBeInViewport();
});
