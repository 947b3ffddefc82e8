import { expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { Bookmark } from '../../../shared/domain/bookmark.ts';
import type { TestReport, TestStage } from '../../../shared/domain/connection-test.ts';
import { AppError } from '../../../shared/errors/error.ts';
import { createApi, createSubscribe } from '../../bridge/api.ts';
import { ConnectionDialog } from './connection-dialog.tsx';
import { createFakeBridge, type FakeHandlers } from './testing/fake-bridge.ts';
import { expectAccessible, renderUi } from './testing/render-ui.tsx';
import { sampleBookmark, sampleFolder } from './testing/samples.ts';

async function setUp(
  options: {
    readonly handlers?: FakeHandlers;
    readonly bookmark?: Bookmark;
    readonly open?: () => Promise<void>;
  } = {},
) {
  const bridge = createFakeBridge({
    'bookmarks.vaultStatus': () => ({ protected: true, backend: 'Keychain' }),
    'bookmarks.save': () => sampleBookmark('saved'),
    'connections.cancelTest': () => undefined,
    ...options.handlers,
  });
  const events: string[] = [];
  const screen = await renderUi(
    <ConnectionDialog
      api={createApi(bridge)}
      subscribe={createSubscribe(bridge)}
      bookmark={options.bookmark ?? null}
      folders={[sampleFolder('Work')]}
      onOpenBookmark={async (id) => {
        events.push(`open ${id}`);
        await options.open?.();
      }}
      onOpenQuick={async (draft, secret) => {
        events.push(`quick ${draft.endpoint} ${secret?.secretAccessKey ?? '-'}`);
        await options.open?.();
      }}
      onClose={() => events.push('close')}
    />,
  );
  const saves = () =>
    bridge.calls.filter((call) => call.name === 'bookmarks.save').map((c) => c.payload);
  return { bridge, events, screen, saves };
}

async function fillKeys({ screen }: Awaited<ReturnType<typeof setUp>>) {
  await screen.getByLabelText('Access key').fill('AKIA');
  await screen.getByLabelText('Secret key', { exact: true }).fill('secret');
}

test('saving an empty form says what is missing and goes to the first wrong field', async () => {
  const t = await setUp();
  await t.screen.getByRole('button', { name: 'Save', exact: true }).click();
  const key = t.screen.getByLabelText('Access key');
  await expect.element(key).toHaveFocus();
  await expect
    .element(key)
    .toHaveAccessibleDescription(/Enter the access key, or tick “Anonymous”/);
  await expect
    .element(t.screen.getByText('Enter the secret key that belongs to the access key.'))
    .toBeVisible();
  expect([t.bridge.calls, t.events]).toEqual([[], []]);
});

test('a click on Save right after a wrong field counts, though its error moves the button', async () => {
  const t = await setUp();
  await t.screen.getByLabelText('Bucket or path').fill('my bucket');
  await t.screen.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.element(t.screen.getByText(/A bucket’s name has letters/)).toBeVisible();
  await expect.element(t.screen.getByText(/Enter the access key/)).toBeVisible();
});

test('a wrong number under Advanced opens it', async () => {
  const t = await setUp();
  await fillKeys(t);
  const advanced = t.screen.getByRole('button', { name: 'Advanced' });
  await advanced.click();
  await t.screen.getByLabelText('Part size').fill('4');
  await advanced.click();
  await t.screen.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.element(t.screen.getByLabelText('Part size')).toHaveFocus();
});

test('Enter saves and connects, and the secret travels once', async () => {
  const t = await setUp();
  await fillKeys(t);
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => t.events).toEqual(['open saved', 'close']);
  expect(t.saves()).toMatchObject([
    {
      id: null,
      folderId: null,
      secretTarget: 'keychain',
      secret: { secretAccessKey: 'secret', sessionToken: '' },
      draft: { endpoint: 'https://s3.us-east-1.amazonaws.com', accessKeyId: 'AKIA' },
    },
  ]);
});

