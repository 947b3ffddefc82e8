import { expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { AppError } from '../../../shared/errors/error.ts';
import { QuickConnectBar, QuickConnectDialog } from './quick-connect-bar.tsx';
import { expectAccessible, renderUi } from './testing/render-ui.tsx';

test('Enter connects to the bucket of an s3 path, and the dialog closes', async () => {
  const events: string[] = [];
  const screen = await renderUi(
    <QuickConnectDialog
      onConnect={async (draft, secret) => {
        events.push(
          `${draft.endpoint} ${draft.root} ${draft.accessKeyId} ${secret?.secretAccessKey}`,
        );
      }}
      onClose={() => events.push('close')}
    />,
  );
  await screen.getByLabelText('Server or address').fill('s3://media/2026');
  await screen.getByLabelText('Access key').fill('AKIA ');
  await screen.getByLabelText('Secret key', { exact: true }).fill(' secret');
  await userEvent.keyboard('{Enter}');
  await expect
    .poll(() => events)
    .toEqual(['https://s3.amazonaws.com media/2026/ AKIA secret', 'close']);
});

test('bad input stays, says what is wrong and connects to nothing', async () => {
  const events: string[] = [];
  const screen = await renderUi(
    <QuickConnectBar
      onConnect={async () => {
        events.push('connect');
      }}
    />,
  );
  const address = screen.getByLabelText('Server or address');
  await address.fill('ftp://host');
  await screen.getByRole('button', { name: 'Connect' }).click();
  await expect.element(address).toHaveFocus();
  await expect.element(address).toHaveValue('ftp://host');
  await expect
    .element(screen.getByText('Only http:// and https:// addresses work.'))
    .toBeVisible();
  expect(events).toEqual([]);
  await expectAccessible('light');
});

test('anonymous needs no keys; a refusal is shown in place', async () => {
  const secrets: unknown[] = [];
  const screen = await renderUi(
    <QuickConnectBar
      onConnect={async (draft, secret) => {
        secrets.push([draft.signature, secret]);
        throw new AppError('network.refused');
      }}
    />,
  );
  await screen.getByLabelText('Server or address').fill('public.example.com/data');
  await screen.getByRole('checkbox', { name: 'Anonymous' }).click();
  await screen.getByRole('button', { name: 'Connect' }).click();
  await expect.element(screen.getByRole('alert')).toBeVisible();
  expect(secrets).toEqual([['anonymous', null]]);
});
