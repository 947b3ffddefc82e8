import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConnectionId, GroupId, TransferId } from '../../../shared/domain/ids.ts';
import type { TransferState } from '../../../shared/domain/transfer.ts';
import {
  isLegal,
  TRANSFER_EVENTS,
  TRANSFER_STATES,
} from '../../../shared/domain/transfer-state.ts';
import type { Database } from './database.ts';
import { PartStore } from './part-store.ts';
import { withIds } from './row-filter.ts';
import type { NewTransfer, TransferPatch } from './stored-transfer.ts';
import {
  addGroup,
  CONNECTION,
  newRow,
  openJournal,
  silent,
  type TestJournal,
} from './testing.ts';
import { TransferStore } from './transfer-store.ts';

let journal: TestJournal;
let database: Database;
let store: TransferStore;
let group: GroupId;

beforeEach(() => {
  journal = openJournal();
  ({ database, store } = journal);
  group = addGroup(database);
  store.tally.watch(group);
});

afterEach(() => {
  journal.close();
});

function rows(count: number): NewTransfer[] {
  return Array.from({ length: count }, (_, n) =>
    newRow(group, `${n}`, { lane: n % 2 === 0 ? 0 : 1, bytesTotal: 10, createdAt: n }),
  );
}

function counted(): Record<string, number> {
  const found = database.all('SELECT state, count(*) AS n FROM transfers GROUP BY state');
  return Object.fromEntries(found.map((row) => [row['state'], row['n']])) as never;
}

function tallied(of: TransferStore): Record<string, number> {
  return Object.fromEntries(
    TRANSFER_STATES.map((state) => [state, of.tally.state(state).count] as const).filter(
      ([, count]) => count > 0,
    ),
  );
}

test('the counts kept up with every step are those of the table', () => {
  store.insert(rows(30));
  const anyId = fc.integer({ min: 1, max: 30 });
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.tuple(fc.constantFrom(...TRANSFER_EVENTS), anyId),
          fc.tuple(
            fc.constantFrom('pause', 'resume', 'cancel', 'retry', 'wake'),
            fc.constant(0),
          ),
        ),
        { maxLength: 60 },
      ),
      (steps) => {
        for (const [event, id] of steps) {
          const row = store.get(id as TransferId);
          if (id === 0) store.stepAll(event, { sql: '', values: [] });
          else if (row !== undefined && isLegal(row.state, event)) {
            store.step(row, event);
          }
        }
        expect(tallied(store)).toEqual(counted());
        const open = (
          ['queued', 'running', 'waiting', 'paused'] as TransferState[]
        ).reduce((sum, state) => sum + store.tally.state(state).count, 0);
        expect(store.tally.group(group)?.open).toBe(open);
      },
    ),
    { numRuns: 60 },
  );
});

test('counts read at the start are those that were kept', () => {
  store.insert(rows(10));
  const row = store.get(3 as TransferId);
  if (row === undefined) throw new Error('no row');
  store.step(row, 'start');
  store.stepAll('cancel', withIds([1, 2] as TransferId[]));
  const again = new TransferStore(database, silent);
  expect(tallied(again)).toEqual({ queued: 8, cancelled: 2 });
  expect(again.interrupted.map(({ id }) => id)).toEqual([3]);
  expect(again.get(3 as TransferId)).toMatchObject({ state: 'queued', attempt: 1 });
});

test('what cannot be written is not counted, nor held to have happened', () => {
  store.insert(rows(4));
  const before = tallied(store);
  const lost = newRow(99 as GroupId, 'no group');
  expect(() => store.insert([newRow(group, 'new'), lost])).toThrow(/FOREIGN KEY/);
  expect([tallied(store), counted()]).toEqual([before, before]);

  database.exec(`CREATE TRIGGER full BEFORE UPDATE OF state ON transfers
    BEGIN SELECT RAISE(ABORT, 'full'); END`);
  const row = store.get(1 as TransferId);
  if (row === undefined) throw new Error('no row');
  expect(() => store.step(row, 'cancel')).toThrow('full');
  expect(() => store.stepAll('pause', { sql: '', values: [] })).toThrow('full');
  expect([row.state, tallied(store), counted()]).toEqual(['queued', before, before]);
});

test('of rows that are planned those that could be written are counted', () => {
  const lost = newRow(99 as GroupId, 'no group');
  expect(() => store.plan([...rows(2), lost, newRow(group, 'x')])).toThrow(/FOREIGN/);
  expect([tallied(store), counted()]).toEqual([{ queued: 2 }, { queued: 2 }]);
});

