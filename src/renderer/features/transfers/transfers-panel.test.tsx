import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { NO_TOTALS } from '../../../shared/testing/totals.ts';
import {
  group,
  openEntries,
  openPanel,
  row,
  single,
} from '../../testing/panel-fixture.tsx';
import { expectAccessible } from '../connect/testing/render-ui.tsx';

const list = () => page.getByRole('treegrid', { name: 'Transfers' });

test('20,000 rows are few in the document and are fetched in windows as one scrolls', async () => {
  const { fake } = await openPanel(
    Array.from({ length: 20_000 }, (_, i) => row(i + 1)),
    { queued: 20_000 },
  );
  await expect.element(page.getByText('file-1.bin', { exact: true })).toBeVisible();
  list().element().scrollTop = 15_000 * 48;
  await expect.element(page.getByText('file-15003.bin', { exact: true })).toBeVisible();
  const most = Math.max(
    ...fake.payloads('panel.view').map((p) => (p as { limit: number }).limit),
  );
  expect({
    inDom: document.querySelectorAll('[data-transfer-state]').length < 60,
    most: most <= 500,
  }).toEqual({ inDom: true, most: true });
});

test('progress shows as it comes, with speed and time left', async () => {
  const { fake } = await openPanel([row(7, { state: 'running' })], { running: 1 });
  await expect.element(page.getByText('file-7.bin', { exact: true })).toBeVisible();
  fake.send('transfers.changed', {
    from: 1,
    to: 2,
    upserts: [],
    groups: [],
    reload: false,
    progress: Float64Array.of(7, 20_000_000, 1_000_000),
    totals: { ...NO_TOTALS, running: 1 },
  });
  await expect
    .element(page.getByText('20.0 of 40.0 MB · 1.0 MB/s · about 20 sec left'))
    .toBeVisible();
  await expect
    .element(page.getByRole('progressbar'))
    .toHaveAttribute('aria-valuenow', '50');
});

test('a failed transfer says why and what to do, and tries again', async () => {
  const { fake } = await openPanel(
    [row(3, { state: 'failed', error: { code: 'local.no-space', params: {} } })],
    { failed: 1 },
  );
  await expect.element(page.getByText(/disk|space/i).first()).toBeVisible();
  await page.getByRole('button', { name: 'Try Again' }).click();
  expect(fake.payloads('transfers.retry')).toEqual([{ ids: [3] }]);
});

test('Delete stops what moves and takes what ended off the list', async () => {
  const { fake } = await openPanel(
    [row(1, { state: 'running' }), row(2), row(3, { state: 'done' })],
    {
      running: 1,
      queued: 1,
      done: 1,
    },
  );
  await page.getByText('file-1.bin', { exact: true }).click();
  await userEvent.keyboard('{Shift>}{ArrowDown}{ArrowDown}{/Shift}{Delete}');
  expect({
    cancel: fake.payloads('transfers.cancel'),
    clear: fake.payloads('transfers.clear'),
  }).toEqual({ cancel: [{ ids: [1, 2] }], clear: [{ ids: [3] }] });
});

test('a group says how it stands, folds by mouse and keyboard, and acts as a whole', async () => {
  const { fake } = await openEntries([
    {
      type: 'group',
      group: group(4, { queued: 3_700, running: 8, failed: 3, done: 1_289 }),
      open: false,
    },
  ]);
  const head = list().getByRole('row', { name: /folder-4/ });
  await expect.element(head).toHaveAttribute('aria-expanded', 'false');
  await expect.element(page.getByText('1,289 of 5,000 · 3 failed')).toBeVisible();
  await page.getByRole('button', { name: 'Open folder-4' }).click();
  await expect
    .poll(() => fake.payloads('panel.view').at(-1))
    .toMatchObject({ opened: [4], folded: [] });
  await page.getByText('folder-4', { exact: true }).click();
  await userEvent.keyboard('{ArrowLeft}');
  await expect
    .poll(() => fake.payloads('panel.view').at(-1))
    .toMatchObject({ opened: [], folded: [4] });
  await head.getByRole('button', { name: 'Pause' }).click();
  await head.getByRole('button', { name: 'Try Again' }).click();
  expect([fake.payloads('transfers.pause'), fake.payloads('transfers.retry')]).toEqual([
    [{ ids: [], groupIds: [4] }],
    [{ ids: [], groupIds: [4] }],
  ]);
});

