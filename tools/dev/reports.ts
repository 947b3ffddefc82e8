import { z } from 'zod';
import type { Failure } from './failures.ts';
import type { Counts } from './parts.ts';

/** What a part of the run says of itself. */
export interface PartReport {
  readonly counts: Counts;
  /** Everything `counts.failed` counts. */
  readonly failures: readonly Failure[];
  /** Tests that failed first and passed when tried again; they count as passed. */
  readonly flaky: readonly Failure[];
}

const VitestReport = z.object({
  counts: z.object({ passed: z.int(), failed: z.int(), skipped: z.int() }),
  failures: z.array(
    z.object({ file: z.string(), name: z.string(), message: z.string() }),
  ),
});

const PlaywrightError = z.object({
  message: z.string().default('no message'),
  location: z.object({ file: z.string(), line: z.int(), column: z.int() }).optional(),
});

const Spec = z.object({
  title: z.string(),
  file: z.string(),
  line: z.int(),
  tests: z.array(
    z.object({
      status: z.enum(['expected', 'unexpected', 'flaky', 'skipped']),
      results: z.array(
        z.object({ status: z.string().optional(), errors: z.array(PlaywrightError) }),
      ),
    }),
  ),
});

const Suite = z.object({
  title: z.string(),
  specs: z.array(Spec),
  get suites() {
    return z.array(Suite).default([]);
  },
});

const PlaywrightReport = z.object({
  stats: z.object({
    expected: z.int(),
    unexpected: z.int(),
    flaky: z.int(),
    skipped: z.int(),
  }),
  suites: z.array(Suite),
  errors: z.array(PlaywrightError).default([]),
});

/**
 * Reads the report of tools/dev/vitest-reporter.ts.
 * @throws ZodError for anything else
 */
export function readVitest(json: string): PartReport {
  return { ...VitestReport.parse(JSON.parse(json)), flaky: [] };
}

/**
 * Reads Playwright's JSON report. What passed at the second try has passed, but is named.
 * @throws ZodError for anything else
 */
export function readPlaywright(json: string): PartReport {
  const { stats, errors, suites } = PlaywrightReport.parse(JSON.parse(json));
  const failures: Failure[] = [];
  const flaky: Failure[] = [];
  for (const suite of suites) collect(suite, [], failures, flaky);
  for (const error of errors) {
    failures.push({ file: '', name: '(outside of tests)', message: describe(error) });
  }
  return {
    counts: {
      passed: stats.expected + stats.flaky,
      failed: stats.unexpected + errors.length,
      skipped: stats.skipped,
    },
    failures,
    flaky,
  };
}

/** Sorts the tests under `suite`; the outermost title is the file's name. */
function collect(
  suite: z.infer<typeof Suite>,
  above: readonly string[],
  failures: Failure[],
  flaky: Failure[],
): void {
  for (const { title, file, line, tests } of suite.specs) {
    for (const { status, results } of tests) {
      if (status !== 'unexpected' && status !== 'flaky') continue;
      const seen = results.flatMap((result) => result.errors);
      (status === 'flaky' ? flaky : failures).push({
        file: `e2e/specs/${file}:${line}`,
        name: [...above, title].join(' › '),
        message: seen.map(describe).join('\n') || 'ended without an error',
      });
    }
  }
  for (const inner of suite.suites) {
    collect(inner, [...above, inner.title], failures, flaky);
  }
}

function describe({ message, location }: z.infer<typeof PlaywrightError>): string {
  if (location === undefined) return message;
  const [head = '', ...rest] = message.split('\n');
  const file = location.file.replace(/^.*\/(?=e2e\/)/, '');
  return [head, `at ${file}:${location.line}:${location.column}`, ...rest].join('\n');
}
