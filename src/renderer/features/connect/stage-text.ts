import type { TestStage, TestStageName } from '../../../shared/domain/connection-test.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import { connectionTestText } from '../../../shared/messages/connection-test.en.ts';
import { errorText } from '../../../shared/messages/errors.en.ts';

/** Every stage with its name, in order. */
export const STAGES: readonly { readonly name: TestStageName; readonly label: string }[] =
  [
    { name: 'name', label: 'Find the server' },
    { name: 'tls', label: 'Secure connection' },
    { name: 'clock', label: 'Clock' },
    { name: 'signature', label: 'Keys and signature' },
    { name: 'list', label: 'List' },
    { name: 'read', label: 'Read' },
  ];

/** Explanation of a stage and what to do about it. Empty texts where there is no need. */
export interface StageText {
  readonly explanation: string;
  readonly action: string;
  /** The server's own words, for support. */
  readonly details: string;
}

/** A stage in words. */
export function stageText(stage: TestStage): StageText {
  const { text, action } = connectionTestText(stage);
  const details = stage.error === null ? '' : errorText(stage.error).details;
  return { explanation: text === '' ? plain(stage) : text, action, details };
}

function plain(stage: TestStage): string {
  switch (stage.outcome) {
    case 'running':
      return 'Running…';
    case 'passed':
      return PASSED[stage.name];
    case 'limited':
      return LIMITED[stage.name];
    case 'skipped':
      return 'Not checked.';
    case 'failed':
      return 'This did not work.';
    default:
      return assertNever(stage.outcome);
  }
}

const PASSED: { readonly [N in TestStageName]: string } = {
  name: 'The server’s name leads to an address.',
  tls: 'The certificate is valid.',
  clock: 'This computer’s clock agrees with the server’s.',
  signature: 'The server accepts the keys.',
  list: 'Listing works.',
  read: 'Reading works.',
};

const LIMITED: { readonly [N in TestStageName]: string } = {
  name: 'The server answers, with limits.',
  tls: 'The connection is not encrypted.',
  clock: 'The clocks differ, but not too much.',
  signature: 'The keys work, with limits.',
  list: 'These keys may not list everything. That is fine: open a bucket by name or go to a folder.',
  read: 'These keys may not read here, or there is nothing to read.',
};
