import type { CorsRule } from '../aspects.ts';
import { type CorsReading, Notes, type RuleLines, reading } from './document.ts';
import { LIST_FIELDS, unknownField } from './field-names.ts';
import { type JsonMember, type JsonNode, readJsonText } from './json-text.ts';

interface Found {
  readonly rule: CorsRule;
  readonly lines: RuleLines;
}

/**
 * Reads rules as JSON: `{"CORSRules": […]}` as `aws s3api` takes and prints it, or the
 * bare array of Amazon's console.
 */
export function readCorsJson(text: string): CorsReading {
  return reading(text, () => {
    const notes = new Notes(text);
    const root = readJsonText(text);
    const list = rulesOf(root, notes);
    return notes.reading(
      root.kind === 'list' ? 'list' : 'json',
      list.map((node) => readRule(node, notes)),
    );
  });
}

function rulesOf(root: JsonNode, notes: Notes): readonly JsonNode[] {
  if (root.kind === 'list') return root.items;
  if (root.kind !== 'object') {
    notes.complain(root.at, 'Write {"CORSRules": […]} or a list of rules, […].');
    return [];
  }
  let rules: readonly JsonNode[] | null = null;
  for (const { name, at, value } of root.members) {
    if (name !== 'CORSRules') notes.complain(at, strayMember(name));
    else if (value.kind === 'list') rules = value.items;
    else notes.complain(value.at, '"CORSRules" takes a list of rules, […].');
  }
  if (rules === null && root.members.every(({ name }) => name !== 'CORSRules')) {
    if (root.members.length === 0) {
      notes.complain(root.at, 'The field "CORSRules" is missing: {"CORSRules": […]}.');
    }
  }
  return rules ?? [];
}

function strayMember(name: string): string {
  if (/^corsrules?$/i.test(name)) return `Write "CORSRules" instead of "${name}".`;
  if (/^(?:allow|expose|max|id$)/i.test(name)) {
    return `"${name}" belongs into a rule. Put the rule into a list: [{…}].`;
  }
  return `The document has no field "${name}". Its only one is "CORSRules".`;
}

function readRule(node: JsonNode, notes: Notes): Found {
  const rule: CorsRule = {
    id: '',
    origins: [],
    methods: [],
    headers: [],
    exposed: [],
    maxAge: null,
  };
  const lists = { origins: [], methods: [], headers: [], exposed: [] } as {
    [F in (typeof LIST_FIELDS)[number]['field']]: readonly number[];
  };
  const lines = { rule: notes.line(node.at), id: 0, maxAge: 0 };
  if (node.kind !== 'object') {
    notes.complain(node.at, 'A rule is written in braces, {…}.');
    return { rule, lines: { ...lines, ...lists } };
  }
  for (const member of node.members) {
    const { name, at, value } = member;
    const list = LIST_FIELDS.find(({ json }) => json === name);
    if (list !== undefined) {
      const texts = readTexts(member, notes);
      rule[list.field] = texts.map((one) => one.value);
      lists[list.field] = texts.map((one) => notes.line(one.at));
    } else if (name === 'ID') {
      if (value.kind === 'text') rule.id = value.value;
      else notes.complain(value.at, '"ID" takes a text in double quotes.');
      lines.id = notes.line(value.at);
    } else if (name === 'MaxAgeSeconds') {
      rule.maxAge = readAge(value, notes);
      lines.maxAge = notes.line(value.at);
    } else notes.complain(at, unknownField(name, 'json'));
  }
  return { rule, lines: { ...lines, ...lists } };
}

function readTexts(
  { name, value }: JsonMember,
  notes: Notes,
): readonly { readonly at: number; readonly value: string }[] {
  if (value.kind !== 'list') {
    notes.complain(
      value.at,
      value.kind === 'text'
        ? `"${name}" takes a list: write [${JSON.stringify(value.value)}].`
        : `"${name}" takes a list of texts, such as ["…"].`,
    );
    return [];
  }
  return value.items.flatMap((item) => {
    if (item.kind === 'text') return [item];
    notes.complain(item.at, `"${name}" takes texts, in double quotes.`);
    return [];
  });
}

function readAge(value: JsonNode, notes: Notes): number | null {
  if (value.kind === 'number' && Number.isSafeInteger(value.value)) return value.value;
  notes.complain(
    value.at,
    value.kind === 'text' && /^\d+$/.test(value.value)
      ? `Write ${value.value} without quotes.`
      : '"MaxAgeSeconds" takes a whole number, such as 3000. Leave the field out for none.',
  );
  return null;
}
