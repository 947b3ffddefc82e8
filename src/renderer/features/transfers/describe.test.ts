import { expect, test } from 'vitest';
import type { ConnectionId, GroupId, TransferId } from '../../../shared/domain/ids.ts';
import type { TransferRow, TransferTotals } from '../../../shared/domain/transfer.ts';
import { AppError, serializeError } from '../../../shared/errors/app-error.ts';
import { createFormat } from '../../../shared/lib/format.ts';
import { describeTransfer, fullRoute, totalsText } from './describe.ts';
import { groupFinishedToast } from './group-finished.ts';
import { verbsFor } from './transfer-actions.ts';

const format = createFormat({ locale: 'en-US', timeZone: 'UTC' });

const ROW: TransferRow = {
  id: 1 as TransferId,
  groupId: 1 as GroupId,
  kind: 'download',
  state: 'running',
  connectionId: 'c' as ConnectionId,
  name: 'a.bin',
  bucket: 'b',
  key: 'x/a.bin',
  targetKey: null,
  localPath: '/home/a.bin',
  bytesTotal: 40_000_000,
  bytesDone: 3_200_000,
  objectsTotal: 1,
  objectsDone: 0,
  speed: 5_100_000,
  attempt: 1,
  waitReason: null,
  waitUntil: null,
  conflict: null,
  error: null,
  integrity: '',
  note: '',
  createdAt: 0,
  finishedAt: null,
};

function statusOf(change: Partial<TransferRow>): string {
  return describeTransfer({ ...ROW, ...change }, format, 1_000).status;
}

test('a running transfer says how far, how fast and how long', () => {
  expect(describeTransfer(ROW, format, 0, 10)).toEqual({
    route: '→ /home',
    status: '3.2 of 40.0 MB · 5.1 MB/s · about 10 sec left',
    problem: '',
    share: 0.08,
  });
});

test('every state has its words', () => {
  expect([
    statusOf({ state: 'queued' }),
    statusOf({ bytesDone: 900_000, speed: 0, attempt: 3 }),
    statusOf({ state: 'waiting', waitReason: 'backoff', waitUntil: 6_000 }),
    statusOf({ state: 'waiting', waitReason: 'conflict' }),
    statusOf({ state: 'paused' }),
    statusOf({ state: 'skipped' }),
    statusOf({
      kind: 'delete',
      bytesTotal: null,
      objectsTotal: null,
      objectsDone: 1_200,
    }),
    statusOf({ kind: 'delete', state: 'done', objectsDone: 1 }),
    statusOf({ state: 'done', note: 'Saved as a_.bin' }),
    statusOf({ state: 'done', integrity: 'crc32', finishedAt: 50_400_000 }),
  ]).toEqual([
    'Waiting its turn · 40.0 MB',
    '900 KB of 40.0 MB · attempt 4',
    'Waiting 5 sec to try again · attempt 2',
    'Waiting for your answer: it exists already',
    'Paused · 3.2 of 40.0 MB',
    'Skipped: it was there already',
    '1,200 objects so far · 5.1 MB/s',
    'Deleted 1 object',
    '40.0 MB · Saved as a_.bin',
    `40.0 MB · checked: CRC32 · ${format.time(50_400_000)}`,
  ]);
});

test('a failed transfer has a reason and something to do', () => {
  const text = describeTransfer(
    { ...ROW, state: 'failed', error: { code: 'access.denied', params: {} } },
    format,
    0,
  );
  expect(text.status).toBe('Access denied');
  expect(text.problem).not.toBe('');
  expect(text.share).toBeUndefined();
});

test('the toolbar sums up the queue', () => {
  const totals: TransferTotals = {
    queued: 200,
    running: 8,
    waiting: 0,
    paused: 0,
    failed: 20,
    cancelled: 5,
    skipped: 3,
    done: 12,
    conflicts: 0,
    planning: 0,
    bytesTotal: 1_000,
    bytesDone: 250,
    speed: 5_000_000,
    secondsLeft: 120,
  };
  expect(totalsText(totals, format)).toEqual({
    active: true,
    share: 0.25,
    text: '12 of 240 · 5.0 MB/s · 2 min',
  });
});

