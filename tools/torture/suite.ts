import { writeFile } from 'node:fs/promises';
import { isClean } from './checker.ts';
import { ENGINE_SOURCE } from './engine-host.ts';
import { torture } from './run.ts';

/** The part of `npm test` that tortures: each seed is one test. */

const SEEDS = [1, 2, 3] as const;
/** How long faults go on for each of them. */
const MINUTES = 1 / 3;

interface Failure {
  readonly file: string;
  readonly name: string;
  readonly message: string;
}

/** Torments once. Returns `null` or why that failed. */
async function one(seed: number): Promise<Failure | null> {
  const name = `torture, seed ${seed}`;
  const file = 'tools/torture/suite.ts';
  try {
    const report = await torture({
      seed,
      minutes: MINUTES,
      engineEntry: ENGINE_SOURCE,
      log: (line) => console.log(line),
    });
    console.log(JSON.stringify(report));
    return isClean(report) ? null : { file, name, message: report.problems.join('\n') };
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : error;
    return { file, name, message: String(message) };
  }
}

async function main(): Promise<number> {
  const failures: Failure[] = [];
  for (const seed of SEEDS) {
    console.log(`seed ${seed}`);
    const failure = await one(seed);
    if (failure === null) continue;
    console.log(`${failure.name} failed: ${failure.message}`);
    failures.push(failure);
  }
  const failed = failures.length;
  const counts = { passed: SEEDS.length - failed, failed, skipped: 0 };
  const path = process.env['TORTURE_REPORT'];
  if (path !== undefined) await writeFile(path, JSON.stringify({ counts, failures }));
  return failed === 0 ? 0 : 1;
}

process.exit(await main());
