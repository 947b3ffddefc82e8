import { eventKinds } from './catastrophes.ts';
import type { Verdict } from './checker.ts';
import { PROXY_FAULTS } from './proxy-faults.ts';
import type { ServerHost } from './server-host.ts';
import { SERVER_FAULTS } from './storms.ts';

/** What a run reports. */
export interface TortureReport extends Verdict {
  readonly seed: number;
  /** Whose server it was: ours, or another one behind the proxy. */
  readonly target: 'own' | 'radosgw';
  readonly seconds: number;
  /** Rows of the queue. */
  readonly transfers: number;
  readonly kills: number;
  /** How often what happened. */
  readonly faults: Readonly<Record<string, number>>;
  readonly completed: number;
  /** Rows that ended failed with a reason, as those refused for good must. */
  readonly failedLoudly: number;
  /** Bytes sent or fetched again, for whatever reason. */
  readonly resentBytes: number;
  /** The most that one kill cost: what was in flight. */
  readonly maxResentPerKillBytes: number;
  /** Failures on the way, by code, that a retry by hand got over. */
  readonly retriedByHand: Readonly<Record<string, number>>;
  /** Conflicts asked about where nothing was in the way. */
  readonly needlessQuestions: readonly string[];
  /** Parts and ranges that were whole and answered, sent again after a kill. */
  readonly needlessParts: readonly string[];
  /** What could not be done on this machine. */
  readonly skipped: readonly string[];
}

/** From so many minutes on every kind of fault must have struck. */
const WHOLE_RUN_MINUTES = 3;

/** The kinds of faults that a run of `minutes` owed and that never happened. */
export function missingKinds(
  faults: Readonly<Record<string, number>>,
  host: ServerHost | null,
  minutes: number,
  hasTinyDisk: boolean,
): readonly string[] {
  if (minutes < WHOLE_RUN_MINUTES) return [];
  const owed: readonly string[] = [
    ...PROXY_FAULTS,
    ...eventKinds(host),
    ...(host === null ? [] : SERVER_FAULTS),
    'sourceChanged',
    'cancelledUpload',
    'cancelledDownload',
    ...(hasTinyDisk ? ['diskFull'] : []),
  ];
  return owed.filter((kind) => (faults[kind] ?? 0) === 0);
}