test('Connect opens without saving', async () => {
  const t = await setUp();
  await fillKeys(t);
  await t.screen.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect
    .poll(() => t.events)
    .toEqual(['quick https://s3.us-east-1.amazonaws.com secret', 'close']);
  expect(t.saves()).toEqual([]);
});

test('without a keychain it asks, and Escape there saves nothing and loses nothing', async () => {
  const t = await setUp({
    handlers: {
      'bookmarks.vaultStatus': () => ({ protected: false, backend: 'basic_text' }),
    },
  });
  await fillKeys(t);
  await t.screen.getByRole('button', { name: 'Save', exact: true }).click();
  const question = t.screen.getByRole('alertdialog');
  await expect.element(question.getByRole('button', { name: 'Cancel' })).toHaveFocus();
  await userEvent.keyboard('{Escape}');
  await expect.element(question).not.toBeInTheDocument();
  await expect.element(t.screen.getByLabelText('Access key')).toHaveValue('AKIA');
  expect([t.saves(), t.events]).toEqual([[], []]);

  await t.screen.getByRole('button', { name: 'Save', exact: true }).click();
  await t.screen.getByRole('button', { name: 'Keep for This Session' }).click();
  await expect.poll(() => t.events).toEqual(['close']);
  expect(t.saves()).toMatchObject([{ secretTarget: 'session' }]);
});

test('a failed save shows why and keeps everything typed', async () => {
  const t = await setUp({
    handlers: {
      'bookmarks.save': () => {
        throw new AppError('storage.write-failed');
      },
    },
  });
  await fillKeys(t);
  await t.screen.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.element(t.screen.getByRole('alert')).toBeVisible();
  await expect
    .element(t.screen.getByLabelText('Secret key', { exact: true }))
    .toHaveValue('secret');
  expect(t.events).toEqual([]);
});

test('after saving, a failed connection does not make a second bookmark', async () => {
  let attempts = 0;
  const t = await setUp({
    open: async () => {
      attempts += 1;
      if (attempts === 1) throw new AppError('network.refused');
    },
  });
  await fillKeys(t);
  const both = t.screen.getByRole('button', { name: 'Save & Connect' });
  await both.click();
  await expect.element(t.screen.getByRole('alert')).toBeVisible();
  await both.click();
  await expect.poll(() => t.events.at(-1)).toBe('close');
  expect(t.saves()).toMatchObject([{ id: null }, { id: 'saved' }]);
});

test('the stored secret is never filled in and is kept when left empty', async () => {
  const t = await setUp({ bookmark: sampleBookmark('media') });
  const secret = t.screen.getByLabelText('Secret key', { exact: true });
  await expect.element(secret).toHaveValue('');
  await expect
    .element(secret)
    .toHaveAttribute('placeholder', 'Stored. Leave empty to keep it');
  await t.screen.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(() => t.events).toEqual(['close']);
  expect(t.saves()).toMatchObject([{ id: 'media', secret: null }]);
});

test('Escape closes an untouched dialog, and asks before losing what was typed', async () => {
  const t = await setUp();
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => t.events).toEqual(['close']);
  await t.screen.getByLabelText('Nickname').fill('Media');
  await userEvent.keyboard('{Escape}');
  await t.screen.getByRole('button', { name: 'Keep Editing' }).click();
  await expect.element(t.screen.getByLabelText('Nickname')).toHaveValue('Media');
  expect(t.events).toEqual(['close']);
});

test('Tab goes through the fields in reading order', async () => {
  const t = await setUp();
  await expect
    .element(t.screen.getByRole('combobox', { name: 'Provider' }))
    .toHaveFocus();
  const order = ['Endpoint', 'Region', 'Anonymous', 'Access key', 'Secret key'];
  // The link to the provider's help comes between provider and endpoint.
  await userEvent.keyboard('{Tab}');
  const seen: string[] = [];
  for (const _ of order) {
    await userEvent.keyboard('{Tab}');
    const { activeElement } = document;
    const label =
      activeElement instanceof HTMLElement
        ? document.getElementById(activeElement.getAttribute('aria-labelledby') ?? '')
        : null;
    seen.push(label?.textContent?.replace(/:.*/, '') ?? '');
  }
  expect(seen).toEqual(order);
});

