import type { CorsRule } from '../aspects.ts';
import { MAX_RULES } from './check-rules.ts';
import {
  type CorsQuestion,
  explainCors,
  firstOfOrigin,
  isAllowed,
  mismatches,
  type RuleOrder,
} from './match.ts';
import { fitsHeader } from './wildcard.ts';

/** A way to allow what is asked. */
export interface CorsProposal {
  /** A rule more, or one that is there allows more. */
  readonly kind: 'add' | 'extend';
  /** Where the rule is to be, or is. */
  readonly index: number;
  readonly rule: CorsRule;
  /** What is new in an extended rule; of an added one all. */
  readonly adds: {
    readonly origins: readonly string[];
    readonly methods: readonly string[];
    readonly headers: readonly string[];
  };
  /** What it allows beyond the question. */
  readonly side: SideEffect;
}

/** What an extension allows that nobody asked for. */
export interface SideEffect {
  /** The asked origin may use these methods too. */
  readonly methods: readonly string[];
  /** The asked origin may send these headers too. */
  readonly headers: readonly string[];
  /** These origins may do what was asked, too. */
  readonly origins: readonly string[];
}

/**
 * Ways to allow what is asked, the smallest first: that which allows the least beyond it,
 * then that which changes the least. Empty: it is allowed already.
 */
export function proposeCors(
  rules: readonly CorsRule[],
  question: CorsQuestion,
  order: RuleOrder = 'first-fit',
): readonly CorsProposal[] {
  if (isAllowed(explainCors(rules, question, order))) return [];
  const proposals: CorsProposal[] = [];
  if (rules.length < MAX_RULES) proposals.push(added(rules, question, order));
  for (const [index, rule] of rules.entries()) {
    const extended = extension(rule, index, question);
    if (extended === null) continue;
    const after = withProposal(rules, extended);
    if (isAllowed(explainCors(after, question, order))) proposals.push(extended);
  }
  return proposals.toSorted((a, b) => weight(a) - weight(b));
}

/** Rules with a proposal taken up. */
export function withProposal(
  rules: readonly CorsRule[],
  { kind, index, rule }: CorsProposal,
): readonly CorsRule[] {
  return rules.toSpliced(index, kind === 'extend' ? 1 : 0, rule);
}

function added(
  rules: readonly CorsRule[],
  question: CorsQuestion,
  order: RuleOrder,
): CorsProposal {
  const { winner } = explainCors(rules, question);
  const adds = {
    origins: [question.origin],
    methods: [question.method],
    headers: question.headers,
  };
  const first = firstOfOrigin(rules, question.origin);
  // No other rule is asked for the page then, so the new one has to give it what the
  // first one does.
  const taken = order === 'first-origin' ? rules[first] : undefined;
  return {
    kind: 'add',
    // Behind all others it takes nothing from them. Where one that says `*` would win, it
    // has to come first.
    index: taken === undefined ? (winner ?? rules.length) : first,
    rule: {
      id: '',
      origins: [...adds.origins],
      methods: [...new Set([...(taken?.methods ?? []), ...adds.methods])],
      headers: [
        ...(taken?.headers ?? []),
        ...adds.headers.filter(
          (name) => taken?.headers.some((one) => fitsHeader(one, name)) !== true,
        ),
      ],
      exposed: [...(taken?.exposed ?? [])],
      maxAge: taken?.maxAge ?? null,
    },
    adds,
    side: { origins: [], methods: [], headers: [] },
  };
}

/** A rule with what it lacks; `null`: it lacks origin and method, so it is another rule. */
function extension(
  rule: CorsRule,
  index: number,
  question: CorsQuestion,
): CorsProposal | null {
  const reasons = mismatches(rule, question);
  const lacks = (kind: 'origin' | 'method'): boolean =>
    reasons.some((reason) => reason.kind === kind);
  if (reasons.length === 0 || (lacks('origin') && lacks('method'))) return null;
  const missing = reasons.flatMap((reason) =>
    reason.kind === 'headers' ? reason.missing : [],
  );
  const adds = {
    origins: lacks('origin') ? [question.origin] : [],
    methods: lacks('method') ? [question.method] : [],
    headers: missing,
  };
  const asked = (pattern: string): boolean =>
    question.headers.some((name) => fitsHeader(pattern, name)) && !pattern.includes('*');
  return {
    kind: 'extend',
    index,
    rule: {
      ...rule,
      origins: [...rule.origins, ...adds.origins],
      methods: [...rule.methods, ...adds.methods],
      headers: [...rule.headers, ...adds.headers],
    },
    adds,
    side: {
      // Its own rule lets an origin do the rest already.
      methods: lacks('origin')
        ? rule.methods.filter((method) => method !== question.method)
        : [],
      headers: lacks('origin') ? rule.headers.filter((name) => !asked(name)) : [],
      origins:
        adds.methods.length + adds.headers.length > 0
          ? rule.origins.filter((origin) => origin !== question.origin)
          : [],
    },
  };
}

function weight({ kind, adds, side }: CorsProposal): number {
  const beyond = side.methods.length + side.headers.length + side.origins.length;
  const size = adds.origins.length + adds.methods.length + adds.headers.length;
  return beyond * 1_000 + (kind === 'add' ? 500 : 0) + size;
}
