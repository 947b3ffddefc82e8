import { expect, test } from 'vitest';
import { selfSigned } from '../../../tools/s3-server/testing/self-signed.ts';
import { readCertificates } from './certificate.ts';

const { cert, key } = selfSigned();

test('certificates are taken out of what tools write around them', () => {
  const chain = `Certificate:\r\n  Data: x\r\n${cert.replaceAll('\n', '\r\n')}\n# two\n${cert}`;
  expect(readCertificates(chain)).toEqual({ ok: true, pem: cert + cert });
});

test('an empty text is no certificate and no mistake', () => {
  expect(readCertificates(' \n')).toEqual({ ok: true, pem: '' });
});

test.each([
  ['a private key', key, 'private-key'],
  ['a private key behind a certificate', cert + key, 'private-key'],
  ['words', 'my server', 'none'],
  ['one cut short', cert.slice(0, -40), 'damaged'],
  ['one with a lost character', cert.replace('\nMII', '\nMI'), 'damaged'],
  ['something else in the frame', cert.replace(/MI[\s\S]{200}/, 'AA'), 'damaged'],
  ['a flood of beginnings', '-----BEGIN CERTIFICATE-----'.repeat(2_000), 'damaged'],
])('%s is refused', (_, text, reason) => {
  expect(readCertificates(text)).toEqual({ ok: false, reason });
});
