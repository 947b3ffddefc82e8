import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBrowser } from './browser.ts';
import { buildIfNeeded } from './build.ts';
import { type Counts, closingLine, ROOT, runNode, seconds, sum } from './parts.ts';
import { countPlaywright, countVitest } from './reports.ts';

const MINUTE = 60_000;
/** No part may hang a whole run. */
const TIMEOUT = 20 * MINUTE;

interface Part {
  readonly name: string;
  /** Drives a browser or the app's window. */
  readonly browser: boolean;
  readonly run: (report: string) => Promise<number>;
  readonly count: (json: string) => Counts;
}

interface PartResult {
  readonly name: string;
  readonly counts: Counts;
  readonly ms: number;
  readonly note: string;
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
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
      ];
      return (await runNode({ args, timeoutMs: TIMEOUT })).code;
    },
    count: countVitest,
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
      const args = [cli, 'test', '--reporter=list,json'];
      const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: report };
      return (await runNode({ args, env, timeoutMs: TIMEOUT })).code;
    },
    count: countPlaywright,
  },
];

async function runPart(part: Part, folder: string): Promise<PartResult> {
  console.log(`\n── ${part.name} ──`);
  const started = performance.now();
  const report = join(folder, `${part.name}.json`);
  const code = await part.run(report);
  const ms = performance.now() - started;
  let counts: Counts;
  let note = '';
  try {
    counts = part.count(await readFile(report, 'utf8'));
  } catch {
    counts = { passed: 0, failed: 1, skipped: 0 };
    note = `ended with code ${code} and no report`;
  }
  if (code !== 0 && counts.failed === 0) {
    // Such as an error outside of any test: a red run must not look green.
    counts = { ...counts, failed: 1 };
    note = `ended with code ${code}`;
  }
  return { name: part.name, counts, ms, note };
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
  console.log('\n── summary ──');
  for (const { name, counts, ms, note } of results) {
    const time = seconds(ms).padStart(8);
    console.log(
      `${name.padEnd(12)}${time}  ${closingLine(counts)}${note && ` (${note})`}`,
    );
  }
  const total = sum(results.map((result) => result.counts));
  console.log(`\n${closingLine(total)}`);
  return total.failed === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  console.log(`\n${closingLine({ passed: 0, failed: 1, skipped: 0 })}`);
  return 1;
});
