import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { PanelEntry } from '../../../shared/domain/panel.ts';
import type { TransferRow, TransferTotals } from '../../../shared/domain/transfer.ts';
import { NO_TOTALS } from '../../../shared/testing/totals.ts';
import {
  group,
  openEntries,
  openPanel,
  row,
  single,
} from '../../testing/panel-fixture.tsx';
import { panelPage } from '../../testing/window-fixture.tsx';

const list = () => page.getByRole('treegrid', { name: 'Transfers' });

/** A batch of changes after which the list is asked for again. */
function changes(
  to: number,
  rows: readonly TransferRow[],
  totals: Partial<TransferTotals>,
) {
  return {
    from: to - 1,
    to,
    upserts: [...rows],
    groups: [],
    reload: true,
    progress: new Float64Array(),
    totals: { ...NO_TOTALS, ...totals },
  };
}

/** What has the focus: its role or tag, and its name. */
function focused(): string {
  const { activeElement: element } = document;
  const role = element?.getAttribute('role') ?? element?.tagName.toLowerCase() ?? '';
  return `${role} ${element?.getAttribute('aria-label') ?? ''}`.trim();
}

test('a button of a row leaves the keyboard in the list, at that row', async () => {
  const { fake } = await openPanel([row(1), row(2, { state: 'running' }), row(3)], {
    queued: 2,
    running: 1,
  });
  const second = list().getByRole('row', { name: /file-2\.bin/ });
  await second.getByRole('button', { name: 'Pause' }).click();
  fake.send(
    'transfers.changed',
    changes(2, [row(2, { state: 'paused' })], { queued: 2, paused: 1 }),
  );
  await expect.element(page.getByText(/^Paused/)).toBeVisible();
  expect(focused()).toBe('treegrid Transfers');
  await userEvent.keyboard('{ArrowDown}');
  await expect
    .element(list().getByRole('row', { name: /file-3\.bin/ }))
    .toHaveAttribute('aria-selected', 'true');
});

test('a button of the bar that has done all it can keeps the focus', async () => {
  const { fake } = await openPanel([row(1)], { queued: 1 });
  const pause = page.getByRole('button', { name: 'Pause All' });
  await pause.click();
  fake.send(
    'transfers.changed',
    changes(2, [row(1, { state: 'paused' })], { paused: 1 }),
  );
  await expect.element(page.getByText(/^Paused/)).toBeVisible();
  await expect.element(pause).toHaveAttribute('aria-disabled', 'true');
  expect(focused()).toBe('button Pause All');
  await userEvent.keyboard('{Enter}');
  await userEvent.keyboard('{ArrowDown}');
  expect(fake.payloads('transfers.pause')).toEqual([{ ids: null }]);
});

test('after Delete the arrows go on from where the row was', async () => {
  let entries: readonly PanelEntry[] = [1, 2, 3, 4].map((id) =>
    single(row(id, { state: 'done' })),
  );
  const { fake } = await openEntries(entries, { 'panel.view': () => panelPage(entries) });
  await page.getByText('file-3.bin', { exact: true }).click();
  await userEvent.keyboard('{Delete}');
  entries = entries.filter((entry) => entry.type === 'row' && entry.row.id !== 3);
  fake.send('transfers.changed', changes(2, [], { done: 3 }));
  await expect
    .element(page.getByText('file-3.bin', { exact: true }))
    .not.toBeInTheDocument();
  await userEvent.keyboard('{ArrowDown}');
  await expect
    .element(list().getByRole('row', { name: /file-4\.bin/ }))
    .toHaveAttribute('aria-selected', 'true');
});

test('when the last row is gone the focus stays in the panel', async () => {
  let entries: readonly PanelEntry[] = [single(row(1, { state: 'done' }))];
  const { fake } = await openEntries(entries, { 'panel.view': () => panelPage(entries) });
  await page.getByText('file-1.bin', { exact: true }).click();
  await userEvent.keyboard('{Delete}');
  entries = [];
  fake.send('transfers.changed', changes(2, [], {}));
  const nothing = page.getByText('No transfers', { exact: true });
  await expect.element(nothing).toBeVisible();
  expect(document.activeElement?.contains(nothing.element())).toBe(true);
  expect(document.activeElement).not.toBe(document.body);
});

test('a short name is shown whole, however deep the folder is that it goes to', async () => {
  await page.viewport(900, 340);
  const key = `${'folder with a number/'.repeat(20)}holiday.mov`;
  await openEntries([
    single(row(1, { name: 'holiday.mov', key })),
    {
      type: 'group',
      group: group(2, {
        name: 'Photos',
        prefix: 'a rather deep folder/'.repeat(20),
        queued: 9,
      }),
      open: false,
    },
  ]);
  const names = [
    page.getByText('holiday.mov', { exact: true }),
    page.getByText('Photos', { exact: true }),
  ];
  for (const name of names) {
    await expect.element(name).toBeVisible();
    const { scrollWidth, clientWidth } = name.element();
    expect(scrollWidth - clientWidth).toBe(0);
  }
});

test('a click on one of many that are selected selects it alone; a drag moves them all', async () => {
  const { fake } = await openPanel([row(1), row(2), row(3), row(4)], { queued: 4 });
  const third = page.getByText('file-3.bin', { exact: true });
  await page.getByText('file-2.bin', { exact: true }).click();
  await userEvent.keyboard('{Shift>}{ArrowDown}{ArrowDown}{/Shift}');
  await userEvent.dragAndDrop(third, page.getByText('file-1.bin', { exact: true }), {
    targetPosition: { x: 5, y: 2 },
  });
  await expect
    .poll(() => fake.payloads('panel.reorder'))
    .toEqual([{ ids: [2, 3, 4], groupIds: [], place: { type: 'before', id: 1 } }]);
  await third.click();
  await userEvent.keyboard('{Delete}');
  expect(fake.payloads('transfers.cancel')).toEqual([{ ids: [3] }]);
});

test('a menu opens only where there is something to choose for', async () => {
  await openEntries([
    { type: 'day', day: new Date().setHours(0, 0, 0, 0) },
    single(row(1, { state: 'done' })),
  ]);
  const menu = page.getByRole('menu');
  const day = page.getByText('Today', { exact: true });
  await day.click({ button: 'right' });
  await page.getByText('file-1.bin', { exact: true }).click();
  await day.click({ button: 'right' });
  await list().click({ button: 'right', position: { x: 40, y: 120 } });
  // Had one of those opened one, it would stand here now, or be the first of two.
  await new Promise((resolve) => requestAnimationFrame(resolve));
  expect(document.querySelectorAll('[role=menu]')).toHaveLength(0);
  await page.getByText('file-1.bin', { exact: true }).click({ button: 'right' });
  await expect.element(menu.getByText('Remove from List')).toBeVisible();
});
