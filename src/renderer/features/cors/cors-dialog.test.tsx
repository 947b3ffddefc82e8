import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import '../../styles/global.css';
import type { CorsRule, Reading } from '../../../shared/domain/aspects.ts';
import type { PreflightAnswer } from '../../../shared/domain/exposure.ts';
import { AppError } from '../../../shared/errors/error.ts';
import { DialogHost } from '../../app/dialog-host.tsx';
import type { FakeAnswers } from '../../testing/fake-bridge.ts';
import { CONNECTION, renderInWindow } from '../../testing/window-fixture.tsx';

const PLACE = { connectionId: CONNECTION.connectionId, bucket: 'shop', key: null };
const READ: CorsRule = {
  id: '',
  origins: ['*'],
  methods: ['GET', 'HEAD'],
  headers: ['*'],
  exposed: [],
  maxAge: 3_000,
};
const REFUSED: PreflightAnswer = {
  status: 403,
  allowOrigin: '',
  allowMethods: '',
  allowHeaders: '',
  exposeHeaders: '',
  maxAge: '',
  allowCredentials: false,
};

/** A server that keeps rules. */
function corsServer(first: CorsRule[]) {
  let value = first;
  let revision = 1;
  const reading = (): Reading => ({
    kind: 'read',
    aspect: { aspect: 'cors', value },
    revision: String(revision),
    locked: null,
  });
  return {
    now: () => value,
    answers: {
      'aspects.read': reading,
      'aspects.earlier': () => [],
      'aspects.write': ({ change }) => {
        if (change.aspect !== 'cors') throw new AppError('internal');
        ({ value } = change);
        revision += 1;
        return reading();
      },
    } satisfies FakeAnswers,
  };
}

async function open(answers: FakeAnswers) {
  const opened = await renderInWindow(<DialogHost />, answers);
  opened.services.dialogs.open({ kind: 'aspect', aspect: 'cors', place: PLACE });
  await expect.element(sheet().getByRole('radio', { name: 'Form' })).toBeVisible();
  return opened;
}

const sheet = () => page.getByRole('dialog', { name: 'CORS Rules' });
const button = (name: string) => sheet().getByRole('button', { name, exact: true });
const view = (name: string) => sheet().getByRole('radio', { name, exact: true });
const source = (name: string) => sheet().getByLabelText(`Rules as ${name}`);

async function save(): Promise<void> {
  await button('Review Changes…').click();
  await button('Save').click();
}

test('without a configuration one begins with a preset, fills in the origin and saves', async () => {
  const server = corsServer([]);
  await open(server.answers);
  await expect.element(sheet().getByText('No CORS configuration')).toBeVisible();
  await button('Presets').click();
  await page.getByRole('menuitem', { name: 'Browser Uploads' }).click();
  await button('Review Changes…').click();
  await expect.element(sheet().getByText(/Enter an origin such as/)).toBeVisible();
  await sheet().getByLabelText('Origins').fill('https://shop.example.com');
  await save();
  await expect.poll(server.now).toEqual([
    {
      id: '',
      origins: ['https://shop.example.com'],
      methods: ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'],
      headers: ['*'],
      exposed: ['ETag', 'Upload-Offset', 'Location'],
      maxAge: 3_000,
    },
  ]);
});

test('the form edits each field, and moves and removes rules', async () => {
  const server = corsServer([READ]);
  await open(server.answers);
  await sheet()
    .getByLabelText('Origins')
    .fill('https://a.example.com\nhttps://b.example.com\n');
  await sheet().getByRole('checkbox', { name: 'HEAD' }).click();
  await sheet().getByLabelText('Allowed headers').fill('content-type, x-amz-*');
  await sheet().getByLabelText('Exposed headers').fill('ETag');
  await sheet().getByLabelText('Max age (seconds)').fill('');
  await sheet().getByLabelText('ID').fill('app');
  await button('Add Rule').click();
  await sheet().getByLabelText('Origins').nth(1).fill('*');
  await sheet().getByRole('checkbox', { name: 'PUT' }).nth(1).click();
  await button('Move rule 2 up').click();
  await button('Review Changes…').click();
  await expect.element(sheet().getByText(/Any page may send PUT/)).toBeVisible();
  await button('Save').click();
  await expect.poll(server.now).toEqual([
    { id: '', origins: ['*'], methods: ['PUT'], headers: [], exposed: [], maxAge: null },
    {
      id: 'app',
      origins: ['https://a.example.com', 'https://b.example.com'],
      methods: ['GET'],
      headers: ['content-type', 'x-amz-*'],
      exposed: ['ETag'],
      maxAge: null,
    },
  ]);
});