test('Alt and arrows move what waits past its neighbours; the menu puts it first', async () => {
  const { fake } = await openEntries([
    single(row(1, { state: 'running' })),
    single(row(2)),
    single(row(3)),
    { type: 'group', group: group(4, { queued: 30 }), open: false },
    single(row(5, { state: 'done' })),
  ]);
  await page.getByText('file-3.bin', { exact: true }).click();
  await userEvent.keyboard('{Alt>}{ArrowUp}{ArrowDown}{/Alt}');
  await page.getByText('file-2.bin', { exact: true }).click();
  await userEvent.keyboard('{Alt>}{ArrowUp}{ArrowDown}{/Alt}');
  await page.getByText('folder-4', { exact: true }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Transfer Next' }).click();
  expect(fake.payloads('panel.reorder')).toEqual([
    { ids: [3], groupIds: [], place: { type: 'before', id: 2 } },
    { ids: [3], groupIds: [], place: { type: 'last' } },
    { ids: [2], groupIds: [], place: { type: 'beforeGroup', groupId: 4 } },
    { ids: [], groupIds: [4], place: { type: 'first' } },
  ]);
});

test('what waits is dragged to another place', async () => {
  const { fake } = await openPanel([row(1), row(2), row(3)], { queued: 3 });
  const third = page.getByText('file-3.bin', { exact: true });
  await expect.element(third).toBeVisible();
  await userEvent.dragAndDrop(third, page.getByText('file-1.bin', { exact: true }), {
    targetPosition: { x: 5, y: 2 },
  });
  await expect
    .poll(() => fake.payloads('panel.reorder'))
    .toEqual([{ ids: [3], groupIds: [], place: { type: 'before', id: 1 } }]);
});

test('filters, kinds and a search ask for just that, and say when there is nothing', async () => {
  const { fake } = await openPanel([], {});
  await expect.element(page.getByText('No transfers', { exact: true })).toBeVisible();
  await page.getByRole('radio', { name: 'Failed' }).click();
  await expect.element(page.getByText('Nothing failed')).toBeVisible();
  await page.getByRole('button', { name: 'Kinds' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Uploads' }).click();
  await page.getByRole('searchbox', { name: 'Search transfers' }).fill('zzz');
  await expect.element(page.getByText('Nothing matches “zzz”')).toBeVisible();
  expect(fake.payloads('panel.view').at(-1)).toMatchObject({
    filter: 'failed',
    kind: 'upload',
    text: 'zzz',
  });
  await page.getByRole('button', { name: 'Look in All' }).click();
  await expect
    .poll(() => fake.payloads('panel.view').at(-1))
    .toMatchObject({ filter: 'all', text: 'zzz' });
});

test('details tell what is known, in words one can copy', async () => {
  const copied: string[] = [];
  await openEntries(
    [
      single(
        row(8, {
          state: 'failed',
          attempt: 5,
          error: {
            code: 'access.denied',
            params: {},
            provider: { service: 'AccessDenied', httpStatus: 403, requestId: '4A2F' },
          },
        }),
      ),
    ],
    {
      'panel.detail': ({ id }) => ({
        id,
        partSize: 8_388_608,
        partCount: 5,
        partsDone: 2,
        uploadId: '2~abcdefghijklmnopqrstuvwxyz0123456789',
        etag: '',
        checksumAlgorithm: 'CRC32',
        tempPath: '',
      }),
      'app.copyText': ({ text }) => {
        copied.push(text);
      },
    },
  );
  await page.getByText('file-8.bin', { exact: true }).click();
  await userEvent.keyboard('{Enter}');
  const dialog = page.getByRole('dialog', { name: 'file-8.bin' });
  await expect.element(dialog.getByText('2 of 5, 8.4 MB each')).toBeVisible();
  await expect.element(dialog.getByText('4A2F', { exact: true })).toBeVisible();
  await expect.element(dialog.getByText('2~abcdefghij…23456789')).toBeVisible();
  await dialog.getByRole('button', { name: 'Copy Details' }).click();
  await expect.poll(() => copied[0]).toContain('Request: 4A2F');
  await userEvent.keyboard('{Escape}');
  await expect.element(dialog).not.toBeInTheDocument();
});

test('a pause before the next attempt counts down, with its reason', async () => {
  await openEntries([
    single(
      row(9, {
        state: 'waiting',
        waitReason: 'backoff',
        waitUntil: Date.now() + 8_500,
        attempt: 2,
        error: { code: 'throttle.slow-down', params: {} },
      }),
    ),
  ]);
  await expect.element(page.getByText(/Waiting 9 sec to try again/)).toBeVisible();
  await expect
    .element(page.getByText(/Waiting [5-7] sec to try again: .*attempt 3/))
    .toBeVisible();
});

test('limits of the bandwidth are two clicks away', async () => {
  const { fake } = await openPanel([], {});
  await page.getByRole('button', { name: 'Bandwidth Limits' }).click();
  const limit = page.getByRole('radiogroup', { name: 'Upload limit' });
  await limit.getByRole('radio', { name: '5', exact: true }).click();
  await limit.getByRole('radio', { name: 'Other' }).click();
  await page.getByRole('textbox', { name: 'Upload limit in MB/s' }).fill('2.5');
  await expect
    .poll(() => fake.payloads('settings.change'))
    .toEqual([{ uploadLimitKiBs: 4_883 }, { uploadLimitKiBs: 2_441 }]);
});

test.each(['light', 'dark', 'high-contrast'] as const)(
  'axe finds nothing in the panel, %s',
  async (theme) => {
    const day = new Date().setHours(0, 0, 0, 0);
    await openEntries([
      {
        type: 'group',
        group: group(1, { queued: 30, running: 2, bytesTotal: 9e6, bytesDone: 1e6 }),
        open: true,
      },
      { type: 'row', row: row(1, { state: 'running' }), inGroup: true },
      { type: 'row', row: row(2, { state: 'paused' }), inGroup: true },
      single(row(3, { state: 'failed', error: { code: 'access.denied', params: {} } })),
      { type: 'day', day },
      single(row(4, { state: 'done', integrity: 'crc32' })),
    ]);
    await expect.element(page.getByText('Today')).toBeVisible();
    await expectAccessible(theme);
  },
);

test('in a narrow panel long names keep their ends and nothing hangs over', async () => {
  await page.viewport(600, 340);
  const long = `${'very-long-name-'.repeat(12)}final.tar.gz`;
  await openEntries([
    single(row(1, { name: long, bucket: 'b'.repeat(60), key: `x/${long}` })),
    {
      type: 'group',
      group: group(2, { name: long, bucket: 'c'.repeat(60), queued: 40 }),
      open: false,
    },
  ]);
  await expect.element(page.getByText(/final\.tar\.gz$/).first()).toBeVisible();
  const wide = [...document.querySelectorAll('[role=row], [role=radiogroup]')].filter(
    (element) => element.getBoundingClientRect().right > window.innerWidth,
  );
  const bar = document.querySelector('[role=radiogroup]')?.parentElement;
  expect({
    wide: wide.length,
    bar: (bar?.scrollWidth ?? 0) - (bar?.clientWidth ?? 0),
    page: document.documentElement.scrollWidth - window.innerWidth,
  }).toEqual({ wide: 0, bar: 0, page: 0 });
});

test('a conflict is asked about with both sides, and the answer can hold for all', async () => {
  const { fake } = await openPanel(
    [
      row(5, {
        state: 'waiting',
        waitReason: 'conflict',
        conflict: {
          sourceSize: 2_000_000,
          sourceModified: 0,
          targetSize: 1_000,
          targetModified: null,
        },
      }),
    ],
    { waiting: 1, conflicts: 2 },
  );
  const dialog = page.getByRole('alertdialog', { name: /file-5\.bin/ });
  await expect.element(dialog.getByText('2.0 MB')).toBeVisible();
  await dialog.getByText('Do this for all conflicts of this batch').click();
  await dialog.getByRole('button', { name: 'Skip' }).click();
  await expect
    .poll(() => fake.payloads('transfers.answerConflict'))
    .toEqual([{ id: 5, answer: 'skip', forAll: true }]);
});
