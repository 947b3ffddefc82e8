import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import '../../styles/global.css';
import {
  button,
  corsServer,
  openCors,
  READ,
  save,
  sheet,
  view,
} from './testing/cors-sheet.tsx';

const source = (name: string) => sheet().getByLabelText(`Rules as ${name}`);

test('without a configuration one begins with a preset, fills in the origin and saves', async () => {
  const server = corsServer([]);
  await openCors(server.answers);
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
  await openCors(server.answers);
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
  await openCors(server.answers);
  await button('Move rule 2 up').click();
  await button('Review Changes…').click();
  const changes = sheet().getByRole('list', { name: 'What will change' });
  await expect
    .element(changes)
    .toMatchTextContent(/^↕Moved: Rule 1 → 2: GET, HEAD from any origin;[^−+]*$/);
});

test('a wrong value is told where it is, and keeps the rules from being saved', async () => {
  const server = corsServer([READ]);
  const { fake } = await openCors(server.answers);
  await sheet().getByLabelText('Origins').fill('https://*.*.example.com');
  await expect.element(sheet().getByText(/has more than one \*/)).toBeVisible();
  await button('Review Changes…').click();
  await expect.element(sheet().getByLabelText('Origins')).toHaveFocus();
  await expect.element(button('Save')).not.toBeInTheDocument();
  expect(fake.payloads('aspects.write')).toEqual([]);
});

test('a text that does not parse stays on screen and says why, until it does', async () => {
  const server = corsServer([READ]);
  await openCors(server.answers);
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
  const { services } = await openCors(corsServer([READ]).answers);
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
  await openCors(corsServer([READ]).answers);
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
  await openCors(server.answers);
  await button('Presets').click();
  await page.getByRole('menuitem', { name: 'Any Page May Read' }).click();
  await expect.element(sheet().getByText(/There are 101 rules/)).toBeVisible();
  await button('Review Changes…').click();
  await expect.element(button('Save')).not.toBeInTheDocument();
});

test('rules are opened from a file and saved to one', async () => {
  const server = corsServer([]);
  const { fake } = await openCors({
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
  await openCors({
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

test('rules that may not be changed can be looked at and tried', async () => {
  const why = { reason: 'denied', action: 's3:PutBucketCORS', resource: 'r' } as const;
  const { answers } = corsServer([READ]);
  await openCors({
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
