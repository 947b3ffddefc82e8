import { expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { Settings, type SettingsPatch } from '../../../shared/domain/settings.ts';
import { createApi } from '../../bridge/api.ts';
import { createFakeBridge } from '../connect/testing/fake-bridge.ts';
import { expectAccessible, renderUi } from '../connect/testing/render-ui.tsx';
import { PreferencesDialog } from './preferences-dialog.tsx';

async function setUp(path: string | null = '/home/maria/Media') {
  const bridge = createFakeBridge({ 'app.chooseFolder': () => ({ path }) });
  const patches: SettingsPatch[] = [];
  const events: string[] = [];
  const screen = await renderUi(
    <PreferencesDialog
      api={createApi(bridge)}
      settings={Settings.parse({})}
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
  await t.screen.getByLabelText('Transfers').fill('65');
  await expect
    .element(t.screen.getByText('Enter a whole number from 1 to 64.'))
    .toBeVisible();
  await t.screen.getByLabelText('Transfers').fill('12');
  await expect.poll(() => t.patches).toEqual([{ maxTransfers: 12 }]);
});

test('Escape and Enter close', async () => {
  const t = await setUp();
  await userEvent.keyboard('{Escape}');
  await t.screen.getByLabelText('Transfers').click();
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => t.events).toEqual(['close', 'close']);
});

test.each(['light', 'dark', 'high-contrast'] as const)(
  'axe finds nothing in the preferences, %s',
  async (theme) => {
    await setUp();
    await expectAccessible(theme);
  },
);
