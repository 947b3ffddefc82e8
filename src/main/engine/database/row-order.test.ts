import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TransferId } from '../../../shared/domain/ids.ts';
import type { Database } from './database.ts';
import { RowOrder } from './row-order.ts';
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

beforeEach(() => {
  journal = openJournal();
  ({ database, store } = journal);
});

afterEach(() => {
  journal.close();
});

/** Queues so many rows in each of two groups; returns their ids in order. */
function queue(count: number): readonly TransferId[] {
  for (let n = 0; n < 2; n += 1) {
    const group = addGroup(database);
    store.insert(
      Array.from({ length: count }, (_, index) => newRow(group, `${n}-${index}`)),
    );
  }
  return order();
}

/** Ids in the order of running. */
function order(): readonly TransferId[] {
  return store.page('all', 0, 500).rows.map((row) => row.id);
}

test('rows of several groups go first, last, and before another', () => {
  const [a, b, c, d, e, f] = queue(3) as [
    TransferId,
    TransferId,
    TransferId,
    TransferId,
    TransferId,
    TransferId,
  ];
  store.reorder([e, c], { place: 'first' });
  expect(order()).toEqual([c, e, a, b, d, f]);
  store.reorder([a, c], { place: 'last' });
  expect(order()).toEqual([e, b, d, f, c, a]);
  store.reorder([a, e], { before: f });
  expect(order()).toEqual([b, d, e, a, f, c]);
  store.reorder([c], { before: b });
  expect(order()).toEqual([c, b, d, e, a, f]);
  expect(store.nextRunnable(CONNECTION, 0, () => false)?.id).toBe(c);
  expect(store.nextRunnable(CONNECTION, 0, (id) => id === c || id === b)?.id).toBe(d);
});

test('rows that run or have ended stay where they are', () => {
  const ids = queue(2);
  const running = store.get(ids[3] as TransferId);
  if (running === undefined) throw new Error('missing');
  store.step(running, 'start');
  expect(store.reorder([running.id], { place: 'last' })).toBe(0);
  expect(store.reorder([ids[1] as TransferId], { before: running.id })).toBe(1);
  expect(order()[0]).toBe(running.id);
});

test('a row cannot go before itself or before nothing', () => {
  const [first] = queue(1) as [TransferId];
  const bad = expect.objectContaining({ code: 'input.invalid' });
  expect(() => store.reorder([first], { before: first })).toThrow(bad);
  expect(() => store.reorder([first], { before: 999 as TransferId })).toThrow(bad);
});

test('what comes later runs later, also after a restart', () => {
  const ids = queue(1);
  store.reorder([ids[0] as TransferId], { place: 'last' });
  const again = new TransferStore(database, silent);
  expect(new RowOrder(database).next()).toBeGreaterThan(
    database.get('SELECT max(position) AS last FROM transfers')?.['last'] as number,
  );
  expect(again.page('all', 0, 10).rows.map((row) => row.id)).toEqual([ids[1], ids[0]]);
});

test('any moves leave the order that a list would have', () => {
  let model = [...queue(20)];
  const place = fc.oneof(
    fc.record({ place: fc.constantFrom('first' as const, 'last' as const) }),
    fc.record({ at: fc.nat(39) }),
  );
  const move = fc.record({
    picks: fc.uniqueArray(fc.nat(39), { minLength: 1, maxLength: 8 }),
    place,
  });
  fc.assert(
    fc.property(fc.array(move, { minLength: 1, maxLength: 30 }), (moves) => {
      for (const { picks, place: where } of moves) {
        const ids = new Set(picks.map((pick) => model[pick] as TransferId));
        const chosen = model.filter((id) => ids.has(id));
        const others = model.filter((id) => !ids.has(id));
        if ('place' in where) {
          store.reorder([...ids], where);
          model =
            where.place === 'first' ? [...chosen, ...others] : [...others, ...chosen];
        } else {
          const before = model[where.at] as TransferId;
          if (ids.has(before)) continue;
          store.reorder([...ids], { before });
          others.splice(others.indexOf(before), 0, ...chosen);
          model = others;
        }
        expect(order()).toEqual(model);
      }
    }),
    { numRuns: 30 },
  );
});

test('there is always room, however often rows go to the same place', () => {
  const ids = queue(100);
  const target = ids[150] as TransferId;
  let model = [...ids];
  for (let round = 0; round < 200; round += 1) {
    const id = model[round % 100] as TransferId;
    if (id === target) continue;
    store.reorder([id], { before: target });
    model = model.filter((other) => other !== id);
    model.splice(model.indexOf(target), 0, id);
  }
  expect(order()).toEqual(model);
  const positions = database.get(
    'SELECT count(DISTINCT position) AS places, count(*) AS rows FROM transfers',
  );
  expect(positions?.['places']).toBe(positions?.['rows']);
});

test.each([
  `SELECT * FROM transfers WHERE state = 'queued' AND connection_id = 'c' AND lane = 0
    ORDER BY position, id LIMIT 1 OFFSET 0`,
  'SELECT min(position) AS position FROM transfers WHERE state_rank = 2',
  `SELECT id, position FROM transfers WHERE state_rank = 2 AND position < 5
    ORDER BY position DESC LIMIT 64`,
  `SELECT id FROM transfers INDEXED BY transfers_rank WHERE state_rank BETWEEN 0 AND 5
    ORDER BY state_rank, position, id LIMIT 100 OFFSET 9`,
])('the index alone answers: %s', (sql) => {
  const plan = database
    .all(`EXPLAIN QUERY PLAN ${sql}`)
    .map((row) => String(row['detail']));
  expect(plan.join('\n')).toMatch(/^SEARCH transfers USING (?:COVERING )?INDEX/);
  expect(plan.join('\n')).not.toContain('TEMP B-TREE');
});
