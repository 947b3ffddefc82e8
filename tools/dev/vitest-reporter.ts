import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import type { Failure } from './failures.ts';
import { ROOT } from './parts.ts';

/** What vitest knows of an error and its type does not say. */
type KnownError = SerializedError & { readonly diff?: unknown };

/** The message, the difference, what caused it, and the place in our own code. */
function describe(error: KnownError): string {
  const { name, message, diff, cause, stacks = [] } = error;
  const frame = stacks.find(({ file }) => !file.includes('node_modules'));
  const [first = '', ...rest] = message.split('\n');
  return [
    name === undefined ? first : `${name}: ${first}`,
    ...(frame === undefined
      ? []
      : [`at ${relative(ROOT, frame.file)}:${frame.line}:${frame.column}`]),
    ...rest,
    ...(typeof diff === 'string' ? [diff] : []),
    ...(cause === undefined ? [] : [`because of ${cause.message}`]),
  ].join('\n');
}

function textOf(error: unknown, key: string): string {
  const value = (error as Readonly<Record<string, unknown>>)[key];
  return typeof value === 'string' ? value : '';
}

/**
 * Writes what `readVitest` reads, into the file named by `VITEST_REPORT`. The JSON of
 * vitest's own reporter leaves out differences, failed hooks and errors outside of tests.
 */
// oxlint-disable-next-line import/no-default-export -- how vitest takes a reporter
export default class implements Reporter {
  onTestRunEnd(
    modules: readonly TestModule[],
    unhandled: readonly SerializedError[],
  ): void {
    const path = process.env['VITEST_REPORT'];
    if (path === undefined) throw new Error('VITEST_REPORT names no file');
    const failures: Failure[] = [];
    const counts = { passed: 0, failed: 0, skipped: 0 };
    function fail(file: string, name: string, errors: readonly KnownError[]): void {
      failures.push({ file, name, message: errors.map(describe).join('\n') });
    }
    for (const module of modules) {
      const file = module.relativeModuleId;
      if (module.errors().length > 0) fail(file, '(the file)', module.errors());
      for (const suite of module.children.allSuites()) {
        if (suite.errors().length > 0) {
          fail(file, `${suite.fullName} (its hooks)`, suite.errors());
        }
      }
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result();
        if (state === 'passed') counts.passed += 1;
        else if (state === 'skipped') counts.skipped += 1;
        else
          fail(file, test.fullName, errors ?? [{ message: 'did not come to its end' }]);
      }
    }
    for (const error of unhandled) {
      const file = textOf(error, 'VITEST_TEST_PATH');
      const during = textOf(error, 'VITEST_TEST_NAME') || 'no test';
      const kind = textOf(error, 'type') || 'Error outside of tests';
      fail(file && relative(ROOT, file), `(${kind}, during ${during})`, [error]);
    }
    counts.failed = failures.length;
    writeFileSync(path, JSON.stringify({ counts, failures }));
  }
}
