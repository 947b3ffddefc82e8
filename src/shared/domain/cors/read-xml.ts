import type { CorsRule } from '../aspects.ts';
import { type CorsReading, Notes, type RuleLines, reading } from './document.ts';
import { LIST_FIELDS, unknownField } from './field-names.ts';
import { readXmlText, type XmlNode } from './xml-text.ts';

/** Reads rules as the XML of S3's API: `<CORSConfiguration><CORSRule>…`. */
export function readCorsXml(text: string): CorsReading {
  return reading(text, () => {
    const notes = new Notes(text);
    const root = readXmlText(text);
    if (root.name !== 'CORSConfiguration') {
      notes.complain(
        root.at,
        root.name === 'CORSRule'
          ? 'Put the rules into <CORSConfiguration>…</CORSConfiguration>.'
          : `The document has to be a <CORSConfiguration>, not a <${root.name}>.`,
      );
      return notes.reading('xml', []);
    }
    if (root.text.trim() !== '') {
      notes.complain(root.at, 'There is text in <CORSConfiguration> where rules belong.');
    }
    const rules = root.children.filter(({ name, at }) => {
      if (name === 'CORSRule') return true;
      notes.complain(
        at,
        /^corsrules?$/i.test(name)
          ? `Write <CORSRule> for each rule instead of <${name}>.`
          : `<${name}> does not belong into <CORSConfiguration>, only <CORSRule> does.`,
      );
      return false;
    });
    return notes.reading(
      'xml',
      rules.map((node) => readRule(node, notes)),
    );
  });
}

function readRule(
  node: XmlNode,
  notes: Notes,
): { readonly rule: CorsRule; readonly lines: RuleLines } {
  const rule: CorsRule = {
    id: '',
    origins: [],
    methods: [],
    headers: [],
    exposed: [],
    maxAge: null,
  };
  const lists = {
    origins: [] as number[],
    methods: [] as number[],
    headers: [] as number[],
    exposed: [] as number[],
  };
  const lines = { rule: notes.line(node.at), id: 0, maxAge: 0 };
  if (node.text.trim() !== '') {
    notes.complain(node.at, 'There is text in <CORSRule> where elements belong.');
  }
  const seen = new Set<string>();
  for (const { name, at, text, children } of node.children) {
    if (children.length > 0) notes.complain(at, `<${name}> takes a text, no elements.`);
    const list = LIST_FIELDS.find(({ xml }) => xml === name);
    if (list !== undefined) {
      rule[list.field].push(text);
      lists[list.field].push(notes.line(at));
      continue;
    }
    if (name !== 'ID' && name !== 'MaxAgeSeconds') {
      notes.complain(at, unknownField(name, 'xml'));
      continue;
    }
    if (seen.has(name)) {
      notes.complain(at, `<${name}> is there twice in this rule. Keep one of them.`);
    }
    seen.add(name);
    if (name === 'ID') {
      rule.id = text;
      lines.id = notes.line(at);
    } else {
      rule.maxAge = readAge(at, text, notes);
      lines.maxAge = notes.line(at);
    }
  }
  return { rule, lines: { ...lines, ...lists } };
}

function readAge(at: number, text: string, notes: Notes): number | null {
  const number = /^\s*-?\d+\s*$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(number)) return number === 0 ? 0 : number;
  notes.complain(
    at,
    '<MaxAgeSeconds> takes a whole number, such as 3000. Leave it out for none.',
  );
  return null;
}
