import { expect, test } from 'vitest';
import { encodePath, encodeQuery } from './percent.ts';
import { createSigner, EMPTY_SHA256 } from './signer.ts';

const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  sessionToken: '',
};

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, examples
test.each([
  ['lifecycle=', 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
  [
    'max-keys=2&prefix=J',
    '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  ],
])('signs Amazon’s example ?%s', (query, signature) => {
  const signer = createSigner(credentials);
  const sign = () =>
    signer.sign({
      method: 'GET',
      path: '/',
      query,
      region: 'us-east-1',
      headers: [
        ['host', 'examplebucket.s3.amazonaws.com'],
        ['user-agent', 'not signed'],
      ],
      payload: EMPTY_SHA256,
      time: Date.UTC(2013, 4, 24),
    });
  expect(sign()).toContain(`Signature=${signature}`);
  // With the key it kept.
  expect(sign()).toContain(`Signature=${signature}`);
});

test('keys are opaque', () => {
  expect(encodePath('a/../b//c d+é\n*')).toBe('a/../b//c%20d%2B%C3%A9%0A%2A');
  expect(encodeQuery('a/b=c&~')).toBe('a%2Fb%3Dc%26~');
});
