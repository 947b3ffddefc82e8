import type { GroupId } from '../../src/shared/domain/ids.ts';
import type { TransferRow } from '../../src/shared/domain/transfer.ts';
import type { Expectations, Expected, RowFact } from './checker.ts';

/** What the rows of a step may come to. */
export type StepEnd =
  /** All of them done. */
  | 'done'
  /** Refused for good, and said so. */
  | 'denied'
  /** Whatever they were when the user cancelled. */
  | 'cancelled';

/** One thing the user asked for. */
export interface Step {
  /** Names it, such as `chain 3: upload`. */
  readonly origin: string;
  readonly groupId: GroupId;
  readonly end: StepEnd;
  /** Fewest rows its group must have. */
  readonly leastRows: number;
  /** Keys with their contents (SHA-256) that a download fetches, and where to. */
  readonly download?: {
    readonly folder: string;
    readonly objects: ReadonlyMap<string, ReadonlySet<string>>;
  };
}

/** What was asked for so far, and so what must be there at the end. */
export class Plan {
  readonly steps: Step[] = [];
  readonly #objects = new Map<string, Expected>();

  /** Notes what an object should be from now on. */
  expectObject(bucket: string, key: string, expected: Expected): void {
    this.#objects.set(`${bucket}/${key}`, expected);
  }

  /** What must be there, with the local paths that the rows of downloads name. */
  outcome(rows: readonly TransferRow[]): {
    readonly expectations: Expectations;
    readonly facts: readonly RowFact[];
    readonly completed: number;
    readonly failedLoudly: number;
  } {
    const files = new Map<string, Expected>();
    const facts: RowFact[] = [];
    const byGroup = Map.groupBy(rows, (row) => row.groupId);
    let completed = 0;
    let failedLoudly = 0;
    for (const step of this.steps) {
      const own = byGroup.get(step.groupId) ?? [];
      const { origin } = step;
      if (own.length < step.leastRows) {
        const detail = `${own.length} rows of ${step.leastRows}`;
        facts.push({ origin, kind: 'missing', detail });
      }
      for (const row of own) {
        if (row.state === 'done' || row.state === 'skipped') completed += 1;
        if (row.state === 'failed') failedLoudly += 1;
        const fact = judge(step, row);
        if (fact !== null) facts.push(fact);
      }
      if (step.download !== undefined) expectFiles(step, own, files, facts);
    }
    const expectations = { objects: this.#objects, files };
    return { expectations, facts, completed, failedLoudly };
  }
}

function judge(step: Step, row: TransferRow): RowFact | null {
  const { origin } = step;
  const detail = `${row.kind} ${row.key}: ${row.state} ${row.error?.code ?? ''}`;
  switch (row.state) {
    case 'done':
    case 'skipped':
      return step.end === 'denied' ? { origin, kind: 'wrong-claim', detail } : null;
    case 'failed':
      if (row.error === null) return { origin, kind: 'failed-without-reason', detail };
      return step.end === 'denied' ? null : { origin, kind: 'unfinished', detail };
    case 'cancelled':
      return step.end === 'cancelled' ? null : { origin, kind: 'wrong-claim', detail };
    default:
      return { origin, kind: 'unfinished', detail };
  }
}

function expectFiles(
  step: Step,
  rows: readonly TransferRow[],
  files: Map<string, Expected>,
  facts: RowFact[],
): void {
  const { origin, download } = step;
  if (download === undefined) return;
  const byKey = new Map(rows.map((row) => [row.key, row]));
  for (const [key, contents] of download.objects) {
    const row = byKey.get(key);
    if (row === undefined) {
      if (step.end === 'done') facts.push({ origin, kind: 'missing', detail: key });
      continue;
    }
    const path = row.localPath ?? '';
    if (!path.startsWith(`${download.folder}/`)) {
      facts.push({ origin, kind: 'wrong-claim', detail: `${key} went to ${path}` });
    }
    if (key.endsWith('/')) continue;
    files.set(path, { presence: step.end === 'done' ? 'must' : 'may', contents, origin });
  }
}
