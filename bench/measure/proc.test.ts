import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import {
  hasProc,
  parsePeakMiB,
  parseStat,
  processTree,
  readPeakMiB,
  readTimes,
} from './proc.ts';
import { runMeasured } from './run-measured.ts';

const STAT =
  '4242 (a) b (c) S 17 4242 17 0 -1 4194304 100 0 0 0 150 25 300 75 20 0 1 0 99 1 2';

test('a stat line is read past brackets in the name', () => {
  expect(parseStat(STAT)).toEqual({ pid: 4242, parent: 17, ownS: 1.75, childrenS: 3.75 });
});

test('something else than a stat line is refused', () => {
  expect(() => parseStat('hello')).toThrow('no line of /proc');
  expect(() => parseStat('1 (x) S 1')).toThrow('no line of /proc');
});

test('peak memory is in MiB, and nothing for a process without memory', () => {
  expect(parsePeakMiB('Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t 1 kB\n')).toBe(2);
  expect(parsePeakMiB('Name:\tx\nState:\tZ (zombie)\n')).toBe(0);
});

describe.skipIf(!hasProc())('on Linux', () => {
  test('a child is found below us and its memory seen', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    try {
      expect(processTree(process.pid)).toContain(pid);
      expect(readPeakMiB(pid)).toBeGreaterThan(1);
      expect(readTimes(pid)).toMatchObject({ pid, parent: process.pid });
    } finally {
      child.kill();
      await once(child, 'exit');
    }
    expect(readTimes(pid)).toBeNull();
  });

  test('a command is measured with what it starts itself', async () => {
    const busy =
      'const until = Date.now() + 300;' +
      'while (Date.now() < until || process.cpuUsage().user < 200_000);';
    const inner = `require("child_process").execFileSync(process.execPath, ["-e", ${JSON.stringify(busy)}])`;
    const run = await runMeasured({
      argv: [process.execPath, '-e', inner],
      env: {},
      cpus: null,
    });
    expect(run.code).toBe(0);
    expect(run.cpuS).toBeGreaterThan(0.1);
    expect(run.wallS).toBeGreaterThan(0.29);
    expect(run.rssMiB).toBeGreaterThan(5);
  });

  test('output and failure of a command are told', async () => {
    const run = await runMeasured({
      argv: ['sh', '-c', 'echo said; echo why >&2; exit 3'],
      env: { PATH: process.env['PATH'] ?? '' },
      cpus: null,
    });
    expect([run.code, run.stdout, run.stderr]).toEqual([3, 'said\n', 'why\n']);
  });
});
