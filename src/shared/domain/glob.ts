/** Why a pattern cannot be used. */
export type GlobProblem = 'empty' | 'bracket' | 'brace' | 'escape';

/** A pattern ready to be used. */
export type Glob =
  | { readonly ok: true; readonly matches: (path: string) => boolean }
  | { readonly ok: false; readonly problem: GlobProblem };

/** Longest text and most alternatives of one pattern: what a person would write. */
const MAX_ALTERNATIVES = 100;

/**
 * Reads a pattern in the way of `.gitignore`: `*` is anything but a slash, `**` any number
 * of folders, `?` one character, `[a-z]` and `[!a-z]` one of several, `{a,b}` one of two
 * texts, `\` takes the next character as it is. A pattern without a slash is about names
 * at any depth, one that begins with a slash about the whole path, any other about the
 * end of the path. One that ends in a slash means a folder. What matches a folder matches
 * everything in it. Case counts.
 *
 * No regular expression is made of it: matching takes time in proportion to pattern times
 * path, whatever is typed.
 */
export function readGlob(pattern: string): Glob {
  const text = pattern.trim();
  const anchored = text.startsWith('/');
  const folder = text.endsWith('/') && text !== '/';
  const body = text.replace(/^\/+|\/+$/g, '');
  if (body === '') return { ok: false, problem: 'empty' };
  const alternatives = expandBraces(body);
  if (alternatives === null) return { ok: false, problem: 'brace' };
  const compiled: (readonly Segment[])[] = [];
  for (const alternative of alternatives) {
    const segments: Segment[] = anchored ? [] : [DEEP];
    for (const part of splitSegments(alternative)) {
      const segment = part === '**' ? DEEP : readSegment(part);
      if (typeof segment === 'string' && segment !== DEEP) {
        return { ok: false, problem: segment };
      }
      segments.push(segment);
    }
    compiled.push(segments);
  }
  return {
    ok: true,
    matches: (path) => {
      const isFolder = path.endsWith('/');
      const names = path.split('/').filter((name) => name !== '');
      return compiled.some((segments) => matchPath(segments, names, folder && !isFolder));
    },
  };
}

const DEEP = 'deep';
/** One character: any, this one, or one of a set. */
type Token =
  | { readonly kind: 'any' }
  | { readonly kind: 'star' }
  | { readonly kind: 'char'; readonly char: string }
  | {
      readonly kind: 'set';
      readonly negated: boolean;
      readonly ranges: readonly (readonly [string, string])[];
    };
type Segment = typeof DEEP | readonly Token[];

/** `a{b,c}d` to `abd` and `acd`; `null`: a brace too many or too few. */
function expandBraces(text: string): readonly string[] | null {
  let open = -1;
  let depth = 0;
  const commas: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') {
      at += 1;
    } else if (char === '[') {
      // Braces in a set are characters like any other.
      const end = setEnd(text, at);
      if (end > 0) at = end;
    } else if (char === '{') {
      if (depth === 0) open = at;
      depth += 1;
    } else if (char === ',' && depth === 1) {
      commas.push(at);
    } else if (char === '}') {
      depth -= 1;
      if (depth < 0) return null;
      if (depth > 0) continue;
      const all: string[] = [];
      const cuts = [open, ...commas, at];
      for (const [index, cut] of cuts.slice(0, -1).entries()) {
        const middle = text.slice(cut + 1, cuts[index + 1]);
        const rest = expandBraces(text.slice(0, open) + middle + text.slice(at + 1));
        if (rest === null) return null;
        all.push(...rest);
        if (all.length > MAX_ALTERNATIVES) return null;
      }
      return all;
    }
  }
  return depth === 0 ? [text] : null;
}

/** Where the set that begins at `at` ends; 0: it does not. */
function setEnd(text: string, at: number): number {
  let end = at + 1;
  if (text[end] === '!' || text[end] === '^') end += 1;
  // A bracket right at the beginning stands for itself.
  if (text[end] === ']') end += 1;
  while (end < text.length && text[end] !== ']' && text[end] !== '/') end += 1;
  return text[end] === ']' ? end : 0;
}

