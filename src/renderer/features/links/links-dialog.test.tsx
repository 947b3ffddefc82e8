import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import '../../styles/global.css';
import type { RemoteItem } from '../../../shared/domain/listing.ts';
import { DialogHost } from '../../app/dialog-host.tsx';
import type { FakeAnswers } from '../../testing/fake-bridge.ts';
import { CONNECTION, renderInWindow } from '../../testing/window-fixture.tsx';

const ENDS = Date.UTC(2030, 0, 2, 3, 4, 5);

const ANSWERS = {
  'aspects.sign': ({ keys }) =>
    keys.map((key) => ({
      key,
      url: `https://s3.example.com/b/${key}?X-Amz-Signature=1&x=2`,
      expiresAt: ENDS,
      endsWithSession: false,
    })),
  'app.copyText': () => undefined,
} satisfies FakeAnswers;

async function open(items: readonly RemoteItem[], answers: FakeAnswers = {}) {
  const opened = await renderInWindow(<DialogHost />, { ...ANSWERS, ...answers });
  const { connectionId } = CONNECTION;
  opened.services.dialogs.open({ kind: 'links', connectionId, bucket: 'b', items });
  return opened;
}

const FILE = { key: 'photos/cat.jpg', folder: false };
const sheet = () => page.getByRole('dialog');
const button = (name: string) => sheet().getByRole('button', { name, exact: true });

test('a link says when it ends and is copied, as it is or for a document', async () => {
  const { fake } = await open([FILE]);
  await expect.element(sheet().getByText('3,600 seconds')).toBeVisible();
  await userEvent.keyboard('{Enter}');
  await button('Create Link').click();
  await expect
    .element(sheet().getByLabelText('The link', { exact: true }))
    .toHaveValue('https://s3.example.com/b/photos/cat.jpg?X-Amz-Signature=1&x=2');
  await expect.element(sheet().getByText(/^Ends .*\.$/)).not.toHaveTextContent('latest');
  await expect.element(sheet().getByText(/Temporary keys/)).not.toBeInTheDocument();
  await expect.element(sheet().getByRole('img', { name: /QR code/ })).toBeVisible();
  await button('Copy Link').click();
  await button('Copy As').click();
  await page.getByRole('menuitem', { name: 'HTML' }).click();
  await expect
    .poll(() => fake.payloads('app.copyText'))
    .toEqual([
      { text: 'https://s3.example.com/b/photos/cat.jpg?X-Amz-Signature=1&x=2' },
      {
        text: '<a href="https://s3.example.com/b/photos/cat.jpg?X-Amz-Signature=1&amp;x=2">cat.jpg</a>',
      },
    ]);
});

test.each([
  { items: [FILE], create: 'Create Link', links: 'this link' },
  { items: [FILE, { ...FILE, key: 'b' }], create: 'Create Links', links: 'these links' },
])(
  'of temporary keys it is said that $links end with them, and what to do',
  async (each) => {
    await open(each.items, {
      'aspects.sign': (asked) =>
        ANSWERS['aspects.sign'](asked).map((link) => ({
          ...link,
          endsWithSession: true,
        })),
    });
    await button(each.create).click();
    await expect
      .element(
        sheet().getByText(`Temporary keys: ${each.links} may stop working before that`),
      )
      .toBeVisible();
    await expect.element(sheet().getByText(/at the latest\.$/)).toBeVisible();
    await expect.element(sheet().getByText(/keys that do not expire/)).toBeVisible();
  },
);

test.each([
  ['0', 'at least one second'],
  ['200', 'at most 7 days'],
  ['soon', 'Enter a number'],
])('an end after %s hours is refused with what to do', async (text, message) => {
  const { fake } = await open([FILE]);
  await sheet().getByLabelText('Ends after').fill(text);
  await button('Create Link').click();
  await expect.element(sheet().getByText(new RegExp(message))).toBeVisible();
  expect(fake.payloads('aspects.sign')).toEqual([]);
});

test('a link of other options is made anew', async () => {
  const { fake } = await open([FILE]);
  await button('Create Link').click();
  await expect.element(button('Copy Link')).toBeVisible();
  await sheet().getByLabelText('Ends after').fill('2');
  await expect.element(button('Copy Link')).not.toBeInTheDocument();
  await sheet().getByRole('radio', { name: 'Upload' }).click();
  await button('Create Link').click();
  await expect.element(button('Copy Command')).toBeVisible();
  expect(fake.payloads('aspects.sign')[1]).toMatchObject({
    options: { method: 'PUT', expiresIn: 7_200 },
  });
});

test('a link is tested, and what comes is said in words', async () => {
  await open([FILE], {
    'aspects.testLink': ({ url }) => ({ url, status: 404, code: 'NoSuchKey' }),
  });
  await button('Create Link').click();
  await button('Test Link').click();
  await expect.element(sheet().getByText('The link does not work')).toBeVisible();
  await expect.element(sheet().getByText(/no object of this name/)).toBeVisible();
});

