import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';

/** One import of a module. */
export interface ImportEdge {
  /** Path in the repository with forward slashes, or the specifier of a package. */
  readonly target: string;
  /** Vanishes when compiled. */
  readonly typeOnly: boolean;
}

/** Imports by module, both as paths in the repository with forward slashes. */
export type ImportGraph = ReadonlyMap<string, readonly ImportEdge[]>;

const STATIC =
  /^\s*(?:import|export)\s+(?<type>type\s)?(?<names>[^'";]*?)from\s*['"](?<from>[^'"]+)['"]/gm;
const BARE = /^\s*import\s*['"](?<from>[^'"]+)['"]/gm;
const DYNAMIC = /\bimport\(\s*['"](?<from>[^'"]+)['"]/g;

/** Reads every module under `folder` of the repository at `root`. */
export function readImportGraph(root: string, folder: string): ImportGraph {
  const graph = new Map<string, ImportEdge[]>();
  for (const entry of readdirSync(join(root, folder), {
    recursive: true,
    withFileTypes: true,
  })) {
    if (!entry.isFile() || !/\.tsx?$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(root, path).replaceAll('\\', '/');
    graph.set(name, scanImports(name, readFileSync(path, 'utf8')));
  }
  return graph;
}

/** The imports of one module's text. `name` is its path in the repository. */
export function scanImports(name: string, text: string): ImportEdge[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const edges: ImportEdge[] = [];
  for (const match of code.matchAll(STATIC)) {
    const names = (match.groups?.['names'] ?? '').trim();
    const inline = /^\{\s*(?:type\s[^,}]+,?\s*)+\}$/.test(names);
    const typeOnly = match.groups?.['type'] !== undefined || inline;
    edges.push({ target: locate(name, match.groups?.['from'] ?? ''), typeOnly });
  }
  for (const match of [...code.matchAll(BARE), ...code.matchAll(DYNAMIC)]) {
    edges.push({ target: locate(name, match.groups?.['from'] ?? ''), typeOnly: false });
  }
  return edges;
}

/**
 * The shortest chain of imports from one of `starts` to a target that `isForbidden`, or
 * `undefined`. Imports of types do not count: they vanish.
 */
export function findChain(
  graph: ImportGraph,
  starts: readonly string[],
  isForbidden: (target: string) => boolean,
): readonly string[] | undefined {
  const from = new Map<string, string | null>(starts.map((start) => [start, null]));
  const waiting = [...starts];
  for (let current = waiting.shift(); current !== undefined; current = waiting.shift()) {
    for (const { target, typeOnly } of graph.get(current) ?? []) {
      if (typeOnly || from.has(target)) continue;
      from.set(target, current);
      if (isForbidden(target)) return chainTo(from, target);
      waiting.push(target);
    }
  }
  return undefined;
}

function chainTo(from: ReadonlyMap<string, string | null>, end: string): string[] {
  const chain: string[] = [];
  for (let at: string | null = end; at !== null; at = from.get(at) ?? null)
    chain.push(at);
  return chain.toReversed();
}

function locate(importer: string, specifier: string): string {
  return specifier.startsWith('.')
    ? posix.join(dirname(importer), specifier.replace(/\?.*$/, ''))
    : specifier;
}
