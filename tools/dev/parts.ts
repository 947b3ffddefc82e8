import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

/** The repository. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** Tests counted. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** How a child process ended. */
export interface Ended {
  readonly code: number;
  readonly timedOut: boolean;
  /** What it wrote, when it was captured. */
  readonly output: string;
}

/** How to run a child process. */
export interface RunOptions {
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Keep the output instead of showing it. */
  readonly capture?: boolean;
  /** Kill it after so many milliseconds. */
  readonly timeoutMs?: number;
}

/** Runs a script with this Node and waits for it. Never rejects. */
export function runNode(options: RunOptions): Promise<Ended> {
  const { args, env = {}, capture = false, timeoutMs } = options;
  return new Promise((done) => {
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: capture ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    });
    let output = '';
    let timedOut = false;
    child.stdout?.on('data', (data: Buffer) => {
      output += data.toString('utf8');
    });
    child.stderr?.on('data', (data: Buffer) => {
      output += data.toString('utf8');
    });
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            child.kill('SIGKILL');
          }, timeoutMs);
    function end(code: number): void {
      clearTimeout(timer);
      done({ code, timedOut, output });
    }
    child.once('error', (error) => {
      output += error.message;
      end(1);
    });
    child.once('close', (code) => end(code ?? 1));
  });
}

/** Sums counts. */
export function sum(counts: readonly Counts[]): Counts {
  return counts.reduce(
    (total, next) => ({
      passed: total.passed + next.passed,
      failed: total.failed + next.failed,
      skipped: total.skipped + next.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** The closing line that people and scripts look for. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** `12.3 s` of a time in milliseconds. */
export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
