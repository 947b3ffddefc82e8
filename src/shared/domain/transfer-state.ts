import { AppError } from '../errors/app-error.ts';
import { TransferState } from './transfer.ts';

/**
 * What can happen to a transfer.
 * - `start`: the scheduler gave it a slot.
 * - `finish`: every byte or object is where it belongs.
 * - `fail`: it cannot go on without the user.
 * - `wait`: it goes on by itself after a pause, a network, credentials or an answer.
 * - `wake`: what it waited for has come.
 * - `interrupt`: the engine stopped under it.
 * - `pause`, `resume`, `cancel`, `retry`: the user's buttons.
 * - `skip`: the target exists and stays as it is.
 */
export const TRANSFER_EVENTS = [
  'start',
  'finish',
  'fail',
  'wait',
  'wake',
  'interrupt',
  'pause',
  'resume',
  'cancel',
  'retry',
  'skip',
] as const;

/** One of {@link TRANSFER_EVENTS}. */
export type TransferEvent = (typeof TRANSFER_EVENTS)[number];

type Row = Readonly<Partial<Record<TransferEvent, TransferState>>>;

/** Every legal step. A pair that is not here is a defect of the caller. */
const TRANSFER_TABLE: Readonly<Record<TransferState, Row>> = {
  queued: { start: 'running', wait: 'waiting', pause: 'paused', cancel: 'cancelled' },
  running: {
    finish: 'done',
    fail: 'failed',
    wait: 'waiting',
    interrupt: 'queued',
    pause: 'paused',
    cancel: 'cancelled',
    skip: 'skipped',
  },
  waiting: {
    wake: 'queued',
    pause: 'paused',
    cancel: 'cancelled',
    skip: 'skipped',
  },
  paused: { resume: 'queued', cancel: 'cancelled' },
  failed: { retry: 'queued', cancel: 'cancelled' },
  cancelled: { retry: 'queued' },
  skipped: { retry: 'queued' },
  done: {},
};

/** All states, in the order of the machine. */
export const TRANSFER_STATES: readonly TransferState[] = TransferState.options;

/** The state after `event`. Throws `internal` when that cannot happen in `state`. */
export function nextState(state: TransferState, event: TransferEvent): TransferState {
  const next = TRANSFER_TABLE[state][event];
  if (next === undefined) {
    throw new AppError('internal', { params: { state, event } });
  }
  return next;
}

/** Whether `event` may happen in `state`. */
export function isLegal(state: TransferState, event: TransferEvent): boolean {
  return TRANSFER_TABLE[state][event] !== undefined;
}

/** States in which `event` is legal. */
export function statesAccepting(event: TransferEvent): readonly TransferState[] {
  return TRANSFER_STATES.filter((state) => isLegal(state, event));
}

/** Whether nothing more happens to it by itself. */
export function isSettled(state: TransferState): boolean {
  return (
    state === 'failed' || state === 'cancelled' || state === 'skipped' || state === 'done'
  );
}

/** Renders the table as the page docs/transfer-states.md. */
export function renderTransferStates(): string {
  const head = `| state | ${TRANSFER_EVENTS.join(' | ')} |`;
  const rule = `|---|${TRANSFER_EVENTS.map(() => '---').join('|')}|`;
  const rows = TRANSFER_STATES.map((state) => {
    const cells = TRANSFER_EVENTS.map((event) => TRANSFER_TABLE[state][event] ?? '·');
    return `| **${state}** | ${cells.join(' | ')} |`;
  });
  return [
    '# States of a transfer',
    '',
    'Made from `src/shared/domain/transfer-state.ts` by its test; do not edit.',
    'To renew: `UPDATE_DOCS=1 npx vitest run --project unit src/main/engine/transfers/state-page.test.ts`.',
    '',
    'A row tells the state, a column what happens; the cell is the state that follows.',
    '`·` cannot happen and throws.',
    '',
    head,
    rule,
    ...rows,
    '',
    'When the engine starts, every `running` row of the journal is interrupted: it is',
    '`queued` again and goes on with the parts that the server already has.',
    '',
  ].join('\n');
}
