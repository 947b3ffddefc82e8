import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks of /proc per second: `sysconf(_SC_CLK_TCK)`, 100 on every Linux we know. */
const TICKS_PER_SECOND = 100;

/** What /proc/PID/stat tells about time. See proc_pid_stat(5). */
export interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  /** User and system time of the process with all its threads, seconds. */
  readonly ownS: number;
  /** The same of children that ended and were waited for, seconds. */
  readonly childrenS: number;
}

/** Reads a line of /proc/PID/stat. Throws on anything else. */
export function parseStat(line: string): ProcessTimes {
  // The name in brackets may hold spaces and brackets of its own.
  const close = line.lastIndexOf(')');
  const fields = line.slice(close + 2).split(' ');
  const number = (index: number): number => {
    const value = Number(fields[index] ?? Number.NaN);
    if (close < 0 || !Number.isFinite(value)) {
      throw new Error('This is no line of /proc/PID/stat.');
    }
    return value;
  };
  return {
    pid: Number.parseInt(line, 10),
    parent: number(1),
    ownS: (number(11) + number(12)) / TICKS_PER_SECOND,
    childrenS: (number(13) + number(14)) / TICKS_PER_SECOND,
  };
}

/** Peak resident memory in MiB out of /proc/PID/status; 0 where it has none (a zombie). */
export function parsePeakMiB(status: string): number {
  const match = /^VmHWM:\s+(?<kib>\d+) kB$/m.exec(status);
  return Number(match?.groups?.['kib'] ?? 0) / 1024;
}

/** Times of a running process; `null` once it is gone. */
export function readTimes(pid: number | 'self'): ProcessTimes | null {
  const line = readProc(`${pid}/stat`);
  return line === null ? null : parseStat(line);
}

/** Peak resident memory of a running process in MiB; 0 once it is gone. */
export function readPeakMiB(pid: number): number {
  return parsePeakMiB(readProc(`${pid}/status`) ?? '');
}

/** A process and all below it, as they are now. */
export function processTree(root: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const line = readProc(`${name}/stat`);
    if (line === null) continue;
    const { pid, parent } = parseStat(line);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found: number[] = [];
  const open = [root];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    found.push(pid);
    open.push(...(children.get(pid) ?? []));
  }
  return found;
}

/** Whether this system has what the measurements read. */
export function hasProc(): boolean {
  return readProc('self/stat') !== null;
}

function readProc(name: string): string | null {
  try {
    return readFileSync(`/proc/${name}`, 'utf8');
  } catch {
    // Gone between being named and being read.
    return null;
  }
}