test('the review shows a rule that only has another place as moved', async () => {
  const server = corsServer([READ, { ...READ, origins: ['https://b.example.com'] }]);
  await open(server.answers);
  await button('Move rule 2 up').click();
  await button('Review Changes…').click();
  const changes = sheet().getByRole('list', { name: 'What will change' });
  await expect
    .element(changes)
    .toMatchTextContent(/^↕Moved: Rule 1 → 2: GET, HEAD from any origin;[^−+]*$/);
});

test('a wrong value is told where it is, and keeps the rules from being saved', async () => {
  const server = corsServer([READ]);
  const { fake } = await open(server.answers);
  await sheet().getByLabelText('Origins').fill('https://*.*.example.com');
  await expect.element(sheet().getByText(/has more than one \*/)).toBeVisible();
  await button('Review Changes…').click();
  await expect.element(sheet().getByLabelText('Origins')).toHaveFocus();
  await expect.element(button('Save')).not.toBeInTheDocument();
  expect(fake.payloads('aspects.write')).toEqual([]);
});

test('a text that does not parse stays on screen and says why, until it does', async () => {
  const server = corsServer([READ]);
  await open(server.answers);
  await view('JSON').click();
  await source('JSON').fill('[\n  {"AllowedMethods": ["GET"],\n}]');
  await expect.element(sheet().getByText('Remove the comma before the }.')).toBeVisible();
  await view('Form').click();
  await expect.element(view('JSON')).toBeChecked();
  await expect
    .element(sheet().getByRole('alert'))
    .toMatchTextContent(/Nothing of it is lost/);
  await expect
    .element(source('JSON'))
    .toHaveValue('[\n  {"AllowedMethods": ["GET"],\n}]');
  await source('JSON').fill('[{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]');
  await view('XML').click();
  await expect
    .element(source('XML'))
    .toHaveValue(expect.stringContaining('<AllowedMethod>GET</AllowedMethod>') as string);
  await source('XML').fill('<CORSConfiguration>');
  await expect.element(sheet().getByText(/is never closed/)).toBeVisible();
  await view('Lab').click();
  await button('Discard the Text').click();
  await view('Form').click();
  await expect.element(sheet().getByLabelText('Origins')).toHaveValue('*');
});

test('a broken text is not thrown away unasked', async () => {
  const { services } = await open(corsServer([READ]).answers);
  await view('XML').click();
  await source('XML').fill('<CORS');
  await userEvent.keyboard('{Escape}');
  await page.getByRole('button', { name: 'Keep Editing' }).click();
  await expect.element(source('XML')).toHaveValue('<CORS');
  await userEvent.keyboard('{Escape}');
  await page.getByRole('button', { name: 'Discard', exact: true }).click();
  expect(services.dialogs.store.getState().open).toBeNull();
});

test('a problem of a line leads to it', async () => {
  await open(corsServer([READ]).answers);
  await view('JSON').click();
  await source('JSON').fill(
    '{\n"CORSRules": [{\n"AllowedOrigins": ["https://*.*"],\n"AllowedMethods": ["get"]\n}]}',
  );
  const notes = sheet().getByRole('list', { name: 'Problems' });
  await expect
    .element(notes)
    .toMatchTextContent(/Line 3.*more than one.*Line 4.*Write GET in capitals/);
  await notes.getByRole('button', { name: /Line 4/ }).click();
  const area = source('JSON').element() as HTMLTextAreaElement;
  expect(area.value.slice(area.selectionStart, area.selectionEnd)).toBe(
    '"AllowedMethods": ["get"]',
  );
});

