import type { CorsRule } from '../aspects.ts';

/** Characters of a line, beyond which a list gets one line for each value. */
const WIDTH = 72;

/**
 * Writes rules as JSON: as `aws s3api put-bucket-cors` takes it, or (`list`) as the bare
 * array of Amazon's console. Lists that are empty and may be missing are left out.
 */
export function printCorsJson(
  rules: readonly CorsRule[],
  shape: 'json' | 'list' = 'json',
): string {
  if (shape === 'list') return `${listText(rules, '')}\n`;
  return `{\n  "CORSRules": ${listText(rules, '  ')}\n}\n`;
}

function listText(rules: readonly CorsRule[], indent: string): string {
  if (rules.length === 0) return '[]';
  const inner = `${indent}  `;
  const texts = rules.map((rule) => `${inner}${ruleText(rule, inner)}`);
  return `[\n${texts.join(',\n')}\n${indent}]`;
}

function ruleText(rule: CorsRule, indent: string): string {
  const inner = `${indent}  `;
  const members: string[] = [];
  const add = (name: string, value: string): void => {
    members.push(`${inner}"${name}": ${value}`);
  };
  if (rule.id !== '') add('ID', JSON.stringify(rule.id));
  add('AllowedOrigins', textsOf(rule.origins, inner));
  add('AllowedMethods', textsOf(rule.methods, inner));
  if (rule.headers.length > 0) add('AllowedHeaders', textsOf(rule.headers, inner));
  if (rule.exposed.length > 0) add('ExposeHeaders', textsOf(rule.exposed, inner));
  if (rule.maxAge !== null) add('MaxAgeSeconds', String(rule.maxAge));
  return `{\n${members.join(',\n')}\n${indent}}`;
}

function textsOf(values: readonly string[], indent: string): string {
  const texts = values.map((value) => JSON.stringify(value));
  const short = `[${texts.join(', ')}]`;
  if (short.length <= WIDTH) return short;
  const inner = `${indent}  `;
  return `[\n${texts.map((text) => inner + text).join(',\n')}\n${indent}]`;
}
