import '../../styles/global.css';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { RowTable } from './row-table.tsx';

function Names() {
  const [selected, setSelected] = useState(-1);
  return (
    <div style={{ position: 'relative', height: 200 }}>
      <RowTable
        label="Names"
        columns={[{ id: 'name', label: 'Name', width: '1fr' }]}
        minWidth={100}
        rowCount={2_000}
        rowKey={String}
        renderCell={(index) => `name ${index}`}
        selected={selected}
        onSelect={setSelected}
      />
    </div>
  );
}

test('a click on a row gives the table the focus, which stays when the row is scrolled away', async () => {
  await render(<Names />);
  const table = page.getByRole('grid', { name: 'Names' });
  await page.getByText('name 3', { exact: true }).click();
  expect(document.activeElement).toBe(table.element());
  await userEvent.keyboard('{End}{ArrowUp}');
  await expect
    .element(page.getByRole('row', { name: 'name 1998' }))
    .toHaveAttribute('aria-selected', 'true');
  expect(document.activeElement).toBe(table.element());
  await page.getByRole('columnheader', { name: 'Name' }).click();
  expect(document.activeElement).toBe(table.element());
});