test('a hundred and one rules are too many', async () => {
  const server = corsServer(Array.from({ length: 100 }, () => READ));
  await open(server.answers);
  await button('Presets').click();
  await page.getByRole('menuitem', { name: 'Any Page May Read' }).click();
  await expect.element(sheet().getByText(/There are 101 rules/)).toBeVisible();
  await button('Review Changes…').click();
  await expect.element(button('Save')).not.toBeInTheDocument();
});

test('rules are opened from a file and saved to one', async () => {
  const server = corsServer([]);
  const { fake } = await open({
    ...server.answers,
    'documents.open': () => ({
      name: 'cors.json',
      text: '[{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}]',
    }),
    'documents.save': () => ({ path: '/home/me/cors.xml' }),
  });
  await button('Open…').click();
  await expect.element(sheet().getByLabelText('Origins')).toHaveValue('*');
  await view('XML').click();
  await button('Save As…').click();
  await expect.element(page.getByText('/home/me/cors.xml')).toBeVisible();
  expect(fake.payloads('documents.save')).toEqual([
    {
      kind: 'cors',
      format: 'xml',
      text: expect.stringContaining('<AllowedOrigin>*</AllowedOrigin>') as string,
    },
  ]);
});

test('a file that cannot be read is shown with what is wrong', async () => {
  await open({
    ...corsServer([READ]).answers,
    'documents.open': () => ({ name: 'x.json', text: '{"Rules": []}' }),
  });
  await button('Open…').click();
  await expect.element(view('JSON')).toBeChecked();
  await expect.element(sheet().getByText(/has no field "Rules"/)).toBeVisible();
  await button('Review Changes…').click();
  await expect.element(source('JSON')).toHaveFocus();
  await expect.element(button('Save')).not.toBeInTheDocument();
});

test('the lab reads a console error, says why not, and its rule lets the page in', async () => {
  const server = corsServer([READ]);
  const { fake } = await open({
    ...server.answers,
    'aspects.preflight': ({ question }) => {
      const allowed = server
        .now()
        .some(({ methods }) => methods.includes(question.method));
      return allowed
        ? {
            ...REFUSED,
            status: 200,
            allowOrigin: question.origin,
            allowMethods: question.method,
            allowHeaders: question.headers.join(', '),
          }
        : REFUSED;
    },
  });
  await view('Lab').click();
  await sheet()
    .getByLabelText('Error of the browser’s console')
    .fill(
      "Access to fetch at 'https://shop.s3.amazonaws.com/a' from origin 'https://shop.example.com' has been blocked by CORS policy: Request header field x-amz-acl is not allowed by Access-Control-Allow-Headers in preflight response.\nPUT https://shop.s3.amazonaws.com/a net::ERR_FAILED",
    );
  await expect
    .element(sheet().getByLabelText('Origin of the page'))
    .toHaveValue('https://shop.example.com');
  await expect
    .element(sheet().getByLabelText('Headers it sends'))
    .toHaveValue('x-amz-acl');
  const verdict = sheet().getByRole('region', { name: 'What the rules say' });
  await expect
    .element(verdict)
    .toMatchTextContent(/No rule allows it.*It allows GET and HEAD, but not PUT/);
  await button('Send the Preflight').click();
  await expect.element(sheet().getByText('The server refuses')).toBeVisible();
  await expect.element(sheet().getByText(/status 403/)).toBeVisible();
  await button('Add This Rule').click();
  await expect.element(verdict).toMatchTextContent(/Rule 2 allows it/);
  await save();
  // The sheet stays to ask the same of the server again.
  await expect.element(sheet().getByText('The server lets the page in')).toBeVisible();
  expect(server.now()).toEqual([
    READ,
    {
      id: '',
      origins: ['https://shop.example.com'],
      methods: ['PUT'],
      headers: ['x-amz-acl'],
      exposed: [],
      maxAge: null,
    },
  ]);
  const asked = {
    ...PLACE,
    question: {
      origin: 'https://shop.example.com',
      method: 'PUT',
      headers: ['x-amz-acl'],
    },
  };
  expect(fake.payloads('aspects.preflight')).toEqual([asked, asked]);
});

