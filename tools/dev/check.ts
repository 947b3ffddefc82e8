import { join } from 'node:path';
import { type Failure, failureSection } from './failures.ts';
import { closingLine, ROOT, runNode, seconds } from './parts.ts';

/** A check is a script of a package and its arguments. */
interface Check {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
}

const TSC = 'typescript/bin/tsc';

const CHECKS: readonly Check[] = [
  ...['src/shared', 'src/main', 'src/main/electron/preload', 'src/renderer', 'tools'].map(
    (project) => ({ name: `types: ${project}`, script: TSC, args: ['-p', project] }),
  ),
  {
    name: 'lint',
    script: 'oxlint/bin/oxlint',
    args: ['--type-aware', '--deny-warnings'],
  },
  {
    name: 'format',
    script: '@biomejs/biome/bin/biome',
    args: ['check', '--error-on-warnings'],
  },
  {
    name: 'architecture',
    script: 'vitest/vitest.mjs',
    args: [
      'run',
      '--project',
      'unit',
      'tools/dev/architecture.test.ts',
      'src/shared/contract',
    ],
  },
  {
    name: 'generated docs',
    script: 'vitest/vitest.mjs',
    args: ['run', '--project', 'unit', 'tools/docs'],
  },
  { name: 'dead code', script: 'knip/bin/knip.js', args: ['--no-progress'] },
];

/** `npm run check`: everything but the tests. All of it runs, also after a failure. */
async function main(): Promise<number> {
  const failures: Failure[] = [];
  for (const { name, script, args } of CHECKS) {
    const started = performance.now();
    const path = join(ROOT, 'node_modules', script);
    const { code, output } = await runNode({ args: [path, ...args], capture: true });
    const time = seconds(performance.now() - started);
    console.log(`${code === 0 ? '✓' : '✗'} ${name} (${time})`);
    if (code !== 0) {
      failures.push({ file: '', name, message: output });
      console.log(output.trim().replace(/^/gm, '    '));
    }
  }
  const failed = failures.length;
  console.log(
    ['', ...failureSection('failed', [{ part: 'check', failures }])].join('\n'),
  );
  console.log(`\n${closingLine({ passed: CHECKS.length - failed, failed, skipped: 0 })}`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
