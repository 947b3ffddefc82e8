import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import '../../styles/global.css';
import type { Acl } from '../../../shared/domain/aspects.ts';
import type { Exposure } from '../../../shared/domain/exposure.ts';
import type { GroupId } from '../../../shared/domain/ids.ts';
import { CONNECTION, renderInWindow } from '../../testing/window-fixture.tsx';
import { Inspector } from './inspector.tsx';

const ME = { id: 'me', name: 'Me' };
const OWNER = {
  grantee: { kind: 'user', ...ME },
  permission: 'FULL_CONTROL',
} as const;
const EVERYONE = {
  grantee: { kind: 'group', group: 'AllUsers' },
  permission: 'READ',
} as const;

const PRIVATE: Exposure = {
  verdict: 'private',
  aclIsPublic: false,
  policyIsPublic: false,
  block: null,
  ownership: '',
  anonymous: null,
};

test('the end of a job shows in the badge and on the open page, in the list of buckets too', async () => {
  const { connectionId } = CONNECTION;
  let grants: Acl['grants'] = [OWNER];
  const { services, fake } = await renderInWindow(<Inspector />, {
    'browse.buckets': () => ({
      buckets: [{ name: 'one', createdAt: null, added: false }],
      listed: true,
    }),
    'aspects.read': () => ({
      kind: 'read',
      aspect: { aspect: 'acl', value: { owner: ME, grants: [...grants] } },
      revision: String(grants.length),
      locked: null,
    }),
    'aspects.exposure': () =>
      grants.length === 1
        ? PRIVATE
        : { ...PRIVATE, verdict: 'public-acl', aclIsPublic: true },
  });
  services.inspector.show('access');
  services.pane.navigate({ connectionId, bucket: null, prefix: '' });
  await expect.poll(() => services.pane.store.getState().phase).toBe('done');
  services.pane.select({ kind: 'go', position: 0 });
  await expect.element(page.getByRole('button', { name: 'Private' })).toBeVisible();
  const permissions = page.getByRole('region', { name: 'Permissions', exact: true });
  await expect.element(permissions.getByText('Me').first()).toBeVisible();
  await expect.element(permissions.getByText('Public read')).not.toBeInTheDocument();

  grants = [OWNER, EVERYONE];
  fake.send('transfers.groupFinished', {
    groupId: 1 as GroupId,
    kind: 'edit',
    connectionId,
    bucket: 'one',
    prefix: '',
    done: 2,
    failed: 0,
    skipped: 0,
    cancelled: 0,
    hidden: 0,
    bytes: 0,
  });
  await expect.element(page.getByRole('button', { name: 'Public by ACL' })).toBeVisible();
  await expect.element(permissions.getByText('Public read')).toBeVisible();
});

test('each part of a page is one landmark of its own name', async () => {
  const { connectionId } = CONNECTION;
  const { services } = await renderInWindow(<Inspector />, {
    'browse.buckets': () => ({
      buckets: [{ name: 'one', createdAt: null, added: false }],
      listed: true,
    }),
    'aspects.read': () => ({ kind: 'unavailable', why: { reason: 'unsupported' } }),
    'aspects.exposure': () => PRIVATE,
  });
  services.inspector.show('access');
  services.pane.navigate({ connectionId, bucket: null, prefix: '' });
  await expect.poll(() => services.pane.store.getState().phase).toBe('done');
  services.pane.select({ kind: 'go', position: 0 });
  const regions = page.getByRole('tabpanel').getByRole('region');
  const names = () => regions.elements().map((each) => each.getAttribute('aria-label'));
  await expect.poll(names).toEqual(['Permissions', 'Objects’ Permissions', 'CORS Rules']);
});
