import { useState } from 'react';
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import '../../../styles/global.css';
import { NO_SELECTION, type RowOrder, select } from './select.ts';
import { VirtualGrid } from './virtual-grid.tsx';

const COLUMNS = [
  { id: 'name', label: 'Name', width: 300, minWidth: 100, flexible: true },
  { id: 'size', label: 'Size', width: 80, minWidth: 60 },
] as const;

function Many(props: {
  readonly count: number;
  readonly onActivate?: (position: number) => void;
  readonly onSort?: (column: string) => void;
  readonly onWidth?: (column: string, width: number) => void;
}) {
  const [selection, setSelection] = useState(NO_SELECTION);
  const order: RowOrder = {
    length: props.count,
    rowAt: (position) => (position >= 0 && position < props.count ? position : -1),
    positionOf: (row) => row,
  };
  return (
    <div style={{ height: 600, width: 700 }}>
      <VirtualGrid
        label="Rows"
        columns={COLUMNS}
        rowCount={props.count}
        rowId={(position) => position}
        renderCell={(position, column) => `${column} ${position}`}
        isSelected={(position) => selection.rows.has(position)}
        hasManySelected={selection.rows.size > 1}
        focusPosition={selection.focus}
        sort={{ column: 'name', descending: false }}
        onSort={props.onSort}
        onColumnWidth={props.onWidth}
        onSelect={(action) => setSelection((now) => select(now, action, order))}
        onActivate={props.onActivate ?? (() => {})}
      />
      <output>{selection.rows.size} selected</output>
    </div>
  );
}

const grid = () => page.getByRole('grid', { name: 'Rows' });
const rowsInDom = () => document.querySelectorAll('[data-position]').length;

function focusedText(): string {
  const id = grid().element().getAttribute('aria-activedescendant');
  return id === null ? '' : (document.getElementById(id)?.textContent ?? '');
}

test('a million rows are few rows in the document, wherever one scrolls', async () => {
  await render(<Many count={1_000_000} />);
  const before = rowsInDom();
  grid().element().scrollTop = 12_000_000;
  await expect.element(page.getByText('name 500000')).toBeVisible();
  expect({ before: before < 60, after: rowsInDom() < 60 }).toEqual({
    before: true,
    after: true,
  });
  await expect.element(grid()).toHaveAttribute('aria-rowcount', '1000001');
});

test('ten million rows are reached by keyboard, first to last', async () => {
  await render(<Many count={10_000_000} />);
  (grid().element() as HTMLElement).focus();
  await userEvent.keyboard('{End}');
  await expect.element(page.getByText('name 9999999')).toBeVisible();
  await expect.poll(() => focusedText()).toContain('name 9999999');
  await userEvent.keyboard('{ArrowUp}{ArrowUp}');
  await expect.poll(() => focusedText()).toContain('name 9999997');
  await userEvent.keyboard('{Home}');
  await expect.element(page.getByText('name 0', { exact: true })).toBeVisible();
});

test('the wheel goes row by row even where the scroll bar is scaled', async () => {
  await render(<Many count={10_000_000} />);
  const element = grid().element();
  element.dispatchEvent(new WheelEvent('wheel', { deltaY: 240, cancelable: true }));
  const header = page.getByRole('columnheader', { name: 'Name' }).element();
  const belowHeader = () => {
    const row = document.querySelector('[data-position="10"]')?.getBoundingClientRect();
    return Math.abs((row?.top ?? 1e9) - header.getBoundingClientRect().bottom);
  };
  // Ten rows of 24 px: the eleventh lies under the header, give or take its line.
  await expect.poll(belowHeader).toBeLessThan(3);
});

test('mouse and keyboard select: click, Ctrl, Shift, and Shift with arrows', async () => {
  await render(<Many count={100} />);
  await page.getByText('name 2', { exact: true }).click();
  await page.getByText('name 5', { exact: true }).click({ modifiers: ['Shift'] });
  await expect.element(page.getByText('4 selected')).toBeVisible();
  await page.getByText('name 8', { exact: true }).click({ modifiers: ['Control'] });
  await expect.element(page.getByText('5 selected')).toBeVisible();
  await userEvent.keyboard('{ArrowDown}');
  await expect.element(page.getByText('1 selected')).toBeVisible();
  await userEvent.keyboard('{Shift>}{PageDown}{/Shift}');
  await expect.poll(() => focusedText()).not.toContain('name 9');
  expect(document.activeElement).toBe(grid().element());
});

test('Enter and a double click open a row', async () => {
  const opened: number[] = [];
  await render(<Many count={10} onActivate={(position) => opened.push(position)} />);
  await page.getByText('name 3', { exact: true }).dblClick();
  await userEvent.keyboard('{ArrowDown}{Enter}');
  await expect.poll(() => opened).toEqual([3, 4]);
});

test('titles sort, and Shift with arrows on a title resizes its column', async () => {
  const sorted: string[] = [];
  const widths: unknown[] = [];
  await render(
    <Many
      count={10}
      onSort={(column) => sorted.push(column)}
      onWidth={(column, width) => widths.push([column, width])}
    />,
  );
  await page.getByRole('button', { name: 'Size' }).click();
  await userEvent.keyboard('{Shift>}{ArrowRight}{/Shift}');
  await expect
    .poll(() => ({ sorted, widths }))
    .toEqual({ sorted: ['size'], widths: [['size', 96]] });
  await expect
    .element(page.getByRole('columnheader', { name: 'Name' }))
    .toHaveAttribute('aria-sort', 'ascending');
});