test('leaving the endpoint shows what was understood and moves the bucket', async () => {
  const t = await setUp();
  const endpoint = t.screen.getByLabelText('Endpoint');
  await endpoint.fill('my-bucket.s3.eu-central-1.amazonaws.com/a/');
  await userEvent.keyboard('{Tab}');
  await expect.element(endpoint).toHaveValue('https://s3.eu-central-1.amazonaws.com');
  await expect
    .element(t.screen.getByLabelText('Bucket or path'))
    .toHaveValue('my-bucket/a/');
  await expect
    .element(endpoint)
    .toHaveAccessibleDescription(
      'https · s3.eu-central-1.amazonaws.com · region eu-central-1 · my-bucket/a/ moved to Bucket or path',
    );
});

test('the test shows its stages as they come and can be stopped', async () => {
  const { promise, resolve } = Promise.withResolvers<TestReport>();
  const t = await setUp({ handlers: { 'connections.test': () => promise } });
  await fillKeys(t);
  await t.screen.getByRole('button', { name: 'Test Connection' }).click();
  const panel = t.screen.getByRole('region', { name: 'Connection test' });
  const says = () => panel.element().textContent;
  await expect.poll(says).toContain('Testing the connection…');
  await expect.poll(() => t.bridge.calls.at(-1)?.name).toBe('connections.test');
  const payload = t.bridge.calls.at(-1)?.payload;
  const testId =
    typeof payload === 'object' && payload !== null && 'testId' in payload
      ? String(payload.testId)
      : '';
  const stage: TestStage = {
    name: 'signature',
    outcome: 'failed',
    ms: 88.4,
    detail: '',
    params: {},
    error: { code: 'auth.signature', params: {} },
  };
  t.bridge.emit('connections.testProgress', { testId: 'another', stage });
  expect(panel.element().textContent).not.toContain('Wrong secret key');
  t.bridge.emit('connections.testProgress', { testId, stage });
  await expect.poll(says).toContain('88 ms');
  await expect.poll(says).toContain('Wrong secret key');
  await panel.getByRole('button', { name: 'Stop' }).click();
  await expect.poll(says).toContain('Test stopped.');
  expect(t.bridge.calls.at(-1)).toEqual({
    name: 'connections.cancelTest',
    payload: { testId },
  });
  resolve({ ok: true, stages: [], learntRegion: null });
});

test.each(['light', 'dark', 'high-contrast'] as const)(
  'axe finds nothing in the dialog with errors, %s',
  async (theme) => {
    const t = await setUp();
    await t.screen.getByRole('button', { name: 'Advanced' }).click();
    await t.screen.getByRole('button', { name: 'Save', exact: true }).click();
    await expectAccessible(theme);
  },
);

test('a save that was called off leaves everything as it was typed, without a complaint', async () => {
  let refusals = 0;
  const t = await setUp({
    bookmark: sampleBookmark('mine'),
    handlers: {
      'bookmarks.save': () => {
        refusals += 1;
        throw new AppError('transfer.cancelled');
      },
    },
  });
  const nickname = t.screen.getByLabelText('Nickname');
  await nickname.fill('Typed');
  const save = t.screen.getByRole('button', { name: 'Save', exact: true });
  await save.click();
  await expect.poll(() => refusals).toBe(1);
  // It can be tried again.
  await expect.element(save).not.toHaveAttribute('aria-busy', 'true');
  await expect.element(nickname).toHaveValue('Typed');
  expect(t.screen.getByRole('alert').elements()).toEqual([]);
  expect(t.events).toEqual([]);
});
