import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBrowser } from './browser.ts';
import { buildIfNeeded } from './build.ts';
import { failureSection } from './failures.ts';
import { closingLine, ROOT, runNode, seconds, sum } from './parts.ts';
import { type PartReport, readPlaywright, readVitest } from './reports.ts';

const MINUTE = 60_000;
/** No part may hang a whole run. */
const TIMEOUT = 15 * MINUTE;

/** A part of the run: a new one is one entry in {@link PARTS}. */
interface Part {
  readonly name: string;
  /** Drives a browser or the app's window. */
  readonly browser: boolean;
  /** Runs it and writes its report to the path given. Returns the exit code. */
  readonly run: (report: string) => Promise<number>;
  /** Reads what `run` wrote. Throws when it is no report. */
  readonly read: (json: string) => PartReport;
}

interface PartResult extends PartReport {
  readonly name: string;
  readonly ms: number;
}

function vitestPart(name: string): Part {
  return {
    name,
    browser: name === 'browser',
    run: async (report) => {
      const args = [
        join(ROOT, 'node_modules/vitest/vitest.mjs'),
        'run',
        '--project',
        name,
        '--passWithNoTests',
        // What a test that passes writes is noise.
        '--silent=passed-only',
        '--reporter=default',
        `--reporter=${join(ROOT, 'tools/dev/vitest-reporter.ts')}`,
      ];
      const env = { VITEST_REPORT: report };
      return (await runNode({ args, env, timeoutMs: TIMEOUT })).code;
    },
    read: readVitest,
  };
}

const PARTS: readonly Part[] = [
  vitestPart('unit'),
  vitestPart('integration'),
  vitestPart('server'),
  vitestPart('browser'),
  {
    name: 'e2e',
    browser: true,
    run: async (report) => {
      const cli = join(ROOT, 'node_modules/@playwright/test/cli.js');
      // So that it still writes its report.
      const limit = `--global-timeout=${TIMEOUT - MINUTE}`;
      const args = [cli, 'test', '--reporter=list,json', limit];
      const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: report };
      return (await runNode({ args, env, timeoutMs: TIMEOUT })).code;
    },
    read: readPlaywright,
  },
  {
    name: 'torture',
    browser: false,
    run: async (report) => {
      const args = [join(ROOT, 'tools/torture/suite.ts')];
      const env = { TORTURE_REPORT: report };
      return (await runNode({ args, env, timeoutMs: TIMEOUT })).code;
    },
    // It writes the same few fields.
    read: readVitest,
  },
];

async function runPart(part: Part, folder: string): Promise<PartResult> {
  console.log(`\n── ${part.name} ──`);
  const started = performance.now();
  const report = join(folder, `${part.name}.json`);
  const code = await part.run(report);
  const ms = performance.now() - started;
  return { name: part.name, ms, ...(await readReport(part, report, code)) };
}

/** The report of a part that ended with `code`. A red run never looks green. */
async function readReport(part: Part, path: string, code: number): Promise<PartReport> {
  let report: PartReport;
  try {
    report = part.read(await readFile(path, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return broken(`ended with code ${code} and no report (killed or crashed?): ${why}`);
  }
  if (code === 0 || report.counts.failed > 0) return report;
  const { counts, failures } = broken(`ended with code ${code} without a failed test`);
  return { ...report, counts: sum([report.counts, counts]), failures };
}

function broken(message: string): PartReport {
  return {
    counts: { passed: 0, failed: 1, skipped: 0 },
    failures: [{ file: '', name: '(the run itself)', message }],
    flaky: [],
  };
}

/** Prints what happened; the end tells all, as often only the end of a log is kept. */
function summarize(results: readonly PartResult[]): void {
  const lines = ['', '── summary ──'];
  for (const { name, counts, ms } of results) {
    lines.push(`${name.padEnd(12)}${seconds(ms).padStart(8)}  ${closingLine(counts)}`);
  }
  const flaky = results.map(({ name, flaky: failures }) => ({ part: name, failures }));
  const unstable = flaky.flatMap(({ failures }) => failures).length;
  const failed = results.map(({ name, failures }) => ({ part: name, failures }));
  lines.push('', ...failureSection('flaky', flaky), ...failureSection('failed', failed));
  if (unstable > 0) lines.push('', `${unstable} flaky`);
  console.log(lines.join('\n'));
}

/** `npm test [-- part …]`: every test there is, or the parts named. */
async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !PARTS.some((part) => part.name === name));
  if (unknown.length > 0) {
    console.error(`No such part: ${unknown.join(', ')}.`);
    console.error(`There are: ${PARTS.map((part) => part.name).join(', ')}.`);
    return 2;
  }
  const parts = PARTS.filter((part) => names.length === 0 || names.includes(part.name));
  if (parts.some((part) => part.browser)) {
    console.log(`Browser: ${await ensureBrowser((line) => console.log(line))}`);
    await buildIfNeeded((line) => console.log(line));
  }
  const folder = await mkdtemp(join(tmpdir(), 'dipper-tests-'));
  const results: PartResult[] = [];
  try {
    for (const part of parts) results.push(await runPart(part, folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  summarize(results);
  const total = sum(results.map((result) => result.counts));
  console.log(`\n${closingLine(total)}`);
  return total.failed === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  console.log(`\n${closingLine({ passed: 0, failed: 1, skipped: 0 })}`);
  return 1;
});
