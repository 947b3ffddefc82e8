import { expect, test } from 'vitest';
import type { TransferBatch } from '../../shared/contract/transfers.ts';
import type { TransferRow, TransferTotals } from '../../shared/domain/transfer.ts';
import type { Api, Subscribe } from '../bridge/api.ts';
import { createTransfers } from './transfers.ts';

const tick = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
const totals = { conflicts: 0 } as TransferTotals;
const row = (state: string) => ({ id: 1, state }) as unknown as TransferRow;

test('a row that changed while an older page was on its way keeps its new state', async () => {
  const pages: PromiseWithResolvers<unknown>[] = [];
  const listeners: ((batch: TransferBatch) => void)[] = [];
  const api = {
    transfers: {
      totals: async () => ({ revision: 5, totals }),
      page: () => {
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
  await tick();
  listeners[0]?.({
    from: 5,
    to: 6,
    upserts: [row('done')],
    reload: false,
    progress: new Float64Array(),
    totals,
  });
  pages[0]?.resolve({ revision: 5, total: 1, rows: [row('running')] });
  await tick();
  expect(transfers.store.getState().rows.map(({ state }) => state)).toEqual(['done']);
  transfers.dispose();
});
