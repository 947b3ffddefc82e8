import { cp, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildIfNeeded } from '../tools/dev/build.ts';
import { removeAtExit } from '../tools/dev/scratch.ts';
import { selfSigned } from '../tools/s3-server/testing/self-signed.ts';
import { runAlone } from './alone/run-alone.ts';
import { createCases } from './cases/cases.ts';
import { runCases } from './cases/run-cases.ts';
import {
  createEngineSubject,
  createPeerSubject,
  type Subject,
  type SubjectSetting,
} from './cases/subject.ts';
import { hasProc } from './measure/proc.ts';
import { launchNullServer } from './null-server/launch.ts';
import { Pattern } from './null-server/pattern.ts';
import { type BenchOptions, parseOptions, USAGE } from './options.ts';
import { findPeers, findProgram } from './peers/find-peers.ts';
import { type BenchReport, describeMachine, renderReport } from './report.ts';

const ROOT = resolve(import.meta.dirname, '..');
/** Room a full bench wants for its files, bytes. */
const ROOM = 6 * 2 ** 30;

/** Progress goes to stderr: the table alone is the output. */
function log(line: string): void {
  console.error(line);
}

/** `npm run bench`. */
async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options === null) {
    console.log(USAGE);
    return;
  }
  if (!hasProc()) {
    throw new Error('The bench reads CPU time and memory from /proc: it needs Linux.');
  }
  await buildIfNeeded(log);
  const base = options.scratch ?? (await pickScratch());
  const scratch = await mkdtemp(join(base, 'dipper-bench-'));
  // Gigabytes, perhaps in memory: they must also go when the bench is stopped.
  removeAtExit(scratch);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => process.exit(1));
  }
  try {
    // Written as it grows: a long bench that is interrupted leaves what it has.
    const save = async (report: BenchReport): Promise<void> => {
      if (options.json === null) return;
      await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    };
    const report = await bench(options, scratch, save);
    console.log(renderReport(report));
    await save(report);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function bench(
  options: BenchOptions,
  scratch: string,
  save: (report: BenchReport) => Promise<void>,
): Promise<BenchReport> {
  const { sizes, rounds, quick } = options;
  // A copy: somebody may build while the bench runs.
  const engineFolder = join(scratch, 'engine');
  await cp(join(ROOT, 'out/main'), engineFolder, { recursive: true });
  await writeFile(join(engineFolder, 'package.json'), '{ "type": "module" }\n');
  const script = join(engineFolder, 'engine.js');
  const { key, cert } = selfSigned();
  const caFile = join(scratch, 'ca.pem');
  await writeFile(caFile, cert);
  const path = process.env['PATH'] ?? '';
  const places = (await findProgram('taskset', path)) === null ? null : splitCpus();
  await using server = await launchNullServer({
    key,
    cert,
    cpus: places?.server ?? null,
  });
  const setting: SubjectSetting = {
    server,
    scratch,
    certificate: cert,
    caFile,
    cpus: places?.tools ?? null,
    path,
  };
  const subjects = await findSubjects(options, setting, script);
  log(`Tools: ${subjects.map(({ name, version }) => `${name} ${version}`).join(', ')}`);
  const context = { control: server.control, pattern: new Pattern(), sizes };
  const all = createCases({ ...context, sources: join(scratch, 'sources') });
  const cases = all.filter(({ name }) => isWanted(options.cases, name));
  const heading = {
    machine: describeMachine(),
    date: new Date().toISOString().slice(0, 10),
    rounds,
    quick,
  };
  const reports = await runCases({
    cases,
    subjects,
    server,
    scratch,
    rounds,
    log,
    onReports: (done) => save({ ...heading, cases: done, alone: {} }),
  });
  const alone = await runAlone({
    ...context,
    setting,
    script,
    log,
    isWanted: (name) => isWanted(options.cases, name) && isTool(options, 'dipper'),
  });
  return { ...heading, cases: reports, alone };
}

async function findSubjects(
  options: BenchOptions,
  setting: SubjectSetting,
  script: string,
): Promise<readonly Subject[]> {
  const { default: manifest } = await import('../package.json', {
    with: { type: 'json' },
  });
  const { version } = manifest;
  const peers = await findPeers(setting.path);
  return [
    createEngineSubject(setting, script, version, 'md5'),
    createEngineSubject(setting, script, version, 'crc'),
    ...peers.map((found) => createPeerSubject(setting, found)),
  ].filter(({ name }) => isTool(options, name));
}

function isTool({ tools }: BenchOptions, name: string): boolean {
  return tools.length === 0 || tools.includes(name.replace(/^dipper-crc$/, 'dipper'));
}

function isWanted(cases: readonly string[], name: string): boolean {
  return cases.length === 0 || cases.some((part) => name.includes(part));
}

/** The last CPU for the server, the others for the tools; `null` where there is one. */
function splitCpus(): { readonly server: string; readonly tools: string } | null {
  const last = availableParallelism() - 1;
  if (last < 1) return null;
  return { server: String(last), tools: last === 1 ? '0' : `0-${last - 1}` };
}

/** Memory where there is room: a slow disk would be measured instead of the tools. */
async function pickScratch(): Promise<string> {
  try {
    const { bavail, bsize } = await statfs('/dev/shm');
    return bavail * bsize >= ROOM ? '/dev/shm' : tmpdir();
  } catch {
    return tmpdir();
  }
}

await main();
