import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import '../../styles/global.css';
import { Settings } from '../../../shared/domain/settings.ts';
import {
  CONNECTION,
  listingPage,
  renderInWindow,
} from '../../testing/window-fixture.tsx';
import { Inspector } from '../inspector/inspector.tsx';
import { domainKey, withDomain } from './own-domain.ts';

async function open() {
  let kept: Settings = Settings.parse({});
  const opened = await renderInWindow(<Inspector />, {
    'settings.snapshot': () => kept,
    'settings.change': (patch) => {
      kept = { ...kept, ...patch } as Settings;
      return kept;
    },
    'browse.list': ({ bucket }) => listingPage([], [`${bucket}-1`, `${bucket}-2`]),
    'browse.urls': ({ bucket, key }) => ({
      https: `https://s3.example.com/${bucket}/${key}`,
      pathStyle: `https://s3.example.com/${bucket}/${key}`,
      virtualHost: `https://${bucket}.s3.example.com/${key}`,
      s3: `s3://${bucket}/${key}`,
    }),
    'aspects.testLink': ({ url }) =>
      url.startsWith('https://cdn.')
        ? { url, status: 206, code: '' }
        : { url, status: 403, code: 'AccessDenied' },
    'aspects.exposure': () => {
      throw new Error('not asked here');
    },
  });
  const { pane, inspector } = opened.services;
  inspector.show('links');
  const show = async (bucket: string, position: number): Promise<void> => {
    pane.navigate({ connectionId: CONNECTION.connectionId, bucket, prefix: '' });
    await expect.poll(() => pane.store.getState().phase).toBe('done');
    pane.select({ kind: 'go', position });
  };
  return { ...opened, show, kept: () => kept.linkDomains };
}

const field = () => page.getByLabelText('Domain of your own');

test('a domain is remembered for its bucket of this connection, and for no other', async () => {
  const { show, kept } = await open();
  await show('photos', 0);
  await field().fill('cdn.example.com');
  await expect.element(page.getByText('https://cdn.example.com/photos-1')).toBeVisible();
  await userEvent.tab();
  const key = domainKey(CONNECTION, 'photos');
  await expect.poll(kept).toEqual({ [key]: 'cdn.example.com' });
  await show('photos', 1);
  await expect.element(page.getByText('https://cdn.example.com/photos-2')).toBeVisible();
  await show('other', 0);
  await expect.element(field()).toHaveValue('');
});

test('what is typed is remembered though another row is chosen, what is no domain is not', async () => {
  const { show, kept } = await open();
  await show('photos', 0);
  await field().fill('not a domain');
  await show('photos', 1);
  await expect.element(field()).toHaveValue('');
  await field().fill('cdn.example.com');
  await show('photos', 0);
  await expect.element(field()).toHaveValue('cdn.example.com');
  await field().clear();
  await userEvent.tab();
  await expect.poll(kept).toEqual({});
});

test('the oldest of very many domains is forgotten', () => {
  let domains: Settings['linkDomains'] = {};
  for (let n = 0; n <= 500; n += 1) domains = withDomain(domains, `k${n}`, `${n}.net`);
  expect(Object.keys(domains)).toHaveLength(500);
  expect([domains['k0'], domains['k500']]).toEqual([undefined, '500.net']);
});

test('each address is tried as a stranger would', async () => {
  const { show } = await open();
  await show('photos', 0);
  await field().fill('cdn.example.com');
  await page.getByRole('button', { name: 'Test Addresses' }).click();
  await expect.element(page.getByText('2 of 3 do not work')).toBeVisible();
  await expect
    .element(page.getByText(/Path style: .*HTTP 403 \(AccessDenied\)\. It is not public/))
    .toBeVisible();
  await expect.element(page.getByText(/Own domain: .*HTTP 206/)).toBeVisible();
  await field().fill('cdn.example.org');
  await expect.element(page.getByText('2 of 3 do not work')).not.toBeInTheDocument();
});
