import { randomUUID } from 'node:crypto';
import type { Handlers } from '../../../shared/contract/define.ts';
import type { EngineCalls } from '../../../shared/contract/engine.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import type { VerifyFilter, VerifyRow } from '../../../shared/domain/verify.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { csvLine } from '../../../shared/lib/csv.ts';
import { VERIFY_OUTCOMES, verifyDetail } from '../../../shared/messages/verify.en.ts';
import type { ReceiptStore } from '../database/receipt-store.ts';
import { writeLines } from '../files/write-lines.ts';
import type { ConnectionRegistry } from '../s3/s3-connection.ts';
import type { RequestGate } from '../transfers/request-gate.ts';
import { Verification } from './verification.ts';

/** Verifications whose results are kept; beyond, the oldest go. */
const KEPT = 4;
/** Rows read at a time for an export. */
const PAGE = 500;

/** The calls of the engine contract that this service answers. */
export type VerifyCallName =
  | Extract<keyof EngineCalls, `verify.${string}`>
  | 'engine.exportVerification';

/** What the service needs. */
export interface VerifyServiceDeps {
  readonly registry: ConnectionRegistry;
  readonly receipts: ReceiptStore;
  readonly gateOf: (connectionId: ConnectionId) => RequestGate;
  /** Numbers from 0 up to 1. */
  readonly random: () => number;
}

/** Runs verifications and keeps what the last ones found. */
export interface VerifyService {
  readonly handlers: Pick<Handlers<EngineCalls>, VerifyCallName>;
  /** Ends all and waits for them. */
  stop(): Promise<void>;
}

/** A service with nothing running. */
export function createVerifyService(deps: VerifyServiceDeps): VerifyService {
  const runs = new Map<string, Verification>();

  function close(verifyId: string): void {
    runs.get(verifyId)?.[Symbol.dispose]();
    runs.delete(verifyId);
  }

  function require(verifyId: string): Verification {
    const found = runs.get(verifyId);
    if (found === undefined) {
      throw new AppError('input.invalid', { params: { field: 'verifyId' } });
    }
    return found;
  }

  return {
    handlers: {
      'verify.start': ({ connectionId, bucket, prefix, folder }) => {
        const { registry, receipts, gateOf, random } = deps;
        const connection = registry.require(connectionId);
        const verifyId = randomUUID();
        runs.set(
          verifyId,
          new Verification({
            connectionId,
            connection,
            gate: gateOf(connectionId),
            receipts,
            bucket,
            prefix,
            folder,
            random,
          }),
        );
        for (const id of [...runs.keys()].slice(0, -KEPT)) close(id);
        return { verifyId };
      },
      'verify.status': ({ verifyId }) => runs.get(verifyId)?.status ?? null,
      'verify.page': ({ verifyId, filter, offset, limit }) =>
        require(verifyId).store.page(filter, offset, limit),
      'verify.cancel': async ({ verifyId }) => {
        const run = runs.get(verifyId);
        run?.cancel();
        await run?.ended;
      },
      'verify.close': ({ verifyId }) => close(verifyId),
      'engine.exportVerification': async ({ verifyId, filter, path }) => {
        const rows = (await writeLines(path, csvOf(require(verifyId), filter))) - 1;
        return { rows };
      },
    },
    async stop() {
      const all = [...runs.values()];
      for (const id of runs.keys()) close(id);
      await Promise.all(all.map((run) => run.ended));
    },
  };
}

function* csvOf({ store }: Verification, filter: VerifyFilter): Generator<string> {
  yield csvLine(['name', 'result', 'detail', 'local bytes', 'remote bytes']);
  for (let offset = 0; ; offset += PAGE) {
    const { rows } = store.page(filter, offset, PAGE);
    for (const row of rows) yield lineOf(row);
    if (rows.length < PAGE) return;
  }
}

function lineOf(row: VerifyRow): string {
  return csvLine([
    row.name,
    VERIFY_OUTCOMES[row.outcome],
    verifyDetail(row),
    row.localSize,
    row.remoteSize,
  ]);
}
