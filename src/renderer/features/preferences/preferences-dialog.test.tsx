import { expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { Settings, type SettingsPatch } from '../../../shared/domain/settings.ts';
import { createApi } from '../../bridge/api.ts';
import { createFakeBridge } from '../connect/testing/fake-bridge.ts';
import { expectAccessible, renderUi } from '../connect/testing/render-ui.tsx';
import { PreferencesDialog } from './preferences-dialog.tsx';

async function setUp(
  path: string | null = '/home/maria/Media',
  settings: Partial<Settings> = {},
) {
  const bridge = createFakeBridge({ 'app.chooseFolder': () => ({ path }) });
  const patches: SettingsPatch[] = [];
  const events: string[] = [];
  const screen = await renderUi(
    <PreferencesDialog
      api={createApi(bridge)}
      settings={Settings.parse(settings)}
      onChange={(patch) => patches.push(patch)}
      onClose={() => events.push('close')}
      onError={() => events.push('error')}
    />,
  );
  return { screen, patches, events };
}

test('every change counts at once', async () => {
  const t = await setUp();
  await t.screen.getByRole('radio', { name: 'Dark' }).click();
  await t.screen.getByRole('button', { name: 'Choose…' }).click();
  await t.screen.getByRole('checkbox', { name: 'Ask before deleting' }).click();
  await t.screen.getByRole('combobox', { name: 'Existing files' }).click();
  await t.screen.getByRole('option', { name: /^Skip/ }).click();
  await expect
    .poll(() => t.patches)
    .toEqual([
      { theme: 'dark' },
      { downloadFolder: '/home/maria/Media' },
      { confirmDelete: false },
      { downloadConflict: 'skip' },
    ]);
});

test('a folder not chosen changes nothing', async () => {
  const t = await setUp(null);
  await t.screen.getByRole('button', { name: 'Choose…' }).click();
  await expect
    .element(t.screen.getByRole('button', { name: 'Choose…' }))
    .not.toHaveAttribute('aria-busy');
  expect(t.patches).toEqual([]);
});

test('an impossible number is refused in words', async () => {
  const t = await setUp();
  await t.screen.getByRole('radio', { name: 'Transfers' }).click();
  await t.screen.getByRole('textbox', { name: 'Transfers' }).fill('65');
  await expect
    .element(t.screen.getByText('Enter a whole number from 1 to 64.'))
    .toBeVisible();
  await t.screen.getByRole('textbox', { name: 'Transfers' }).fill('12');
  await expect.poll(() => t.patches).toEqual([{ maxTransfers: 12 }]);
});

test('limits and their timetable', async () => {
  const { limitSchedule } = Settings.parse({});
  const schedule = { ...limitSchedule, enabled: true };
  const t = await setUp(null, { limitSchedule: schedule, downloadLimitKiBs: 500 });
  const { screen } = t;
  await screen.getByRole('radio', { name: 'Transfers' }).click();
  await expect
    .element(screen.getByRole('textbox', { name: 'Download at most' }))
    .toHaveValue('0.512');
  const upload = screen.getByRole('textbox', { name: 'Upload at most' });
  await upload.fill('fast');
  await expect.element(screen.getByText('Enter MB/s, such as 2.5.')).toBeVisible();
  await upload.fill('2.5');
  await screen.getByRole('textbox', { name: 'Requests' }).fill('32');
  await screen.getByRole('checkbox', { name: 'Sat' }).click();
  await screen.getByRole('textbox', { name: 'From' }).fill('9:30');
  await screen.getByRole('textbox', { name: 'To' }).fill('25:00');
  await expect
    .element(screen.getByText('Enter a time from 00:00 to 23:59.'))
    .toBeVisible();
  await screen.getByRole('textbox', { name: 'Then download' }).fill('1,5');
  await screen.getByRole('checkbox', { name: 'Other limits at certain times' }).click();
  expect(t.patches).toEqual([
    { uploadLimitKiBs: 2_441 },
    { requestsPerConnection: 32 },
    { limitSchedule: { ...schedule, days: [1, 2, 3, 4, 5, 6] } },
    { limitSchedule: { ...schedule, from: '09:30' } },
    { limitSchedule: { ...schedule, downloadLimitKiBs: 1_465 } },
    { limitSchedule: { ...schedule, enabled: false } },
  ]);
});

test('Escape and Enter close', async () => {
  const t = await setUp();
  await userEvent.keyboard('{Escape}');
  await t.screen.getByRole('radio', { name: 'Transfers' }).click();
  await t.screen.getByRole('textbox', { name: 'Transfers' }).click();
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => t.events).toEqual(['close', 'close']);
});

test.each(['light', 'dark', 'high-contrast'] as const)(
  'axe finds nothing in the preferences, %s',
  async (theme) => {
    const { limitSchedule } = Settings.parse({});
    const t = await setUp(null, { limitSchedule: { ...limitSchedule, enabled: true } });
    await expectAccessible(theme);
    await t.screen.getByRole('radio', { name: 'Transfers' }).click();
    await expectAccessible(theme);
  },
);
