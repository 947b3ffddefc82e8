import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import '../../../styles/global.css';
import type { PreflightAnswer } from '../../../../shared/domain/exposure.ts';
import {
  button,
  corsServer,
  openCors,
  PLACE,
  READ,
  save,
  sheet,
  view,
} from '../testing/cors-sheet.tsx';

const REFUSED: PreflightAnswer = {
  status: 403,
  allowOrigin: '',
  allowMethods: '',
  allowHeaders: '',
  exposeHeaders: '',
  maxAge: '',
  allowCredentials: false,
};

test('the lab reads a console error, says why not, and its rule lets the page in', async () => {
  const server = corsServer([READ]);
  const { fake } = await openCors({
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
  await openCors({
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
  const { fake } = await openCors({
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
  await openCors(corsServer([]).answers);
  await view('Lab').click();
  await sheet().getByLabelText('Error of the browser’s console').fill('404 Not Found');
  await expect.element(sheet().getByText(/Nothing in it is about CORS/)).toBeVisible();
});