test('in a small window one sees what came, and goes on from there', async () => {
  await page.viewport(720, 480);
  try {
    await open([FILE], {
      'aspects.testLink': ({ url }) => ({ url, status: 206, code: '' }),
    });
    await button('Create Link').click();
    await expect.element(button('Copy Link')).toHaveFocus();
    await expect.element(button('Copy Link')).toBeInViewport({ ratio: 0.9 });
    await button('Test Link').click();
    await expect
      .element(sheet().getByText('The link works'))
      .toBeInViewport({ ratio: 0.9 });
  } finally {
    await page.viewport(1_280, 800);
  }
});

test('an upload link is tested without a file, by the type it was signed for', async () => {
  const { fake } = await open([FILE], {
    'aspects.testLink': ({ url }) => ({ url, status: 100, code: '' }),
  });
  await sheet().getByRole('radio', { name: 'Upload' }).click();
  await sheet().getByLabelText('Content type').fill('text/csv');
  await button('Create Link').click();
  await button('Test Link').click();
  await expect.element(sheet().getByText('The link works')).toBeVisible();
  await expect.element(sheet().getByText(/nothing was changed/)).toBeVisible();
  expect(fake.payloads('aspects.testLink')).toMatchObject([
    { upload: { contentType: 'text/csv' } },
  ]);
});

test('of many links those that do not work are named', async () => {
  await open([FILE, { key: 'gone.txt', folder: false }], {
    'aspects.testLink': ({ url }) =>
      url.includes('gone')
        ? { url, status: 404, code: 'NoSuchKey' }
        : { url, status: 206, code: '' },
  });
  await button('Create Links').click();
  await button('Test Links').click();
  await expect.element(sheet().getByText('1 of 2 do not work')).toBeVisible();
  await expect.element(sheet().getByText(/gone\.txt.*no object/)).toBeVisible();
});

test('a folder gets a link for each object inside, saved as one list', async () => {
  const { fake } = await open([{ key: 'photos/', folder: true }, FILE], {
    'browse.list': ({ prefix }) => ({
      prefixes: prefix === 'photos/' ? ['photos/old/'] : [],
      keys: prefix === 'photos/' ? ['photos/', 'photos/a,b.jpg'] : ['photos/old/c.jpg'],
      sizes: new Float64Array(2),
      modified: new Float64Array(2),
      classes: ['STANDARD'],
      classIndex: new Uint8Array(2),
      cursor: null,
    }),
    'documents.save': () => ({ path: '/home/me/Links.csv' }),
  });
  await expect.element(sheet().getByText('A folder itself has no link')).toBeVisible();
  await button('Create Links').click();
  await expect.element(sheet().getByText(/^3 links/)).toBeVisible();
  await button('Copy As').click();
  await page.getByRole('menuitem', { name: 'Addresses' }).click();
  const copied = () => fake.payloads('app.copyText') as { text: string }[];
  await expect.poll(() => copied()[0]?.text.split('\n').length).toBe(4);
  await button('Save as CSV…').click();
  const [saved] = fake.payloads('documents.save') as { text: string }[];
  expect(saved?.text.split('\r\n').slice(0, 3)).toEqual([
    'key,url,expires',
    expect.stringMatching(/^"photos\/a,b\.jpg",/),
    expect.stringMatching(/^photos\/old\/c\.jpg,/),
  ]);
});

test('a folder without objects says so', async () => {
  await open([{ key: 'empty/', folder: true }], {
    'browse.list': () => ({
      prefixes: [],
      keys: ['empty/'],
      sizes: new Float64Array(1),
      modified: new Float64Array(1),
      classes: ['STANDARD'],
      classIndex: new Uint8Array(1),
      cursor: null,
    }),
  });
  await button('Create Links').click();
  await expect.element(sheet().getByText('There is no object to link to')).toBeVisible();
});

test('thousands of links under their own names take a few calls', async () => {
  const items = Array.from({ length: 5_000 }, (_, n) => ({
    key: `photos/${n}.jpg`,
    folder: false,
  }));
  const { fake } = await open(items, {
    'documents.save': () => ({ path: '/home/me/Links.csv' }),
  });
  await sheet().getByLabelText('In a browser').click();
  await page.getByRole('option', { name: 'Save it under its name' }).click();
  await button('Create Links').click();
  await expect.element(sheet().getByText(/^5,000 links/)).toBeVisible();
  const calls = fake.payloads('aspects.sign') as {
    keys: string[];
    options: { underOwnName?: boolean };
  }[];
  expect(calls).toHaveLength(20);
  expect(calls.flatMap(({ keys }) => keys)).toEqual(items.map(({ key }) => key));
  expect(calls.every(({ options }) => options.underOwnName === true)).toBe(true);
  await expect.element(sheet().getByText('photos/0.jpg')).toBeVisible();
  await button('Save as CSV…').click();
  const saved = () => fake.payloads('documents.save') as { text: string }[];
  await expect.poll(() => saved()[0]?.text.split('\r\n').length).toBe(5_002);
});
