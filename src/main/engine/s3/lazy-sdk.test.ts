import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/** What a module imports for more than types as it is loaded. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  const statements = text.matchAll(
    /^(?:import|export)\s+(?:(\{[^}]*\}|\*(?:\s+as\s+\w+)?|\w+)\s+from\s+)?'([^']+)';/gm,
  );
  return [...statements].flatMap(([, names = '', from = '']) => {
    const inBraces = /^\{(.*)\}$/s.exec(names.trim())?.[1]?.split(',') ?? [];
    const named = inBraces.map((name) => name.trim()).filter((name) => name !== '');
    const onlyTypes = named.length > 0 && named.every((name) => name.startsWith('type '));
    return onlyTypes ? [] : [from];
  });
}

function reachedFrom(entry: string): Map<string, string> {
  const reached = new Map([[entry, '']]);
  for (const file of reached.keys()) {
    if (!path.isAbsolute(file)) continue;
    for (const from of importsOf(file)) {
      const target = from.startsWith('.') ? path.resolve(path.dirname(file), from) : from;
      if (!reached.has(target)) reached.set(target, file);
    }
  }
  return reached;
}

function sdkOf(reached: ReadonlyMap<string, string>): readonly string[] {
  return [...reached]
    .filter(([module]) => /^@(?:aws-sdk|smithy)\//.test(module))
    .map(([module, by]) => `${module} by ${path.basename(by)}`);
}

test('the engine starts without the SDK', () => {
  const engine = reachedFrom(path.resolve(import.meta.dirname, '../process.ts'));
  expect(engine.size).toBeGreaterThan(100);
  expect(sdkOf(engine)).toEqual([]);
});

test('the calls that need it load it', () => {
  const calls = reachedFrom(path.resolve(import.meta.dirname, 'sdk-calls.ts'));
  expect(sdkOf(calls)).not.toEqual([]);
});
