import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../errors/app-error.ts';
import {
  isLegal,
  isSettled,
  nextState,
  statesAccepting,
  TRANSFER_EVENTS,
  TRANSFER_STATES,
} from './transfer-state.ts';

const anyState = fc.constantFrom(...TRANSFER_STATES);
const anyEvent = fc.constantFrom(...TRANSFER_EVENTS);

test('a legal pair leads to a known state and an illegal one throws', () => {
  fc.assert(
    fc.property(anyState, anyEvent, (state, event) => {
      if (isLegal(state, event)) {
        expect(TRANSFER_STATES).toContain(nextState(state, event));
      } else {
        expect(() => nextState(state, event)).toThrow(AppError);
      }
    }),
  );
});

test('whatever happened, a transfer that is not done can still be cancelled or retried', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 50 }), (events) => {
      let state = TRANSFER_STATES[0] ?? 'queued';
      for (const event of events) {
        if (isLegal(state, event)) state = nextState(state, event);
      }
      if (state !== 'done') {
        expect(isLegal(state, 'cancel') || isLegal(state, 'retry')).toBe(true);
      }
    }),
  );
});

test('done is the end', () => {
  for (const event of TRANSFER_EVENTS) expect(isLegal('done', event)).toBe(false);
});

test('nothing settled changes by itself', () => {
  for (const state of TRANSFER_STATES.filter(isSettled)) {
    for (const event of ['start', 'finish', 'fail', 'wait', 'wake'] as const) {
      expect(isLegal(state, event)).toBe(false);
    }
  }
});

test('only a transfer that runs can finish, fail or be interrupted', () => {
  expect(statesAccepting('finish')).toEqual(['running']);
  expect(statesAccepting('fail')).toEqual(['running']);
  expect(statesAccepting('interrupt')).toEqual(['running']);
});
