import type { CorsRule } from '../aspects.ts';
import { LIST_FIELDS } from './field-names.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** Writes rules as the XML document of S3's API. */
export function printCorsXml(rules: readonly CorsRule[]): string {
  const root = `<CORSConfiguration xmlns="${NAMESPACE}">`;
  const head = `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
  return `${head}${rules.map(ruleText).join('')}</CORSConfiguration>\n`;
}

/** Bytes of the document as it is sent: without blanks between its elements. */
export function corsDocumentBytes(rules: readonly CorsRule[]): number {
  const sent = printCorsXml(rules).replace(/>\n\s*</g, '><');
  return new TextEncoder().encode(sent).length;
}

function ruleText(rule: CorsRule): string {
  const leaves = [
    ...(rule.id === '' ? [] : [leaf('ID', rule.id)]),
    ...LIST_FIELDS.flatMap(({ field, xml }) =>
      rule[field].map((value) => leaf(xml, value)),
    ),
    ...(rule.maxAge === null ? [] : [leaf('MaxAgeSeconds', String(rule.maxAge))]),
  ];
  return `  <CORSRule>\n${leaves.map((text) => `    ${text}\n`).join('')}  </CORSRule>\n`;
}

function leaf(name: string, value: string): string {
  return `<${name}>${escape(value)}</${name}>`;
}

function escape(value: string): string {
  // Control characters as references too: XML would take a line end for another one.
  return value.replace(/[&<>\p{Cc}]/gu, (character) => {
    if (character === '&') return '&amp;';
    if (character === '<') return '&lt;';
    if (character === '>') return '&gt;';
    return `&#${character.charCodeAt(0)};`;
  });
}
