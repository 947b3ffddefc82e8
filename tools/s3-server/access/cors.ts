import type { CorsRule } from '../store/settings.ts';
import { fits } from './wildcard.ts';

/** What a page asks, in a preflight or by the request itself. */
export interface CorsQuestion {
  readonly origin: string;
  readonly method: string;
  /** In lower case; none for the request itself, whose headers nobody checks. */
  readonly headers: readonly string[];
}

/** The first rule that allows what a page asks. */
export function matchingRule(
  rules: readonly CorsRule[],
  { origin, method, headers }: CorsQuestion,
): CorsRule | undefined {
  return rules.find(
    (rule) =>
      rule.allowedOrigins.some((pattern) => fits(pattern, origin)) &&
      rule.allowedMethods.includes(method) &&
      headers.every((name) =>
        rule.allowedHeaders.some((pattern) => fits(pattern.toLowerCase(), name)),
      ),
  );
}

/**
 * The response headers by which a rule lets a page in.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTOPTIONSobject.html
 */
export function corsHeaders(
  rule: CorsRule,
  { origin, headers }: CorsQuestion,
): Record<string, string | undefined> {
  const anyOrigin = rule.allowedOrigins.includes('*');
  return {
    'access-control-allow-origin': anyOrigin ? '*' : origin,
    'access-control-allow-methods': rule.allowedMethods.join(', '),
    'access-control-allow-headers': headers.length > 0 ? headers.join(', ') : undefined,
    'access-control-expose-headers':
      rule.exposeHeaders.length > 0 ? rule.exposeHeaders.join(', ') : undefined,
    'access-control-max-age':
      rule.maxAgeSeconds === undefined ? undefined : String(rule.maxAgeSeconds),
    // Browsers refuse credentials together with "*".
    'access-control-allow-credentials': anyOrigin ? undefined : 'true',
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}
