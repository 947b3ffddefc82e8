import { expect, test } from 'vitest';
import { parseOptions } from './options.ts';
import { describeMachine, type Measured, renderReport, reportCase } from './report.ts';

function tool(
  name: string,
  own: boolean,
  tier: string,
  ...cpu: readonly number[]
): Measured {
  return {
    tool: name,
    version: '1.0',
    own,
    samples: cpu.map((cpuS) => ({
      cpuS,
      wallS: cpuS * 2,
      rssMiB: 10,
      tier,
      serverCpuS: cpuS,
    })),
    problem: cpu.length === 0 ? 'exit code 1' : null,
  };
}

test('only peers of the same tier count for the ratio', () => {
  const cases = reportCase('upload', true, [
    tool('dipper', true, 'md5', 1, 3, 2),
    tool('dipper-crc', true, 'crc', 1),
    tool('fast', false, 'none', 0.1),
    tool('good', false, 'md5', 4),
    tool('slow', false, 'md5', 8),
    tool('broken', false, 'md5'),
  ]);
  expect(
    cases.map(({ results, tier, ratioToBestPeerCpu, ratioToBestPeerWall, problems }) => ({
      tools: results.map((result) => result.tool).join(' '),
      cpuS: results[0]?.cpuS,
      tier,
      ratioToBestPeerCpu,
      ratioToBestPeerWall,
      problems,
    })),
  ).toEqual([
    {
      tools: 'dipper fast good slow',
      cpuS: 2,
      tier: 'md5',
      ratioToBestPeerCpu: 0.5,
      ratioToBestPeerWall: 0.5,
      problems: ['broken: exit code 1'],
    },
    {
      tools: 'dipper-crc fast good slow',
      cpuS: 1,
      tier: 'crc',
      ratioToBestPeerCpu: null,
      ratioToBestPeerWall: null,
      problems: ['broken: exit code 1'],
    },
  ]);
});

test('the table tells every tool, what failed and what Dipper did alone', () => {
  const text = renderReport({
    machine: describeMachine(),
    date: '2026-01-01',
    rounds: 3,
    quick: false,
    cases: reportCase('list', false, [
      tool('dipper', true, 'none', 1),
      tool('peer', false, 'none', 2),
      tool('broken', false, 'none'),
    ]),
    alone: { queue: { rows: 5, 'peak MiB': 80 } },
  });
  expect(text).toContain(
    '| list, http | dipper 1.0 | none | 2.00 | 1.00 | 10 | 50 % | 0.50 | 0.50 |',
  );
  expect(text).toContain('- list, http: broken: exit code 1');
  expect(text).toContain('**Dipper alone: queue.** rows 5, peak MiB 80.');
});

test('the command line is read, and refused where it makes no sense', () => {
  expect(parseOptions(['--quick', '--tools', 'aws, rclone'])).toMatchObject({
    quick: true,
    rounds: 1,
    tools: ['aws', 'rclone'],
    json: null,
  });
  expect(parseOptions([])?.rounds).toBe(5);
  expect(parseOptions(['--help'])).toBeNull();
  expect(() => parseOptions(['--rounds', '0'])).toThrow('whole number');
  expect(() => parseOptions(['--fast'])).toThrow('--fast');
});
