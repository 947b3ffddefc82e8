import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import '../../styles/global.css';
import type { Exposure } from '../../../shared/domain/exposure.ts';
import { AppError } from '../../../shared/errors/error.ts';
import type { FakeAnswers } from '../../testing/fake-bridge.ts';
import { CONNECTION, renderInWindow } from '../../testing/window-fixture.tsx';
import { ExposureBadge } from './exposure-badge.tsx';

const PRIVATE: Exposure = {
  verdict: 'private',
  aclIsPublic: false,
  policyIsPublic: false,
  block: null,
  ownership: '',
  anonymous: { url: 'https://s3.example.com/b/k', status: 403, code: 'AccessDenied' },
};

const PLACE = { connectionId: CONNECTION.connectionId, bucket: 'b', key: 'k' };

function open(answers: FakeAnswers) {
  return renderInWindow(<ExposureBadge place={PLACE} version="1" />, answers);
}

test('the badge tells who gets in, why, and looks again after a change', async () => {
  let now = PRIVATE;
  const { services, fake } = await open({ 'aspects.exposure': () => now });
  const badge = page.getByRole('button', { name: 'Private' });
  await badge.click();
  const reasons = page.getByRole('dialog', { name: 'Who can read it: Private' });
  await expect
    .element(reasons.getByText('Refused: HTTP 403 (AccessDenied)'))
    .toBeVisible();
  await expect.element(reasons.getByText('Not told by the server')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  now = {
    ...PRIVATE,
    verdict: 'public-acl',
    aclIsPublic: true,
    anonymous: { url: 'https://s3.example.com/b/k', status: 200, code: '' },
  };
  services.inspector.changed();
  await expect.element(page.getByRole('button', { name: 'Public by ACL' })).toBeVisible();
  expect(fake.payloads('aspects.exposure')).toEqual([PLACE, PLACE]);
});

test('what cannot be found out is not called private', async () => {
  await open({
    'aspects.exposure': () => {
      throw new AppError('network.offline');
    },
  });
  await page.getByRole('button', { name: 'Not known' }).click();
  await expect.element(page.getByText(/It could not be found out\./)).toBeVisible();
});
