import { expect, test } from 'vitest';
import type { ConnectionId, GroupId } from '../../../shared/domain/ids.ts';
import type { GroupRow } from '../../../shared/domain/panel.ts';
import { createFormat } from '../../../shared/lib/format.ts';
import { describeGroup } from './describe-group.ts';

const format = createFormat({ locale: 'en-US', timeZone: 'UTC' });

const GROUP: GroupRow = {
  id: 1 as GroupId,
  kind: 'upload',
  connectionId: 'c' as ConnectionId,
  name: 'photos',
  items: 1,
  bucket: 'my-bucket',
  prefix: '2024/',
  folder: '',
  planning: false,
  createdAt: 0,
  queued: 3_781,
  running: 8,
  waiting: 4,
  paused: 0,
  failed: 3,
  cancelled: 0,
  skipped: 0,
  done: 1_204,
  bytesTotal: 4_800_000_000,
  bytesDone: 1_200_000_000,
  speed: 12_000_000,
  secondsLeft: 300,
};

test('a head says what goes where, how much of it is there and how long it takes', () => {
  expect(describeGroup(GROUP, format, 300)).toEqual({
    name: 'photos',
    route: '→ my-bucket/2024',
    status: '1,204 of 5,000 · 3 failed · 1.20 of 4.80 GB · 12.0 MB/s · about 5 min left',
    share: 0.25,
    state: 'running',
  });
});

function status(change: Partial<GroupRow>): string {
  return describeGroup({ ...GROUP, ...change }, format, null).status;
}

test('every way a group stands has its words', () => {
  const none = { queued: 0, running: 0, waiting: 0, failed: 0, speed: 0 };
  expect([
    status({ planning: true }),
    status({ ...none, planning: true, done: 0, bytesTotal: 0 }),
    status({ ...none, paused: 2, done: 1, bytesTotal: 10_000_000, bytesDone: 2_000_000 }),
    status({ ...none, done: 5_000, bytesDone: 4_800_000_000 }),
    status({ ...none, failed: 2, skipped: 1, done: 1, bytesDone: 0, bytesTotal: 0 }),
    status({ ...none, kind: 'delete', done: 12, bytesTotal: 0 }),
    status({ ...none, waiting: 3, done: 0, bytesDone: 0, bytesTotal: 1_000 }),
  ]).toEqual([
    '1,204 of 5,000 so far · 3 failed · 1.20 of 4.80 GB · 12.0 MB/s · still counting…',
    'still counting…',
    'Paused · 1 of 3 · 2.0 of 10.0 MB',
    '5,000 items uploaded · 4.80 GB',
    '1 item uploaded · 2 failed · 1 skipped',
    '12 items deleted',
    '0 of 3 · 0 bytes of 1 KB · 3 waiting',
  ]);
});

test('several things dropped at once are called by the first of them', () => {
  expect([
    describeGroup({ ...GROUP, items: 3 }, format, null).name,
    describeGroup({ ...GROUP, name: '', kind: 'download' }, format, null).name,
  ]).toEqual(['photos and 2 more', 'Download']);
});

test('a bulk change counts objects, whatever the rows are that they share', () => {
  const edit: GroupRow = {
    ...GROUP,
    kind: 'edit',
    folder: 'acl',
    planning: true,
    queued: 40,
    running: 8,
    waiting: 0,
    failed: 2,
    done: 10,
    bytesTotal: 0,
    bytesDone: 0,
    speed: 0,
    objects: { total: 14_500, done: 2_900 },
  };
  expect(describeGroup(edit, format, null)).toEqual({
    name: 'photos',
    route: 'Permissions in my-bucket/2024',
    status: '2,900 of 14,500 so far · 2 failed · still counting…',
    share: 0.2,
    state: 'running',
  });
  const ended = { ...edit, planning: false, queued: 0, running: 0, failed: 0 };
  const objects = { total: 20_000, done: 20_000 };
  expect(describeGroup({ ...ended, objects }, format, null)).toMatchObject({
    status: '20,000 items changed',
    share: undefined,
  });
});

test('a group that was called off, or had nothing to do, is not shown as done', () => {
  const none = { queued: 0, running: 0, waiting: 0, failed: 0, done: 0, bytesTotal: 0 };
  const state = (change: Partial<GroupRow>): string =>
    describeGroup({ ...GROUP, ...none, ...change }, format, null).state;
  expect([
    state({ cancelled: 3 }),
    state({ cancelled: 3, skipped: 1 }),
    state({ skipped: 2 }),
    state({ cancelled: 3, done: 1 }),
    state({ skipped: 2, failed: 1 }),
    state({}),
  ]).toEqual(['cancelled', 'cancelled', 'skipped', 'done', 'failed', 'done']);
});
