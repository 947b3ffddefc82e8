import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import '../../styles/global.css';
import type { ConnectionId, GroupId, TransferId } from '../../../shared/domain/ids.ts';
import type { TransferRow, TransferTotals } from '../../../shared/domain/transfer.ts';
import { NO_TOTALS, renderInWindow } from '../../testing/window-fixture.tsx';
import { ConflictDialog } from './conflict-dialog.tsx';
import { TransfersPanel } from './transfers-panel.tsx';

function row(id: number, change: Partial<TransferRow> = {}): TransferRow {
  return {
    id: id as TransferId,
    groupId: 1 as GroupId,
    kind: 'upload',
    state: 'queued',
    connectionId: 'c1' as ConnectionId,
    name: `file-${id}.bin`,
    bucket: 'b',
    key: `k/file-${id}.bin`,
    targetKey: null,
    localPath: `/home/file-${id}.bin`,
    bytesTotal: 40_000_000,
    bytesDone: 0,
    objectsTotal: 1,
    objectsDone: 0,
    speed: 0,
    attempt: 1,
    waitReason: null,
    waitUntil: null,
    conflict: null,
    error: null,
    integrity: '',
    note: '',
    createdAt: 0,
    finishedAt: null,
    ...change,
  };
}

async function open(all: readonly TransferRow[], totals: Partial<TransferTotals>) {
  return renderInWindow(
    <>
      <TransfersPanel />
      <ConflictDialog />
    </>,
    {
      'transfers.totals': () => ({ revision: 1, totals: { ...NO_TOTALS, ...totals } }),
      'transfers.page': ({ offset, limit }) => ({
        revision: 1,
        total: all.length,
        rows: all.slice(offset, offset + limit),
      }),
      'transfers.nextConflict': () =>
        all.find((one) => one.waitReason === 'conflict') ?? null,
      'transfers.answerConflict': () => undefined,
      'transfers.retry': () => undefined,
      'transfers.pause': () => undefined,
      'transfers.cancel': () => undefined,
    },
  );
}

test('20,000 rows are few in the document and are fetched in windows as one scrolls', async () => {
  const { fake } = await open(
    Array.from({ length: 20_000 }, (_, i) => row(i + 1)),
    { queued: 20_000 },
  );
  await expect.element(page.getByText('file-1.bin', { exact: true })).toBeVisible();
  const list = page.getByRole('grid', { name: 'Transfers' });
  list.element().scrollTop = 15_000 * 48;
  await expect.element(page.getByText('file-15003.bin', { exact: true })).toBeVisible();
  const most = Math.max(
    ...fake.payloads('transfers.page').map((p) => (p as { limit: number }).limit),
  );
  expect({
    inDom: document.querySelectorAll('[data-transfer-state]').length < 60,
    most: most <= 500,
  }).toEqual({ inDom: true, most: true });
});

test('progress shows as it comes, with speed and time left', async () => {
  const { fake } = await open([row(7, { state: 'running' })], { running: 1 });
  await expect.element(page.getByText('file-7.bin', { exact: true })).toBeVisible();
  fake.send('transfers.changed', {
    from: 1,
    to: 2,
    upserts: [],
    reload: false,
    progress: Float64Array.of(7, 20_000_000, 5_000_000),
    totals: { ...NO_TOTALS, running: 1 },
  });
  await expect
    .element(page.getByText('20.0 of 40.0 MB — 5.0 MB/s — 4 sec left'))
    .toBeVisible();
  await expect
    .element(page.getByRole('progressbar'))
    .toHaveAttribute('aria-valuenow', '50');
});

test('a failed transfer says why and what to do, and tries again', async () => {
  const { fake } = await open(
    [row(3, { state: 'failed', error: { code: 'local.no-space', params: {} } })],
    { failed: 1 },
  );
  await expect.element(page.getByText(/disk|space/i).first()).toBeVisible();
  await page.getByRole('button', { name: 'Try Again' }).click();
  await expect.poll(() => fake.payloads('transfers.retry')).toEqual([{ ids: [3] }]);
});

test('Delete cancels the selected running transfers', async () => {
  const { fake } = await open([row(1, { state: 'running' }), row(2)], {
    running: 1,
    queued: 1,
  });
  await page.getByText('file-1.bin', { exact: true }).click();
  await userEvent.keyboard('{Shift>}{ArrowDown}{/Shift}{Delete}');
  await expect.poll(() => fake.payloads('transfers.cancel')).toEqual([{ ids: [1, 2] }]);
});

test('a conflict is asked about with both sides, and the answer can hold for all', async () => {
  const { fake } = await open(
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
