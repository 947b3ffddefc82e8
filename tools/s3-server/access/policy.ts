import type { PolicyCondition } from './policy-conditions.ts';
import { conditionsHold } from './policy-conditions.ts';
import { fits } from './wildcard.ts';

/** A list of patterns, or everything but them. */
interface Patterns {
  readonly not: boolean;
  readonly patterns: readonly string[];
}

/** Whom a statement is about. */
export type Principal =
  | { readonly kind: 'anybody' }
  | { readonly kind: 'account'; readonly account: string }
  | { readonly kind: 'user'; readonly account: string; readonly user: string };

/** A statement of a bucket's policy. */
export interface Statement {
  readonly allow: boolean;
  readonly principals: readonly Principal[];
  /** IAM actions, in lower case. */
  readonly actions: Patterns;
  /** What follows `arn:aws:s3:::`. */
  readonly resources: Patterns;
  readonly conditions: readonly PolicyCondition[];
}

/** What a policy is asked. */
export interface PolicyQuestion {
  /** Undefined: whoever does not sign. */
  readonly account: string | undefined;
  readonly user: string | undefined;
  readonly action: string;
  /** `bucket` or `bucket/key`. */
  readonly resource: string;
  /** Condition keys in lower case. */
  readonly facts: Readonly<Record<string, string | undefined>>;
}

/** What a policy says. */
export type PolicyVerdict = 'allow' | 'deny' | 'none';

/** Judges a question; a statement that denies outweighs all that allow. */
export function judgePolicy(
  statements: readonly Statement[],
  question: PolicyQuestion,
): PolicyVerdict {
  const matching = statements.filter((statement) => concerns(statement, question));
  if (matching.some(({ allow }) => !allow)) return 'deny';
  return matching.length > 0 ? 'allow' : 'none';
}

function concerns(statement: Statement, question: PolicyQuestion): boolean {
  const { action, resource, facts } = question;
  return (
    statement.principals.some((principal) => isMeant(principal, question)) &&
    matches(statement.actions, action.toLowerCase()) &&
    matches(statement.resources, resource) &&
    conditionsHold(statement.conditions, facts)
  );
}

function isMeant(principal: Principal, { account, user }: PolicyQuestion): boolean {
  if (principal.kind === 'anybody') return true;
  if (principal.account !== account) return false;
  return principal.kind === 'account' || principal.user === user;
}

function matches({ not, patterns }: Patterns, text: string): boolean {
  return patterns.some((pattern) => fits(pattern, text, true)) !== not;
}

/**
 * Whether AWS calls a policy public: a statement allows something to anybody. No
 * condition this server knows (a prefix, a referrer, TLS) narrows the circle.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
export function isPublicPolicy(statements: readonly Statement[]): boolean {
  return statements.some(
    ({ allow, principals }) => allow && principals.some(({ kind }) => kind === 'anybody'),
  );
}