function splitSegments(text: string): readonly string[] {
  return text.split('/').filter((part) => part !== '');
}

function readSegment(part: string): readonly Token[] | GlobProblem {
  const tokens: Token[] = [];
  const chars = Array.from(part);
  for (let at = 0; at < chars.length; at += 1) {
    const char = chars[at] ?? '';
    if (char === '*') {
      if (tokens.at(-1)?.kind !== 'star') tokens.push({ kind: 'star' });
    } else if (char === '?') {
      tokens.push({ kind: 'any' });
    } else if (char === '\\') {
      at += 1;
      const next = chars[at];
      if (next === undefined) return 'escape';
      tokens.push({ kind: 'char', char: next });
    } else if (char === '[') {
      const set = readSet(chars, at);
      if (set === null) return 'bracket';
      tokens.push(set.token);
      at = set.end;
    } else {
      tokens.push({ kind: 'char', char });
    }
  }
  return tokens;
}

function readSet(
  chars: readonly string[],
  start: number,
): { readonly token: Token; readonly end: number } | null {
  const negated = chars[start + 1] === '!' || chars[start + 1] === '^';
  const first = start + (negated ? 2 : 1);
  const ranges: (readonly [string, string])[] = [];
  for (let at = first; at < chars.length; at += 1) {
    const char = chars[at] ?? '';
    if (char === ']' && at > first) {
      return { token: { kind: 'set', negated, ranges }, end: at };
    }
    const upper = chars[at + 2];
    if (chars[at + 1] === '-' && upper !== undefined && upper !== ']') {
      ranges.push([char, upper]);
      at += 2;
    } else {
      ranges.push([char, char]);
    }
  }
  return null;
}

/**
 * Whether the segments match the whole path or a folder of it. `inside`: only a folder
 * will do, not the file itself.
 */
function matchPath(
  segments: readonly Segment[],
  names: readonly string[],
  inside: boolean,
): boolean {
  // reached[i]: the first names so far are matched by the first i segments.
  let reached = closure(segments, new Set([0]));
  for (const [index, name] of names.entries()) {
    const next = new Set<number>();
    for (const at of reached) {
      const segment = segments[at];
      if (segment === undefined) continue;
      if (segment === DEEP) next.add(at).add(at + 1);
      else if (matchName(segment, Array.from(name))) next.add(at + 1);
    }
    reached = closure(segments, next);
    const isLast = index === names.length - 1;
    if (reached.has(segments.length) && !(isLast && inside)) return true;
  }
  return false;
}

/** Positions reached without a further name: `**` may stand for no folder at all. */
function closure(segments: readonly Segment[], from: Set<number>): Set<number> {
  for (const at of from) {
    // `a/**` is what lies in `a`, not `a` itself.
    const isLast = at === segments.length - 1;
    if (segments[at] === DEEP && !isLast) from.add(at + 1);
  }
  return from;
}

/** The usual two-pointer match with one star to fall back to. */
function matchName(tokens: readonly Token[], name: readonly string[]): boolean {
  let token = 0;
  let char = 0;
  let star = -1;
  let mark = 0;
  while (char < name.length) {
    const now = tokens[token];
    if (now?.kind === 'star') {
      star = token;
      mark = char;
      token += 1;
    } else if (now !== undefined && matchChar(now, name[char] ?? '')) {
      token += 1;
      char += 1;
    } else if (star >= 0) {
      mark += 1;
      char = mark;
      token = star + 1;
    } else {
      return false;
    }
  }
  while (tokens[token]?.kind === 'star') token += 1;
  return token === tokens.length;
}

function matchChar(token: Token, char: string): boolean {
  switch (token.kind) {
    case 'char':
      return token.char === char;
    case 'set': {
      const within = token.ranges.some(([low, high]) => char >= low && char <= high);
      return within !== token.negated;
    }
    default:
      return true;
  }
}
