import { setTimeout as delay } from 'node:timers/promises';
import type { GroupId, TransferId } from '../../src/shared/domain/ids.ts';
import type { TransferFilter, TransferRow } from '../../src/shared/domain/transfer.ts';
import type { EngineHost } from './engine-host.ts';

const PAGE_ROWS = 500;
const POLL_MS = 400;
const UNFINISHED: ReadonlySet<string> = new Set([
  'queued',
  'running',
  'waiting',
  'paused',
]);

interface Waiting {
  readonly groupId: GroupId;
  /** Rounds of polling begun since it waits. */
  rounds: number;
  readonly resolve: () => void;
}

/**
 * The user in front of the queue: sees when groups end, retries what failed and answers
 * questions.
 */
export class QueueWatch {
  /** How often rows were found failed, by error code. */
  readonly failures = new Map<string, number>();
  /** The first failure of each code, in words. */
  readonly samples = new Map<string, string>();
  /** Rows that were failed without a reason. */
  readonly unexplained: string[] = [];
  /** Conflicts asked about, although nothing was in the way. */
  readonly questions: string[] = [];
  /** Groups that fail for good: their failed rows are left alone. */
  readonly hopeless = new Set<GroupId>();
  /** Whether a failed row of this code should be left alone for now. */
  holdBack: (code: string) => boolean = () => false;
  readonly #engine: EngineHost;
  #lastSeen = '';
  #lastMovedAt = 0;
  #waiting: Waiting[] = [];
  #stopped = false;

  constructor(engine: EngineHost) {
    this.#engine = engine;
  }

  /** Resolves when nothing of a group is left to do. */
  groupEnd(groupId: GroupId): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ groupId, rounds: 0, resolve });
    });
  }

  /** All rows under a filter. */
  async rows(filter: TransferFilter): Promise<TransferRow[]> {
    const rows = new Map<TransferId, TransferRow>();
    for (let offset = 0; ; offset += PAGE_ROWS) {
      const page = await this.#engine.call('transfers.page', {
        filter,
        offset,
        limit: PAGE_ROWS,
      });
      for (const row of page.rows) rows.set(row.id, row);
      if (offset + PAGE_ROWS >= page.total) return [...rows.values()];
    }
  }

  /** When anything of the queue was last seen to have changed, by the monotonic clock. */
  get lastMovedAt(): number {
    return this.#lastMovedAt;
  }

  /** Watches until {@link stop}. */
  async run(): Promise<void> {
    while (!this.#stopped) {
      await this.#round();
      await delay(POLL_MS);
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  async #round(): Promise<void> {
    for (const waiting of this.#waiting) waiting.rounds += 1;
    const { totals } = await this.#engine.call('transfers.totals', undefined);
    const busy = new Set<GroupId>();
    // In this order: a row that fails between the two looks is then seen by the second.
    const active = await this.rows('active');
    for (const row of active) {
      if (UNFINISHED.has(row.state)) busy.add(row.groupId);
    }
    this.#look([totals, active]);
    const failed = await this.#retryFailed(busy);
    await this.#answerConflict();
    const ended = this.#waiting.filter(({ groupId, rounds }) => {
      if (rounds === 0 || busy.has(groupId)) return false;
      if (this.hopeless.has(groupId)) return failed.has(groupId) || totals.planning === 0;
      return this.#engine.finished.has(groupId) || totals.planning === 0;
    });
    for (const { resolve } of ended) resolve();
    this.#waiting = this.#waiting.filter((waiting) => !ended.includes(waiting));
  }

  #look(queue: unknown): void {
    const seen = JSON.stringify(queue);
    if (seen === this.#lastSeen) return;
    this.#lastSeen = seen;
    this.#lastMovedAt = performance.now();
  }

  async #retryFailed(busy: Set<GroupId>): Promise<ReadonlySet<GroupId>> {
    const again: TransferId[] = [];
    const groups = new Set<GroupId>();
    for (const row of await this.rows('failed')) {
      if (row.state !== 'failed') continue;
      groups.add(row.groupId);
      if (this.hopeless.has(row.groupId)) continue;
      busy.add(row.groupId);
      if (row.error === null) this.unexplained.push(`${row.kind} ${row.key}`);
      const code = row.error?.code ?? 'none';
      if (this.holdBack(code)) continue;
      this.failures.set(code, (this.failures.get(code) ?? 0) + 1);
      this.#sample(code, row);
      again.push(row.id);
    }
    if (again.length > 0) await this.#engine.call('transfers.retry', { ids: again });
    return groups;
  }

  #sample(code: string, { kind, key, error }: TransferRow): void {
    if (this.samples.has(code)) return;
    const { service, httpStatus, message } = error?.provider ?? {};
    const said = `${httpStatus ?? ''} ${service ?? ''} ${message ?? ''}`.trim();
    this.samples.set(code, `${kind} ${key}: ${said} ${JSON.stringify(error?.params)}`);
  }

  async #answerConflict(): Promise<void> {
    const row = await this.#engine.call('transfers.nextConflict', undefined);
    if (row === null) return;
    this.questions.push(`${row.kind} ${row.key} (attempt ${row.attempt})`);
    try {
      await this.#engine.call('transfers.answerConflict', {
        id: row.id,
        answer: 'overwrite',
        forAll: false,
      });
    } catch {
      // A kill came between the question and the answer.
    }
  }
}
