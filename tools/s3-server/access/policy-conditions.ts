import { fits } from './wildcard.ts';

/** Operators of conditions this server judges. */
export const CONDITION_OPERATORS = [
  'StringEquals',
  'StringNotEquals',
  'StringLike',
  'StringNotLike',
  'Bool',
] as const;

/** Keys of conditions this server judges, in lower case. */
export const CONDITION_KEYS: ReadonlySet<string> = new Set([
  's3:prefix',
  's3:delimiter',
  's3:x-amz-acl',
  'aws:referer',
  'aws:securetransport',
]);

/** A condition of a policy's statement. */
export interface PolicyCondition {
  readonly operator: (typeof CONDITION_OPERATORS)[number];
  /** In lower case. */
  readonly key: string;
  /** Any of them. */
  readonly values: readonly string[];
}

/** Whether all conditions hold; a fact that is missing fails all but the negated ones. */
export function conditionsHold(
  conditions: readonly PolicyCondition[],
  facts: Readonly<Record<string, string | undefined>>,
): boolean {
  return conditions.every((condition) => holds(condition, facts[condition.key]));
}

function holds({ operator, values }: PolicyCondition, fact: string | undefined): boolean {
  const like = operator === 'StringLike' || operator === 'StringNotLike';
  const negated = operator === 'StringNotEquals' || operator === 'StringNotLike';
  const found =
    fact !== undefined &&
    values.some((value) => (like ? fits(value, fact, true) : value === fact));
  return found !== negated;
}
