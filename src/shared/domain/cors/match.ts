import type { CorsRule } from '../aspects.ts';
import { fitsHeader, fitsWildcard } from './wildcard.ts';

/** What a page wants to do with a bucket. */
export interface CorsQuestion {
  /** As a browser sends it, such as `https://app.example.com`, or `null` as a text. */
  readonly origin: string;
  readonly method: string;
  /** Names of the headers it asks for, in any case. */
  readonly headers: readonly string[];
  /** Whether cookies or other credentials go along (`credentials: 'include'`). */
  readonly credentials: boolean;
}

/** Why a rule does not allow what is asked. All that is in the way, not only the first. */
export type MismatchReason =
  | { readonly kind: 'origin'; readonly allowed: readonly string[] }
  | { readonly kind: 'method'; readonly allowed: readonly string[] }
  /** Headers it does not allow. */
  | { readonly kind: 'headers'; readonly missing: readonly string[] };

/** What one rule says to a question. */
export type RuleVerdict =
  | { readonly kind: 'wins' }
  /** It would allow it too, but an earlier rule is asked first. */
  | { readonly kind: 'too-late' }
  | { readonly kind: 'misses'; readonly reasons: readonly MismatchReason[] };

/** What the rules say to a question. */
export interface CorsVerdict {
  /** The rule that S3 takes; `null`: none, so the browser refuses. */
  readonly winner: number | null;
  /** One for each rule. */
  readonly rules: readonly RuleVerdict[];
  /**
   * The rule that wins answers any origin with `*`, and with that browsers refuse
   * requests that carry credentials.
   */
  readonly refusedForCredentials: boolean;
}

/**
 * Which rule a server asks: Amazon the first that fits altogether, Ceph's radosgw the
 * first whose origin fits, and then no other one.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html
 */
export type RuleOrder = 'first-fit' | 'first-origin';

/** Goes through rules as a server does, and says of each why it does not do. */
export function explainCors(
  rules: readonly CorsRule[],
  question: CorsQuestion,
  order: RuleOrder = 'first-fit',
): CorsVerdict {
  const reasons = rules.map((rule) => mismatches(rule, question));
  const asked =
    order === 'first-fit'
      ? reasons.findIndex((list) => list.length === 0)
      : firstOfOrigin(rules, question.origin);
  const winner = reasons[asked]?.length === 0 ? asked : null;
  return {
    winner,
    rules: reasons.map((list, index) => {
      if (list.length > 0) return { kind: 'misses', reasons: list };
      return { kind: index === winner ? 'wins' : 'too-late' };
    }),
    refusedForCredentials:
      winner !== null &&
      question.credentials &&
      rules[winner]?.origins.includes('*') === true,
  };
}

/** Whether a browser would go on by what the rules say. */
export function isAllowed({ winner, refusedForCredentials }: CorsVerdict): boolean {
  return winner !== null && !refusedForCredentials;
}

/** The first rule whose origin fits; -1: none. */
export function firstOfOrigin(rules: readonly CorsRule[], origin: string): number {
  return rules.findIndex((rule) =>
    rule.origins.some((pattern) => fitsWildcard(pattern, origin)),
  );
}

/**
 * What a server's answer to a question tells of the order in which it asks its rules;
 * `null`: nothing.
 */
export function orderToldBy(
  rules: readonly CorsRule[],
  question: CorsQuestion,
  allowed: boolean,
): RuleOrder | null {
  const orders = (['first-fit', 'first-origin'] as const).filter(
    (order) => isAllowed(explainCors(rules, question, order)) === allowed,
  );
  const [only] = orders;
  return orders.length === 1 && only !== undefined ? only : null;
}

/** All that keeps a rule from allowing what is asked; empty: it allows it. */
export function mismatches(
  rule: CorsRule,
  { origin, method, headers }: CorsQuestion,
): readonly MismatchReason[] {
  const reasons: MismatchReason[] = [];
  if (!rule.origins.some((pattern) => fitsWildcard(pattern, origin))) {
    reasons.push({ kind: 'origin', allowed: rule.origins });
  }
  if (!rule.methods.includes(method)) {
    reasons.push({ kind: 'method', allowed: rule.methods });
  }
  const missing = headers.filter(
    (name) => !rule.headers.some((pattern) => fitsHeader(pattern, name)),
  );
  if (missing.length > 0) reasons.push({ kind: 'headers', missing });
  return reasons;
}
