import { expect, test } from 'vitest';
import type { TransferBatch } from '../../shared/contract/transfers.ts';
import type { GroupId } from '../../shared/domain/ids.ts';
import type { GroupRow, PanelEntry } from '../../shared/domain/panel.ts';
import type { TransferRow, TransferTotals } from '../../shared/domain/transfer.ts';
import type { Api, Subscribe } from '../bridge/api.ts';
import { withGroups, withKept, withProgress } from './panel-entries.ts';
import { createTransfers, type Transfers } from './transfers.ts';

const tick = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
const totals = { conflicts: 0 } as TransferTotals;
const row = (state: string, id = 1, more: object = {}) =>
  ({ id, state, groupId: 1, bytesDone: 0, speed: 0, ...more }) as unknown as TransferRow;
const entry = (of: TransferRow): PanelEntry => ({ type: 'row', row: of, inGroup: false });
const head = (id: number, done: number): PanelEntry => ({
  type: 'group',
  group: { id: id as GroupId, done } as GroupRow,
  open: false,
});

function batch(change: Partial<TransferBatch>): TransferBatch {
  return {
    from: 5,
    to: 6,
    upserts: [],
    groups: [],
    reload: false,
    progress: new Float64Array(),
    totals,
    ...change,
  };
}

interface Bench {
  /** Answers the oldest question for a conflict. */
  readonly answerConflict: (row: TransferRow | null) => void;
  readonly asked: () => number;
  readonly transfers: Transfers;
  readonly requests: object[];
  readonly answer: (entries: readonly PanelEntry[]) => void;
  readonly send: (batch: TransferBatch) => void;
}

function open(): Bench {
  const requests: object[] = [];
  const pages: PromiseWithResolvers<unknown>[] = [];
  const questions: PromiseWithResolvers<TransferRow | null>[] = [];
  let asked = 0;
  const listeners: ((batch: TransferBatch) => void)[] = [];
  const api = {
    transfers: {
      totals: async () => ({ revision: 5, totals }),
      nextConflict: () => {
        asked += 1;
        const question = Promise.withResolvers<TransferRow | null>();
        questions.push(question);
        return question.promise;
      },
    },
    panel: {
      view: (request: object) => {
        requests.push(request);
        const page = Promise.withResolvers<unknown>();
        pages.push(page);
        return page.promise;
      },
    },
  } as unknown as Api;
  const subscribe = ((topic: string, listener: (batch: TransferBatch) => void) => {
    if (topic === 'transfers.changed') listeners.push(listener);
    return () => {};
  }) as Subscribe;
  const transfers = createTransfers(api, subscribe, (error) => {
    throw error;
  });
  return {
    transfers,
    requests,
    answerConflict: (found) => questions.shift()?.resolve(found),
    asked: () => asked,
    answer: (entries) =>
      pages.shift()?.resolve({
        revision: 5,
        lines: entries.length * 2,
        offset: 0,
        entries,
        counts: { all: 0, active: 0, failed: 0, finished: 0 },
        searching: false,
        capped: false,
      }),
    send: (sent) => listeners[0]?.(sent),
  };
}

function statesOf({ transfers }: Bench): readonly string[] {
  return transfers.store
    .getState()
    .entries.map((one) => (one.type === 'row' ? one.row.state : one.type));
}

test('a row that changed while an older page was on its way keeps its new state', async () => {
  const bench = open();
  bench.transfers.watch();
  await tick();
  bench.send(batch({ upserts: [row('done')] }));
  bench.answer([entry(row('running'))]);
  await tick();
  expect(statesOf(bench)).toEqual(['done']);
  bench.transfers.dispose();
});

test('entries are fetched only while somebody looks', async () => {
  const bench = open();
  await tick();
  bench.send(batch({ reload: true }));
  await tick();
  const unseen = bench.requests.length;
  const stop = bench.transfers.watch();
  const seen = bench.requests.length;
  bench.answer([]);
  await tick();
  stop();
  bench.send(batch({ from: 6, to: 7, reload: true }));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect([unseen, seen, bench.requests.length]).toEqual([0, 1, 1]);
  bench.transfers.dispose();
});

test('a page asked for before a group was opened is not shown', async () => {
  const bench = open();
  bench.transfers.watch();
  bench.answer([head(1, 0)]);
  await tick();
  bench.transfers.setView({ filter: 'active' });
  bench.transfers.setOpen(1 as GroupId, true);
  bench.answer([head(7, 0)]);
  await tick();
  const before = bench.transfers.store.getState().entries.map((one) => one.type);
  bench.answer([head(1, 0), entry(row('queued'))]);
  await tick();
  expect({ before, after: statesOf(bench), asked: bench.requests.at(-1) }).toMatchObject({
    before: ['group'],
    after: ['group', 'queued'],
    asked: { filter: 'active', opened: [1], folded: [] },
  });
  bench.transfers.dispose();
});

test('progress never goes back, and what did not change stays the same object', () => {
  const entries = [
    entry(row('running', 1, { bytesDone: 50 })),
    entry(row('running', 2)),
    head(3, 4),
  ];
  const next = withProgress(entries, Float64Array.of(1, 40, 7, 9, 9, 9));
  expect(next[0]).toMatchObject({ row: { bytesDone: 50, speed: 7 } });
  expect([next[1] === entries[1], next[2] === entries[2]]).toEqual([true, true]);
  const same = withGroups(entries, [{ id: 3, done: 4 } as unknown as GroupRow]);
  expect(same).toBe(entries);
  const kept = withKept([entry(row('running', 2)), head(3, 5)], entries);
  expect([kept[0] === entries[1], kept[1] === entries[2]]).toEqual([true, false]);
});

test('a conflict told of while an older question is under way is asked about, too', async () => {
  const bench = open();
  await tick();
  const one = { ...totals, conflicts: 1 };
  bench.send(batch({ totals: one }));
  bench.answerConflict(row('waiting', 1));
  await tick();
  // Answered; whether there is another one is asked before the next one comes about.
  bench.transfers.conflictAnswered();
  bench.send(batch({ from: 6, to: 7, totals: one }));
  bench.answerConflict(null);
  await tick();
  const asked = bench.asked();
  bench.answerConflict(row('waiting', 2));
  await tick();
  const second = bench.transfers.store.getState().conflict?.id;
  // What is answered leaves nothing to ask: no further question goes out by itself.
  bench.transfers.conflictAnswered();
  bench.answerConflict(null);
  await tick();
  expect({ asked, second, after: bench.asked() }).toEqual({
    asked: 3,
    second: 2,
    after: 4,
  });
  bench.transfers.dispose();
});
