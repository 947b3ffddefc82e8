import type { RuleField } from './document.ts';

/** What a list of a rule is called in JSON and in XML. */
export const LIST_FIELDS = [
  { field: 'origins', json: 'AllowedOrigins', xml: 'AllowedOrigin' },
  { field: 'methods', json: 'AllowedMethods', xml: 'AllowedMethod' },
  { field: 'headers', json: 'AllowedHeaders', xml: 'AllowedHeader' },
  { field: 'exposed', json: 'ExposeHeaders', xml: 'ExposeHeader' },
] as const satisfies readonly {
  readonly field: RuleField;
  readonly json: string;
  readonly xml: string;
}[];

/** What people write instead, in lower case and without a plural. */
const MEANT: Readonly<Record<string, 'id' | ListField | 'maxAge'>> = {
  id: 'id',
  name: 'id',
  allowedorigin: 'origins',
  alloworigin: 'origins',
  origin: 'origins',
  allowedmethod: 'methods',
  allowmethod: 'methods',
  method: 'methods',
  allowedheader: 'headers',
  allowheader: 'headers',
  header: 'headers',
  exposeheader: 'exposed',
  exposedheader: 'exposed',
  responseheader: 'exposed',
  maxagesecond: 'maxAge',
  maxage: 'maxAge',
};

type ListField = (typeof LIST_FIELDS)[number]['field'];

/** What to do about a field of a rule that S3 does not know. */
export function unknownField(name: string, format: 'json' | 'xml'): string {
  const shown = format === 'json' ? `"${name}"` : `<${name}>`;
  const plain = name
    .toLowerCase()
    .replace(/[^a-z]/g, '')
    .replace(/s$/, '');
  const field = Object.hasOwn(MEANT, plain) ? MEANT[plain] : undefined;
  if (field === undefined) {
    const all = fieldNames(format).join(', ');
    return `A rule has no field ${shown}. Its fields are ${all}.`;
  }
  const right = nameOf(field, format);
  return `A rule has no field ${shown}. Write ${format === 'json' ? `"${right}"` : `<${right}>`}.`;
}

function nameOf(field: RuleField, format: 'json' | 'xml'): string {
  if (field === 'id') return 'ID';
  return LIST_FIELDS.find((one) => one.field === field)?.[format] ?? 'MaxAgeSeconds';
}

function fieldNames(format: 'json' | 'xml'): readonly string[] {
  return ['ID', ...LIST_FIELDS.map((one) => one[format]), 'MaxAgeSeconds'];
}
