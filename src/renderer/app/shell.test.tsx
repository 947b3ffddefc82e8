import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { Settings } from '../../shared/domain/settings.ts';
import { renderInWindow } from '../testing/window-fixture.tsx';
import { Shell } from './shell.tsx';

test('the request log is there again after a start, as high as it was', async () => {
  const { services, fake } = await renderInWindow(<Shell />, {
    'settings.snapshot': () => ({
      ...Settings.parse({}),
      requestsVisible: true,
      requestsHeight: 180,
    }),
    'requests.page': () => ({ entries: [], newest: 0 }),
  });
  const log = page.getByRole('region', { name: 'Request Log' });
  await expect.element(log).toHaveStyle({ height: '180px' });
  await expect.poll(() => fake.payloads('requests.page').length).toBeGreaterThan(1);
  await page.getByRole('button', { name: 'Close Request Log' }).click();
  await expect.element(log).not.toBeInTheDocument();
  expect(fake.payloads('settings.change')).toEqual([{ requestsVisible: false }]);

  services.commands.run('view.requests');
  await expect.element(log).toBeVisible();
  expect(fake.payloads('settings.change')).toEqual([
    { requestsVisible: false },
    { requestsVisible: true },
  ]);
});
