import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { roundOrder } from '../measure/statistics.ts';
import type { NullServerProcess } from '../null-server/launch.ts';
import { type CaseReport, type Measured, reportCase, type Sample } from '../report.ts';
import { type BenchCase, BUCKET, type RunPlace } from './cases.ts';
import type { Subject } from './subject.ts';

/** Options of {@link runCases}. */
export interface RunCasesOptions {
  readonly cases: readonly BenchCase[];
  readonly subjects: readonly Subject[];
  readonly server: NullServerProcess;
  readonly scratch: string;
  readonly rounds: number;
  readonly log: (line: string) => void;
  /** Told all reports so far after every case. */
  readonly onReports: (reports: readonly CaseReport[]) => Promise<void>;
}

/** A subject that cannot do what it is here for: it is left out from then on. */
class UnfitError extends Error {}

/** Runs every case over http and https with all subjects, in alternating order. */
export async function runCases(options: RunCasesOptions): Promise<readonly CaseReport[]> {
  const reports: CaseReport[] = [];
  const unfit = new Set<Subject>();
  for (const benchCase of options.cases) {
    await benchCase.prepare();
    for (const tls of [false, true]) {
      const { protocols } = benchCase;
      if (protocols !== 'both' && protocols !== (tls ? 'https' : 'http')) continue;
      options.log(`${benchCase.name}, ${tls ? 'https' : 'http'}`);
      const measured = await runCase(options, unfit, benchCase, tls);
      reports.push(...reportCase(benchCase.name, tls, measured));
      await options.onReports(reports);
    }
  }
  return reports;
}

async function runCase(
  options: RunCasesOptions,
  unfit: Set<Subject>,
  benchCase: BenchCase,
  tls: boolean,
): Promise<readonly Measured[]> {
  const subjects = options.subjects.filter(
    (subject) =>
      subject.takesPart(benchCase) &&
      !unfit.has(subject) &&
      (benchCase.only?.includes(subject.name) ?? true),
  );
  const samples = new Map<Subject, Sample[]>(subjects.map((subject) => [subject, []]));
  const problems = new Map<Subject, string>();
  const attempt = async (subject: Subject, thorough: boolean): Promise<void> => {
    if (problems.has(subject)) return;
    try {
      const sample = await runOnce(options, benchCase, subject, tls, thorough);
      if (!thorough) samples.get(subject)?.push(sample);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      problems.set(subject, problem);
      if (error instanceof UnfitError) unfit.add(subject);
      options.log(`  ${subject.name}: ${problem}`);
    }
  };
  // Hashing costs the server time: uploads are checked in a round that does not count.
  if (benchCase.direction === 'up') {
    for (const subject of subjects) await attempt(subject, true);
  }
  for (let round = 0; round < options.rounds; round++) {
    for (const subject of roundOrder(subjects, round)) await attempt(subject, false);
  }
  return subjects.map((subject) => ({
    tool: subject.name,
    version: subject.version,
    own: subject.own,
    samples: samples.get(subject) ?? [],
    problem: problems.get(subject) ?? null,
  }));
}

async function runOnce(
  options: RunCasesOptions,
  benchCase: BenchCase,
  subject: Subject,
  tls: boolean,
  thorough: boolean,
): Promise<Sample> {
  const { server, scratch, log } = options;
  const { control } = server;
  const place: RunPlace = { prefix: 'run/', folder: join(scratch, 'run') };
  await mkdir(place.folder, { recursive: true });
  try {
    const task = await benchCase.begin(place);
    await control.setVerify(thorough);
    await control.setDelay(benchCase.latencyMs);
    await control.takeTier();
    await control.takeAgents();
    const before = server.cpuS();
    const run = await subject.run(task, benchCase, tls);
    const serverCpuS = server.cpuS() - before;
    await control.setDelay(0);
    const uploadTier = await control.takeTier();
    const agents = await control.takeAgents();
    const { agent } = subject;
    if (agent !== null && !agents.some((name) => agent.test(name))) {
      throw new UnfitError('it has no CRT client and did the work without: left out');
    }
    await benchCase.check(place, run.names, thorough);
    const { wallS, cpuS, rssMiB, downloadTier } = run;
    const tier = benchCase.direction === 'up' ? uploadTier : downloadTier;
    if (!thorough) {
      log(
        `  ${subject.name.padEnd(11)} ${wallS.toFixed(2)} s, CPU ${cpuS.toFixed(2)} s, ${Math.round(rssMiB)} MiB, ${tier}`,
      );
    }
    return { wallS, cpuS, rssMiB, tier, serverCpuS };
  } finally {
    await control.setVerify(false);
    await control.setDelay(0);
    await control.clear(BUCKET, place.prefix);
    await rm(place.folder, { recursive: true, force: true });
  }
}
