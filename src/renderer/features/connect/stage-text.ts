import type { TestStage, TestStageName } from '../../../shared/domain/connection-test.ts';
import { connectionTestText } from '../../../shared/messages/connection-test.en.ts';
import { errorText } from '../../../shared/messages/errors.en.ts';

/** Every stage, in order. */
const STAGE_ORDER: readonly TestStageName[] = [
  'name',
  'tls',
  'clock',
  'signature',
  'list',
  'read',
];

/** A line of the test panel. */
export interface StageLine {
  readonly name: TestStageName;
  /** `waiting`: its turn has not come. */
  readonly outcome: TestStage['outcome'] | 'waiting';
  readonly title: string;
  /** Milliseconds; `null` while there is nothing to measure. */
  readonly ms: number | null;
  readonly explanation: string;
  readonly action: string;
  /** The server's own words, for support. */
  readonly details: string;
}

/** All lines of the panel; stages that were not announced yet wait. */
export function stageLines(stages: readonly TestStage[]): readonly StageLine[] {
  return STAGE_ORDER.map((name) => {
    const stage = stages.find((other) => other.name === name);
    return stage === undefined ? waitingLine(name) : lineOf(stage);
  });
}

function lineOf(stage: TestStage): StageLine {
  const { name, outcome } = stage;
  const { title, text, action } = connectionTestText(stage);
  const isMeasured = outcome !== 'running' && outcome !== 'skipped';
  return {
    name,
    outcome,
    title,
    ms: isMeasured ? Math.round(stage.ms) : null,
    explanation: outcome === 'running' ? '' : text,
    action,
    details: stage.error === null ? '' : errorText(stage.error).details,
  };
}

function waitingLine(name: TestStageName): StageLine {
  const { title } = connectionTestText({
    name,
    outcome: 'skipped',
    ms: 0,
    detail: '',
    params: {},
    error: null,
  });
  return {
    name,
    outcome: 'waiting',
    title,
    ms: null,
    explanation: '',
    action: '',
    details: '',
  };
}