test('the end of a batch is told, unless the user ended it', () => {
  const group = {
    groupId: 1 as GroupId,
    kind: 'upload' as const,
    connectionId: 'c' as ConnectionId,
    bucket: 'b',
    prefix: '',
    done: 3,
    failed: 0,
    skipped: 1,
    cancelled: 0,
    hidden: 0,
    bytes: 2_000_000,
  };
  expect(groupFinishedToast(group, format)).toEqual({
    tone: 'success',
    title: 'Uploaded 3 items, 2.0 MB',
    description: '1 item skipped.',
  });
  expect(groupFinishedToast({ ...group, hidden: 2 }, format)?.description).toBe(
    '1 item skipped. 2 hidden items left out.',
  );
  expect(groupFinishedToast({ ...group, done: 0, cancelled: 3 }, format)).toBeNull();
  expect(groupFinishedToast({ ...group, failed: 2 }, format)?.title).toBe(
    '2 items could not be uploaded',
  );
});

test('waiting for keys says whether the bookmark or new keys are missing', () => {
  const waiting = { state: 'waiting', waitReason: 'credentials' } as const;
  expect(statusOf(waiting)).toBe(
    'Waiting for its connection: open the bookmark or renew its keys',
  );
  expect(statusOf({ ...waiting, connectionId: 'quick-1' as ConnectionId })).toBe(
    'Waiting for its connection: connect to the same server with the same access key',
  );
  const error = serializeError(new AppError('auth.expired'));
  expect(statusOf({ ...waiting, error })).toBe(
    'Waiting for new keys: These keys have expired',
  );
  expect(verbsFor({ ...ROW, ...waiting, error })).toContain('retry');
  expect(verbsFor({ ...ROW, ...waiting })).not.toContain('retry');
});

test('one object is one object, and what was skipped says why', () => {
  const several = {
    kind: 'delete',
    bytesTotal: null,
    speed: 0,
    objectsTotal: 1,
  } as const;
  expect([
    statusOf({ ...several, objectsDone: 0 }),
    statusOf({ ...several, objectsTotal: null, objectsDone: 1 }),
    statusOf({ ...several, objectsTotal: 2, objectsDone: 1 }),
    statusOf({ state: 'skipped', note: 'Not a file: left out.' }),
  ]).toEqual([
    '0 of 1 object',
    '1 object so far',
    '1 of 2 objects',
    'Skipped · Not a file: left out.',
  ]);
});

test('a row of a bulk change says how many objects it stands for', () => {
  const many = {
    ...ROW,
    kind: 'edit' as const,
    key: 'x/a',
    targetKey: 'x/z',
    localPath: null,
    bytesTotal: null,
    bytesDone: 0,
    objectsTotal: 250,
    objectsDone: 100,
    speed: 0,
  };
  const text = describeTransfer(many, format, 0);
  expect([text.route, text.status, text.share, fullRoute(many)]).toEqual([
    'b/x',
    'Changing · 100 of 250 objects',
    0.4,
    'b/x/a … b/x/z',
  ]);
  const one = { ...many, targetKey: null, objectsTotal: 1, objectsDone: 0 };
  const statuses = [
    { ...many, state: 'queued' as const, objectsDone: 0 },
    { ...many, state: 'done' as const, objectsDone: 250 },
    { ...one, state: 'done' as const, objectsDone: 1, note: 'It was so already.' },
    { ...one, bytesTotal: 6_000_000_000, bytesDone: 1_500_000_000 },
  ].map((row) => describeTransfer(row, format, 0).status);
  expect(statuses).toEqual([
    'Waiting its turn · 250 objects',
    'Changed 250 objects',
    'Changed · It was so already.',
    'Changing · 1.50 of 6.00 GB',
  ]);
});
