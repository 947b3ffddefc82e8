import { expect, test } from 'vitest';
import { closingLine, sum } from './parts.ts';
import { countPlaywright, countVitest } from './reports.ts';

const vitest = {
  numPassedTests: 5,
  numFailedTests: 1,
  numPendingTests: 2,
  numTodoTests: 1,
  testResults: [
    { status: 'failed', assertionResults: [] },
    { status: 'failed', assertionResults: [{}] },
    { status: 'passed', assertionResults: [{}] },
  ],
};

test('a test file that does not load counts as a failure', () => {
  expect(countVitest(JSON.stringify(vitest))).toEqual({
    passed: 5,
    failed: 2,
    skipped: 3,
  });
});

test('flaky specs have passed, errors outside of specs have failed', () => {
  const report = {
    stats: { expected: 7, unexpected: 1, flaky: 1, skipped: 2 },
    errors: [{ message: 'no config' }],
  };
  expect(countPlaywright(JSON.stringify(report))).toEqual({
    passed: 8,
    failed: 2,
    skipped: 2,
  });
});

test('a report of another shape is an error, not zero failures', () => {
  expect(() => countVitest('{}')).toThrow('numPassedTests');
});

test('the closing line sums everything', () => {
  const one = { passed: 1, failed: 0, skipped: 2 };
  expect(closingLine(sum([one, one]))).toBe('2 passed, 0 failed, 4 skipped');
});
