import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { CONNECTION, listingPage, renderInWindow } from '../testing/window-fixture.tsx';

const { connectionId } = CONNECTION;

function marked(): string {
  return document.getSelection()?.toString() ?? '';
}

test('Delete acts on the list’s selection only from the list, and never while typing', async () => {
  const { services } = await renderInWindow(
    <>
      <div data-focus-zone="inspector">
        <button type="button">Beside</button>
        <input aria-label="Field" />
      </div>
      <div data-focus-zone="list">
        <button type="button">List</button>
      </div>
    </>,
    { 'browse.list': () => listingPage([], ['a', 'b']) },
  );
  services.pane.navigate({ connectionId, bucket: 'b', prefix: '' });
  await expect.poll(() => services.pane.store.getState().phase).toBe('done');
  services.pane.select({ kind: 'all' });
  const open = () => services.dialogs.store.getState().open?.kind ?? null;

  await page.getByRole('button', { name: 'Beside' }).click();
  await userEvent.keyboard('{Delete}');
  const beside = open();
  await page.getByRole('textbox', { name: 'Field' }).fill('text');
  await userEvent.keyboard('{Delete}{Control>}a{/Control}');
  const typing = open();
  await page.getByRole('button', { name: 'List' }).click();
  await userEvent.keyboard('{Delete}');
  expect({ beside, typing, list: open() }).toEqual({
    beside: null,
    typing: null,
    list: 'delete',
  });
});

test('Select All marks the text of a field, and never that of the whole window', async () => {
  await renderInWindow(
    <div data-focus-zone="inspector">
      <p>Some text</p>
      <button type="button">Beside</button>
      <input aria-label="Field" defaultValue="typed" />
    </div>,
  );
  await page.getByRole('button', { name: 'Beside' }).click();
  await userEvent.keyboard('{Control>}a{/Control}');
  expect(marked()).toBe('');
  await page.getByRole('textbox', { name: 'Field' }).click();
  await userEvent.keyboard('{Control>}a{/Control}');
  const field = page
    .getByRole('textbox', { name: 'Field' })
    .element() as HTMLInputElement;
  expect([field.selectionStart, field.selectionEnd]).toEqual([0, 5]);
});

test('a command of the native menu runs, but not while a dialog is open', async () => {
  const { services, fake } = await renderInWindow(<div />);
  fake.send('app.command', { id: 'app.shortcuts' });
  const first = services.dialogs.store.getState().open?.kind;
  fake.send('app.command', { id: 'bookmark.new' });
  fake.send('app.command', { id: 'no.such.command' });
  expect([first, services.dialogs.store.getState().open?.kind]).toEqual([
    'shortcuts',
    'shortcuts',
  ]);
});

test('the native menu hears of states only when they change', async () => {
  const { services, fake } = await renderInWindow(<div />, {
    'browse.list': () => listingPage([], ['a']),
  });
  services.pane.navigate({ connectionId, bucket: 'b', prefix: '' });
  await expect
    .poll(() => fake.payloads('app.setCommandStates').length)
    .toBeGreaterThan(1);
  const states = fake.payloads('app.setCommandStates').map((s) => JSON.stringify(s));
  expect(states.every((state, i) => i === 0 || state !== states[i - 1])).toBe(true);
});
