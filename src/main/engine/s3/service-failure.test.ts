import { expect, test } from 'vitest';
import { refusalOf, ServiceFailure } from './service-failure.ts';

const broken = new Error('read ECONNRESET');
const document = '<Error><Code>AccessDenied</Code><Message>No</Message></Error>';

test('a refusal whose document is whole is what the document says', () => {
  expect(refusalOf(403, {}, document, null)).toMatchObject({ service: 'AccessDenied' });
});

test('a refusal that lost its code is the failure of the connection', () => {
  expect(refusalOf(403, {}, '<Error><Code>Acc', broken)).toBe(broken);
  expect(refusalOf(404, {}, '', broken)).toBe(broken);
});

test('a code that came before the end, or a status that says enough, counts', () => {
  const half = '<Error><Code>RequestTimeTooSkewed</Code><Mess';
  expect(refusalOf(403, {}, half, broken)).toMatchObject({
    service: 'RequestTimeTooSkewed',
  });
  expect(refusalOf(503, {}, '', broken)).toBeInstanceOf(ServiceFailure);
  expect(refusalOf(429, {}, '', broken)).toBeInstanceOf(ServiceFailure);
});
