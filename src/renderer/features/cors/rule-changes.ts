import type { CorsRule } from '../../../shared/domain/aspects.ts';
import { ruleKey } from '../../../shared/domain/cors/document.ts';
import { ruleText } from '../../../shared/messages/cors.en.ts';
import type { ChangeLine, Consequence } from '../aspects/aspect-editor.ts';

/** Fields in the order of the form, with their values as one text. */
const FIELDS: readonly (readonly [string, (rule: CorsRule) => string])[] = [
  ['ID', ({ id }) => id],
  ['origins', ({ origins }) => origins.join(', ')],
  ['methods', ({ methods }) => methods.join(', ')],
  ['allowed headers', ({ headers }) => headers.join(', ')],
  ['exposed headers', ({ exposed }) => exposed.join(', ')],
  ['max age', ({ maxAge }) => (maxAge === null ? '' : `${maxAge} s`)],
];

/**
 * What differs between two lists of rules. Rules that stayed the same hold the others in
 * their places, so that one more at the top is one line and not a change of all. A rule
 * that only has another place is told as moved: servers take the first that matches.
 */
export function corsChanges(
  before: readonly CorsRule[],
  after: readonly CorsRule[],
): readonly ChangeLine[] {
  const common = commonRules(before, after);
  const moved = movedRules(before, after, common);
  const gone = new Set(moved.values());
  const lines: ChangeLine[] = [];
  let old = 0;
  let now = 0;
  for (const [keptOld, keptNow] of [...common, [before.length, after.length] as const]) {
    // What is there between two rules that hold their places.
    const olds = indices(old, keptOld).filter((index) => !gone.has(index));
    for (const index of indices(now, keptNow)) {
      const is = after[index];
      if (is === undefined) continue;
      const from = moved.get(index);
      const label = `Rule ${index + 1}`;
      if (from !== undefined) {
        lines.push({
          kind: 'moved',
          label: `Rule ${from + 1} → ${index + 1}`,
          value: ruleText(is),
        });
        continue;
      }
      const was = before[olds.shift() ?? -1];
      if (was === undefined) lines.push({ kind: 'added', label, after: ruleText(is) });
      else lines.push(...fieldChanges(label, was, is));
    }
    for (const index of olds) {
      const was = before[index];
      if (was === undefined) continue;
      lines.push({
        kind: 'removed',
        label: `Rule ${index + 1}`,
        before: ruleText(was),
      });
    }
    // Past the rule that is in both.
    old = keptOld + 1;
    now = keptNow + 1;
  }
  return lines;
}

/** Where each rule that only has another place was, by where it is now. */
function movedRules(
  before: readonly CorsRule[],
  after: readonly CorsRule[],
  common: readonly (readonly [number, number])[],
): ReadonlyMap<number, number> {
  const heldOld = new Set(common.map(([old]) => old));
  const heldNow = new Set(common.map(([, now]) => now));
  const free = new Map<string, number[]>();
  for (const [index, rule] of before.entries()) {
    if (heldOld.has(index)) continue;
    const key = ruleKey(rule);
    free.set(key, [...(free.get(key) ?? []), index]);
  }
  const moved = new Map<number, number>();
  for (const [index, rule] of after.entries()) {
    const from = heldNow.has(index) ? undefined : free.get(ruleKey(rule))?.shift();
    if (from !== undefined) moved.set(index, from);
  }
  return moved;
}

function indices(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, offset) => from + offset);
}

/** What a save brings with it. */
export function corsConsequences(
  before: readonly CorsRule[],
  after: readonly CorsRule[],
): readonly Consequence[] {
  const found: Consequence[] = [];
  if (after.length === 0 && before.length > 0) {
    found.push({
      tone: 'warning',
      text: 'Without rules the configuration is removed: pages of other origins reach nothing in this bucket any more.',
    });
  }
  const open = writableByAll(after);
  const known = writableByAll(before);
  const added = open.filter((method) => !known.includes(method));
  if (added.length > 0) {
    found.push({
      tone: 'warning',
      text: `Any page may send ${added.join(', ')}. That opens nothing by itself: keys, policies and ACLs still decide who may write.`,
    });
  }
  return found;
}

function writableByAll(rules: readonly CorsRule[]): readonly string[] {
  const methods = rules
    .filter(({ origins }) => origins.includes('*'))
    .flatMap((rule) => rule.methods);
  return ['PUT', 'POST', 'DELETE'].filter((method) => methods.includes(method));
}

function fieldChanges(
  label: string,
  before: CorsRule,
  after: CorsRule,
): readonly ChangeLine[] {
  return FIELDS.flatMap(([name, read]): ChangeLine[] => {
    const was = read(before);
    const is = read(after);
    const field = `${label}, ${name}`;
    if (was === is) return [];
    if (was === '') return [{ kind: 'added', label: field, after: is }];
    if (is === '') return [{ kind: 'removed', label: field, before: was }];
    return [{ kind: 'changed', label: field, before: was, after: is }];
  });
}

/** Pairs of indices of the longest run of rules that both have in this order. */
function commonRules(
  before: readonly CorsRule[],
  after: readonly CorsRule[],
): readonly (readonly [number, number])[] {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  const olds = before.map(ruleKey);
  const news = after.map(ruleKey);
  const same = (old: number, now: number): boolean => olds[old] === news[now];
  for (let old = before.length - 1; old >= 0; old -= 1) {
    for (let now = after.length - 1; now >= 0; now -= 1) {
      const at = old * width + now;
      lengths[at] = same(old, now)
        ? (lengths[at + width + 1] ?? 0) + 1
        : Math.max(lengths[at + width] ?? 0, lengths[at + 1] ?? 0);
    }
  }
  const pairs: [number, number][] = [];
  let old = 0;
  let now = 0;
  while (old < before.length && now < after.length) {
    const at = old * width + now;
    if (same(old, now)) {
      pairs.push([old, now]);
      old += 1;
      now += 1;
    } else if ((lengths[at + width] ?? 0) >= (lengths[at + 1] ?? 0)) old += 1;
    else now += 1;
  }
  return pairs;
}