test.each([
  ['for the first time', {}],
  ['after a failed attempt', { error: { code: 'internal' }, waitReason: 'backoff' }],
  ['with a note', { note: 'Renamed.' }],
])('a row that is done %s says so alone', (_way, before) => {
  store.plan(rows(2));
  const row = store.get(1 as TransferId);
  if (row === undefined) throw new Error('no row');
  store.update(row, before as TransferPatch);
  store.step(row, 'start');
  const end = { finishedAt: 7, bytesDone: 10, objectsDone: 1, integrity: 'md5' };
  store.finish(row, end);
  const expected = {
    ...end,
    state: 'done',
    note: 'note' in before ? before.note : '',
    error: null,
    conflict: null,
    waitReason: null,
    waitUntil: null,
  };
  expect(row).toMatchObject(expected);
  expect(store.get(row.id)).toEqual(row);
  expect(store.page('finished', 0, 9).rows).toEqual([row]);
  expect(tallied(store)).toEqual({ queued: 1, done: 1 });
  expect(counted()).toEqual(tallied(store));
  expect(() => store.finish(row, end)).toThrow('internal');
});

test('a row that is planned twice is there once', () => {
  store.insert(rows(5));
  store.plan(rows(6));
  expect(tallied(store)).toEqual({ queued: 6 });
  expect(counted()).toEqual({ queued: 6 });
});

test('pages show the unfinished first and filters are exact', () => {
  store.insert(rows(6));
  for (const [id, events] of [
    [1, ['start', 'finish']],
    [2, ['start', 'fail']],
    [5, ['start']],
    [6, ['pause']],
  ] as const) {
    const row = store.get(id as TransferId);
    if (row === undefined) throw new Error('no row');
    for (const event of events) store.step(row, event);
  }
  const ids = (filter: 'all' | 'active' | 'failed' | 'finished') => {
    const { total, rows: found } = store.page(filter, 0, 100);
    expect(total).toBe(found.length);
    return found.map(({ id }) => id);
  };
  expect(ids('all')).toEqual([5, 3, 4, 6, 2, 1]);
  expect(ids('active')).toEqual([5, 3, 4, 6]);
  expect(ids('failed')).toEqual([2]);
  expect(ids('finished')).toEqual([1]);
});

test('the next row of a lane is found by its index, busy ones left out', () => {
  store.insert(rows(6));
  expect(store.nextRunnable(CONNECTION, 1, (id) => id === 2)?.id).toBe(4);
  expect(store.nextRunnable('other' as ConnectionId, 0, () => false)).toBeUndefined();
  const plan = database
    .all(
      `EXPLAIN QUERY PLAN SELECT * FROM transfers WHERE state = 'queued'
        AND connection_id = 'c' AND lane = 0 ORDER BY position, id LIMIT 1`,
    )
    .map((row) => String(row['detail']))
    .join();
  expect(plan).toContain('transfers_queued');
  expect(plan).not.toContain('TEMP B-TREE');
});

test('a pause does not last longer because the clock was set back', () => {
  const now = 1_800_000_000_000;
  store.insert([newRow(group, 'a')]);
  const [row] = store.page('all', 0, 10).rows;
  const stored = store.get(row?.id ?? (0 as never));
  if (stored === undefined) throw new Error('no row');
  store.step(stored, 'wait', { waitReason: 'backoff', waitUntil: now + 30_000 });
  store.wakeDue(now);
  expect(store.tally.state('waiting').count).toBe(1);
  store.wakeDue(now - 3_600_000);
  expect(store.tally.state('waiting').count).toBe(0);
});

test('nanoseconds, parts and leftovers of an upload are kept', () => {
  store.insert(rows(1));
  const parts = new PartStore(database);
  const id = 1 as TransferId;
  const upload = {
    uploadId: 'u',
    partSize: 5,
    partCount: 2,
    checksumAlgorithm: '' as const,
    sourceSize: 10,
    sourceMtimeNs: 1_734_567_890_123_456_789n,
    beganAt: 1,
    endedAt: 2,
    clock: { least: -3, most: 4 },
    retryId: 'r',
  };
  parts.saveUpload(id, upload);
  parts.savePart(id, { number: 2, size: 5, etag: 'e', checksum: '' });
  expect(parts.upload(id)).toEqual(upload);
  expect(parts.parts(id)).toEqual([{ number: 2, size: 5, etag: 'e', checksum: '' }]);
  expect(parts.leftovers()).toEqual([]);
  store.stepAll('cancel', { sql: '', values: [] });
  expect(parts.leftovers()).toEqual([id]);
  parts.forget(id);
  expect([parts.upload(id), parts.parts(id), parts.leftovers()]).toEqual([
    undefined,
    [],
    [],
  ]);
});
