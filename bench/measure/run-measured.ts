import { spawn } from 'node:child_process';
import { processTree, readPeakMiB, readTimes } from './proc.ts';

/** Milliseconds before the first look at a command's memory; short ones end soon. */
const FIRST_SAMPLE_MS = 10;
/** Longest time between two looks, milliseconds. */
const SAMPLE_MS = 100;

/** A command to measure. */
export interface MeasuredCommand {
  readonly argv: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** CPU list for taskset, such as `0`; `null` leaves it to the system. */
  readonly cpus: string | null;
}

/** How a command went. */
export interface MeasuredRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly wallS: number;
  /** User and system time of the command and all it started and waited for. */
  readonly cpuS: number;
  /** Peak resident memory, the peaks of its processes added up. */
  readonly rssMiB: number;
}

/** Puts taskset in front of a command. */
export function pinned(argv: readonly string[], cpus: string | null): readonly string[] {
  return cpus === null ? argv : ['taskset', '-c', cpus, ...argv];
}

/**
 * Runs a command to its end. Nothing else may end as a child of this process meanwhile:
 * the kernel adds up the time of ended children. Rejects when it cannot be started.
 */
export async function runMeasured(command: MeasuredCommand): Promise<MeasuredRun> {
  const [file = '', ...args] = pinned(command.argv, command.cpus);
  const before = readTimes('self')?.childrenS ?? Number.NaN;
  const start = performance.now();
  const child = spawn(file, args, {
    env: { ...command.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const peaks = new Map<number, number>();
  let wait = FIRST_SAMPLE_MS;
  let timer: NodeJS.Timeout;
  const sample = (): void => {
    for (const pid of processTree(child.pid ?? -1)) {
      peaks.set(pid, Math.max(peaks.get(pid) ?? 0, readPeakMiB(pid)));
    }
    wait = Math.min(SAMPLE_MS, wait * 1.5);
    timer = setTimeout(sample, wait);
  };
  timer = setTimeout(sample, wait);
  let ended = 0;
  child.once('exit', () => {
    ended = performance.now();
  });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    return {
      code,
      stdout: Buffer.concat(stdout).toString(),
      stderr: Buffer.concat(stderr).toString(),
      wallS: (ended - start) / 1_000,
      cpuS: (readTimes('self')?.childrenS ?? Number.NaN) - before,
      rssMiB: [...peaks.values()].reduce((sum, peak) => sum + peak, 0),
    };
  } finally {
    clearTimeout(timer);
  }
}
