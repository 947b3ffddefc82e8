import { z } from 'zod';
import { TransferId } from '../domain/ids.ts';
import { Receipt } from '../domain/receipt.ts';
import { TransferKind } from '../domain/transfer.ts';
import { call, namespace } from './define.ts';

/** Which receipts of the history are meant. */
export const HistoryFilter = z.strictObject({
  /** `null`: of every kind. */
  kind: TransferKind.nullable(),
  /** Part of a key or local path; empty: all. */
  text: z.string().max(1_024),
});
export type HistoryFilter = z.infer<typeof HistoryFilter>;

/** Receipts, which outlive the rows of the panel. */
export const receipts = namespace('transfers', {
  /** The receipt of a transfer that is done; `null`: there is none (any more). */
  receipt: call(z.strictObject({ id: TransferId }), Receipt.nullable()),
  /** Asks for a file and writes the history to it. `path` null: the user changed their mind. */
  exportHistory: call(
    z.strictObject({ format: z.enum(['csv']), filter: HistoryFilter }),
    z.strictObject({ path: z.string().nullable(), rows: z.int() }),
  ),
});