test('a server that asks the first rule of an origin alone is seen through', async () => {
  const server = corsServer([READ]);
  await open({
    ...server.answers,
    'aspects.preflight': ({ question }) => {
      const first = server
        .now()
        .find(
          ({ origins }) => origins.includes('*') || origins.includes(question.origin),
        );
      return first?.methods.includes(question.method) === true
        ? {
            ...REFUSED,
            status: 200,
            allowOrigin: question.origin,
            allowMethods: question.method,
          }
        : REFUSED;
    },
  });
  await view('Lab').click();
  await sheet().getByLabelText('Origin of the page').fill('https://a.example.com');
  await sheet().getByRole('combobox', { name: 'Method' }).click();
  await page.getByRole('option', { name: 'PUT' }).click();
  await button('Send the Preflight').click();
  await expect.element(sheet().getByText('The server refuses')).toBeVisible();
  await button('Add This Rule').click();
  await save();
  await button('Back to the Lab').click();
  const verdict = sheet().getByRole('region', { name: 'What the rules say' });
  await expect.element(verdict).toMatchTextContent(/No rule allows it/);
  await expect
    .element(verdict)
    .toMatchTextContent(/asks the first rule whose origin fits/);
  await expect.element(sheet().getByText('Add a rule before rule 1')).toBeVisible();
  await button('Add This Rule').click();
  await save();
  await expect.element(sheet().getByText('The server lets the page in')).toBeVisible();
  // What the page could do before it still can.
  expect(server.now()[0]).toEqual({
    ...READ,
    origins: ['https://a.example.com'],
    methods: ['GET', 'HEAD', 'PUT'],
  });
});

test('the lab asks for what is missing, and Enter asks the server', async () => {
  const { fake } = await open({
    ...corsServer([READ]).answers,
    'aspects.preflight': () => ({ ...REFUSED, status: 200, allowOrigin: '*' }),
  });
  await view('Lab').click();
  await button('Send the Preflight').click();
  await expect.element(sheet().getByText(/Enter the page’s origin/)).toBeVisible();
  expect(fake.payloads('aspects.preflight')).toEqual([]);
  await sheet().getByLabelText('Origin of the page').fill('https://a.example.com/page');
  await sheet().getByLabelText('Headers it sends').fill('no name');
  await expect.element(sheet().getByText(/is no header’s name/)).toBeVisible();
  await sheet().getByLabelText('Headers it sends').fill('');
  await userEvent.keyboard('{Enter}');
  await expect.element(sheet().getByText('The server lets the page in')).toBeVisible();
  await sheet()
    .getByRole('checkbox', { name: 'With cookies or other credentials' })
    .click();
  await expect
    .element(sheet().getByRole('region', { name: 'What the rules say' }))
    .toMatchTextContent(/does not do with credentials/);
});

test('a paste without CORS in it says so', async () => {
  await open(corsServer([]).answers);
  await view('Lab').click();
  await sheet().getByLabelText('Error of the browser’s console').fill('404 Not Found');
  await expect.element(sheet().getByText(/Nothing in it is about CORS/)).toBeVisible();
});

test('rules that may not be changed can be looked at and tried', async () => {
  const why = { reason: 'denied', action: 's3:PutBucketCORS', resource: 'r' } as const;
  const { answers } = corsServer([READ]);
  await open({
    ...answers,
    'aspects.read': () => ({ ...answers['aspects.read'](), locked: why }),
  });
  await expect.element(sheet().getByText(/They lack s3:PutBucketCORS/)).toBeVisible();
  await expect.element(sheet().getByLabelText('Origins')).toHaveAttribute('readonly');
  await expect.element(button('Add Rule')).not.toBeInTheDocument();
  await expect.element(button('Open…')).not.toBeInTheDocument();
  await view('Lab').click();
  await sheet().getByLabelText('Origin of the page').fill('https://a.example.com');
  await expect.element(sheet().getByText('Rule 1 allows it')).toBeVisible();
});
