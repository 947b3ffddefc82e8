import { expect, test } from 'vitest';
import { failureSection } from './failures.ts';
import { closingLine, sum } from './parts.ts';
import { readPlaywright, readVitest } from './reports.ts';

/** As Playwright writes it, cut down to what matters. */
const playwright = {
  stats: { expected: 7, unexpected: 1, flaky: 1, skipped: 2 },
  errors: [{ message: 'no config' }],
  suites: [
    {
      title: 'browse.spec.ts',
      file: 'browse.spec.ts',
      specs: [
        {
          title: 'opens',
          file: 'browse.spec.ts',
          line: 4,
          tests: [
            {
              status: 'flaky',
              results: [
                {
                  status: 'failed',
                  errors: [
                    {
                      message: 'Error: \u001b[31mnot visible\u001b[39m\n\nLocator: row',
                      location: {
                        file: '/x/e2e/specs/browse.spec.ts',
                        line: 9,
                        column: 3,
                      },
                    },
                  ],
                },
                { status: 'passed', errors: [] },
              ],
            },
          ],
        },
        {
          title: 'sorts',
          file: 'browse.spec.ts',
          line: 30,
          tests: [{ status: 'expected', results: [{ status: 'passed', errors: [] }] }],
        },
      ],
      suites: [
        {
          title: 'with a keychain',
          file: 'browse.spec.ts',
          specs: [
            {
              title: 'keeps',
              file: 'browse.spec.ts',
              line: 40,
              tests: [
                {
                  status: 'unexpected',
                  results: [
                    { status: 'failed', errors: [{ message: 'first' }] },
                    { status: 'failed', errors: [{ message: 'second' }] },
                  ],
                },
              ],
            },
          ],
        },
      ],
    },
  ],
};

const line = 'x'.repeat(300);

test('flaky specs have passed and are named, errors outside of specs have failed', () => {
  const { counts, failures, flaky } = readPlaywright(JSON.stringify(playwright));
  expect(counts).toEqual({ passed: 8, failed: 2, skipped: 2 });
  expect(failures).toEqual([
    {
      file: 'e2e/specs/browse.spec.ts:40',
      name: 'with a keychain › keeps',
      message: 'first\nsecond',
    },
    { file: '', name: '(outside of tests)', message: 'no config' },
  ]);
  expect(failureSection('flaky', [{ part: 'e2e', failures: flaky }])).toEqual([
    '── flaky ──',
    '✗ e2e: e2e/specs/browse.spec.ts:4 › opens',
    '    Error: not visible',
    '    at e2e/specs/browse.spec.ts:9:3',
    '    Locator: row',
  ]);
});

test('the report of the vitest parts is taken as it is', () => {
  const counts = { passed: 5, failed: 1, skipped: 0 };
  const failures = [{ file: 'src/a.test.ts', name: 'a > b', message: 'no' }];
  expect(readVitest(JSON.stringify({ counts, failures }))).toEqual({
    counts,
    failures,
    flaky: [],
  });
});

test('a report of another shape is an error, not zero failures', () => {
  expect(() => readVitest('{}')).toThrow('counts');
  expect(() => readPlaywright('{}')).toThrow('stats');
});

test('nothing is said when nothing failed', () => {
  expect(failureSection('failed', [{ part: 'unit', failures: [] }])).toEqual([]);
});

test('long messages are cut, and shared out when many tests failed', () => {
  const long = { file: 'f', name: 'n', message: Array(40).fill(line).join('\n') };
  const one = failureSection('failed', [{ part: 'unit', failures: [long] }]);
  expect(one).toHaveLength(2 + 15 + 1);
  expect(one[2]).toBe(`    ${line.slice(0, 200)} …`);
  expect(one.at(-1)).toBe('    … 25 more lines above');
  const many = failureSection('failed', [
    { part: 'unit', failures: Array.from({ length: 10 }, () => long) },
    { part: 'e2e', failures: Array.from({ length: 10 }, () => long) },
  ]);
  expect(many.filter((each) => each.startsWith('✗ '))).toHaveLength(20);
  expect(many.length).toBeLessThan(102);
});

test('the closing line sums everything', () => {
  const one = { passed: 1, failed: 0, skipped: 2 };
  expect(closingLine(sum([one, one]))).toBe('2 passed, 0 failed, 4 skipped');
});
