import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/shared/commands/commands.ts';
import { engineContract } from '../../src/shared/contract/engine.ts';
import { appContract } from '../../src/shared/contract/index.ts';
import { ERROR_CODES } from '../../src/shared/errors/codes.ts';
import {
  findChain,
  type ImportGraph,
  readImportGraph,
  scanImports,
} from './import-graph.ts';

const root = resolve(import.meta.dirname, '../..');
const whole = readImportGraph(root, 'src');
/** What ships: no tests and none of their helpers. */
const graph: ImportGraph = new Map([...whole].filter(([name]) => !isTestFile(name)));

function isTestFile(name: string): boolean {
  return /\.test\.tsx?$|\/testing(?:\/|\.tsx?$)/.test(name);
}

function isNode(target: string): boolean {
  return target.startsWith('node:') || builtinModules.includes(target);
}

function isElectron(target: string): boolean {
  return /^electron(?:-updater)?(?:\/|$)/.test(target);
}

function isBeyondRenderer(target: string): boolean {
  return target.startsWith('src/main/') || isNode(target) || isElectron(target);
}

function isBeyondEngine(target: string): boolean {
  return /^src\/main\/(?:app|electron)\//.test(target) || isElectron(target);
}

/** Names used as keys of handler tables, `'browse.list': …`, under a folder. */
function handled(folder: string): string[] {
  return [...graph.keys()]
    .filter((module) => module.startsWith(folder))
    .flatMap((module) => [
      ...textOf(module).matchAll(
        /^\s*(?:async\s+)?'(?<name>[a-z]+\.[A-Za-z]+)'\s*(?::|\()/gm,
      ),
    ])
    .map((match) => match.groups?.['name'] ?? '')
    .sort();
}

/** Imports of modules under `folder` that break a rule, as `module → target`. */
function offences(
  folder: string,
  isForbidden: (target: string, module: string) => boolean,
  modules: ImportGraph = graph,
): string[] {
  return [...modules]
    .filter(([module]) => module.startsWith(folder))
    .flatMap(([module, edges]) =>
      edges
        .filter(({ target }) => isForbidden(target, module))
        .map(({ target }) => `${module} → ${target}`),
    );
}

/** The chain by which something under `folder` reaches what it must not. */
function chain(folder: string, isForbidden: (target: string) => boolean): string {
  const starts = [...graph.keys()].filter((module) => module.startsWith(folder));
  return findChain(graph, starts, isForbidden)?.join(' → ') ?? '';
}

function textOf(module: string): string {
  return readFileSync(join(root, module), 'utf8');
}

describe('layers', () => {
  test('only src/main/electron imports electron', () => {
    expect(
      offences(
        'src/',
        (target, module) =>
          isElectron(target) && !module.startsWith('src/main/electron/'),
      ),
    ).toEqual([]);
  });

  test('src/shared imports itself and zod, nothing else', () => {
    expect(
      offences(
        'src/shared/',
        (target) => !target.startsWith('src/shared/') && target !== 'zod',
      ),
    ).toEqual([]);
  });

  test('the renderer never imports main, Node or Electron, not even by way of others', () => {
    expect(offences('src/renderer/', isBeyondRenderer)).toEqual([]);
    expect(chain('src/renderer/', isBeyondRenderer)).toBe('');
  });

  test('main never imports the renderer', () => {
    expect(offences('src/main/', (target) => target.startsWith('src/renderer/'))).toEqual(
      [],
    );
  });

  test('the engine reaches neither the app around it nor Electron', () => {
    expect(offences('src/main/engine/', isBeyondEngine)).toEqual([]);
    expect(chain('src/main/engine/', isBeyondEngine)).toBe('');
  });

  test('the preload carries no schemas and no Node', () => {
    expect(
      chain(
        'src/main/electron/preload/',
        (target) =>
          isNode(target) ||
          (!target.startsWith('src/shared/') &&
            !target.startsWith('src/main/electron/preload/') &&
            target !== 'electron'),
      ),
    ).toBe('');
  });

  test('nothing that ships imports tools, tests or benchmarks', () => {
    expect(
      offences(
        'src/',
        (target) => /^(?:tools|e2e|bench)\//.test(target) || isTestFile(target),
      ),
    ).toEqual([]);
  });

  test('every relative import leads to a file', () => {
    const known = new Set(whole.keys());
    expect(
      offences(
        'src/',
        (target) => /^src\/.*\.tsx?$/.test(target) && !known.has(target),
        whole,
      ),
    ).toEqual([]);
  });
});

describe('the contract', () => {
  test('every call of the window has exactly one handler in main', () => {
    expect(handled('src/main/app/handlers/')).toEqual(
      Object.keys(appContract.calls).sort(),
    );
  });

  test('every call to the engine has exactly one handler in the engine', () => {
    const names = new Set(Object.keys(engineContract.calls));
    expect(handled('src/main/engine/').filter((name) => names.has(name))).toEqual(
      [...names].sort(),
    );
  });
});

test('every error code is used somewhere', () => {
  const elsewhere = [...graph.keys()]
    .filter((module) => !/shared\/(?:errors\/codes|messages\/)/.test(module))
    .map(textOf)
    .join('\n');
  const unused = Object.keys(ERROR_CODES).filter(
    (code) => !elsewhere.includes(`'${code}'`),
  );
  expect(unused).toEqual([]);
});

describe('commands', () => {
  test('have unique ids and labels that say something', () => {
    const ids = COMMANDS.map((command) => command.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(COMMANDS.filter(({ label }) => label.trim().length < 3)).toEqual([]);
  });

  test('have shortcuts of their own', () => {
    const shortcuts = COMMANDS.flatMap((command) =>
      'shortcut' in command ? [command.shortcut.toLowerCase()] : [],
    );
    expect(shortcuts.filter((one, index) => shortcuts.indexOf(one) !== index)).toEqual(
      [],
    );
  });
});

describe('the import scanner', () => {
  const text = `
    import { a } from './a.ts';
    import type { B } from '../b.ts';
    import { type C, type D } from './c.ts';
    import { type E, f } from 'pkg';
    import './side.css';
    // import { no } from './comment.ts';
    export { g } from './g.ts';
    const h = await import('./h.ts');
    import {
      long,
    } from './long.ts';
  `;

  test('finds imports of every form and knows those of types', () => {
    expect(
      scanImports('src/x/y.ts', text)
        .map(({ target, typeOnly }) => `${target}${typeOnly ? ' (type)' : ''}`)
        .sort(),
    ).toEqual([
      'pkg',
      'src/b.ts (type)',
      'src/x/a.ts',
      'src/x/c.ts (type)',
      'src/x/g.ts',
      'src/x/h.ts',
      'src/x/long.ts',
      'src/x/side.css',
    ]);
  });

  test('shows the shortest way to what is forbidden', () => {
    const sample: ImportGraph = new Map([
      ['a', [{ target: 'b', typeOnly: false }]],
      [
        'b',
        [
          { target: 'evil', typeOnly: true },
          { target: 'c', typeOnly: false },
        ],
      ],
      ['c', [{ target: 'evil', typeOnly: false }]],
    ]);
    expect(findChain(sample, ['a'], (target) => target === 'evil')).toEqual([
      'a',
      'b',
      'c',
      'evil',
    ]);
    expect(findChain(sample, ['a'], (target) => target === 'good')).toBeUndefined();
  });
});
