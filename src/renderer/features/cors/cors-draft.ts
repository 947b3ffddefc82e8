import type { CorsRule } from '../../../shared/domain/aspects.ts';
import { checkCors } from '../../../shared/domain/cors/check-rules.ts';
import {
  type CorsReading,
  type DocumentProblem,
  EMPTY_RULE,
  sameRules,
} from '../../../shared/domain/cors/document.ts';
import { printCorsJson } from '../../../shared/domain/cors/print-json.ts';
import { printCorsXml } from '../../../shared/domain/cors/print-xml.ts';
import { looksLikeXml } from '../../../shared/domain/cors/read-document.ts';
import { readCorsJson } from '../../../shared/domain/cors/read-json.ts';
import { readCorsXml } from '../../../shared/domain/cors/read-xml.ts';
import type { Problem } from '../aspects/aspect-editor.ts';

/** The views of the rules, and the lab that tries them. */
export type CorsView = 'form' | 'json' | 'xml' | 'lab';
/** The views that are texts. */
export type TextView = Extract<CorsView, 'json' | 'xml'>;

/** A rule in the form. */
export interface RuleRow {
  /** Tells rules from each other, also while they are equal. */
  readonly id: number;
  readonly rule: CorsRule;
}

/** Rules as they are edited: one list, shown as a form, as JSON or as XML. */
export interface CorsDraft {
  readonly view: CorsView;
  /** What the rules are; while a text does not parse, what they were before. */
  readonly rows: readonly RuleRow[];
  /** Texts as they were typed, for as long as they say what the rules are. */
  readonly typed: Readonly<Record<TextView, string | null>>;
  /** How JSON is written: as the AWS CLI does, or as a bare list. */
  readonly shape: 'json' | 'list';
  /** Why the text on screen cannot be read; empty: it can. */
  readonly broken: readonly DocumentProblem[];
  /** Somebody wanted to leave a text that cannot be read: it says why it stays. */
  readonly stuck: boolean;
  /** The rules on the server. */
  readonly saved: readonly CorsRule[];
}

const NO_TEXTS = { json: null, xml: null } as const;

/** The draft of rules as they were read. */
export function corsDraft(saved: readonly CorsRule[]): CorsDraft {
  return {
    view: 'form',
    rows: saved.map((rule, id) => ({ id, rule })),
    typed: NO_TEXTS,
    shape: 'json',
    broken: [],
    stuck: false,
    saved,
  };
}

/** The rules of a draft. */
export function rulesOf({ rows }: CorsDraft): CorsRule[] {
  return rows.map(({ rule }) => rule);
}

/**
 * What would be saved. A text that cannot be read is never saved, as it is a problem; it
 * counts as a change all the same, so that nobody throws it away unasked.
 */
export function corsValue(draft: CorsDraft): CorsRule[] {
  const rules = rulesOf(draft);
  return draft.broken.length > 0 ? [...rules, EMPTY_RULE] : rules;
}

/** The text of a view: as typed, or as the rules are written. */
export function textOf(draft: CorsDraft, view: TextView): string {
  const typed = draft.typed[view];
  if (typed !== null) return typed;
  const rules = rulesOf(draft);
  return view === 'xml' ? printCorsXml(rules) : printCorsJson(rules, draft.shape);
}

/** Reads a text as a view shows it. */
export function readAs(view: TextView, text: string): CorsReading {
  return view === 'xml' ? readCorsXml(text) : readCorsJson(text);
}

/** A draft with a text typed. What cannot be read leaves the rules as they were. */
export function withText(draft: CorsDraft, view: TextView, text: string): CorsDraft {
  const found = readAs(view, text);
  if (!found.ok) {
    return {
      ...draft,
      view,
      typed: { ...draft.typed, [view]: text },
      broken: found.problems,
    };
  }
  const next = withRules(draft, found.rules);
  return {
    ...next,
    view,
    typed: { ...next.typed, [view]: text },
    shape: found.format === 'xml' ? draft.shape : found.format,
    broken: [],
    stuck: false,
  };
}

/** A draft with other rules; texts that say something else are written anew. */
export function withRules(draft: CorsDraft, rules: readonly CorsRule[]): CorsDraft {
  const typed = sameRules(rules, rulesOf(draft)) ? draft.typed : NO_TEXTS;
  let next = nextId(draft.rows);
  const rows = rules.map((rule, index) => {
    const id = draft.rows[index]?.id ?? next;
    if (id === next) next += 1;
    return { id, rule };
  });
  return { ...draft, rows, typed };
}

/** A draft with its rows changed; texts are written anew. */
export function withRows(draft: CorsDraft, rows: readonly RuleRow[]): CorsDraft {
  return { ...draft, rows, typed: NO_TEXTS };
}

/** A draft with one more rule, at the end or before the rule at `index`. */
export function withRule(
  draft: CorsDraft,
  rule: CorsRule = EMPTY_RULE,
  index = draft.rows.length,
): CorsDraft {
  const row = { id: nextId(draft.rows), rule };
  return withRows(draft, draft.rows.toSpliced(index, 0, row));
}

/** A draft with a rule changed. */
export function withChanged(
  draft: CorsDraft,
  id: number,
  changes: Partial<CorsRule>,
): CorsDraft {
  return withRows(
    draft,
    draft.rows.map((row) =>
      row.id === id ? { id, rule: { ...row.rule, ...changes } } : row,
    ),
  );
}

/** A draft without a rule. */
export function withoutRule(draft: CorsDraft, id: number): CorsDraft {
  return withRows(
    draft,
    draft.rows.filter((row) => row.id !== id),
  );
}

/** A draft with a rule asked one place earlier (-1) or later (1). */
export function withMoved(draft: CorsDraft, id: number, by: -1 | 1): CorsDraft {
  const from = draft.rows.findIndex((row) => row.id === id);
  const row = draft.rows[from];
  const to = from + by;
  if (row === undefined || to < 0 || to >= draft.rows.length) return draft;
  return withRows(draft, draft.rows.toSpliced(from, 1).toSpliced(to, 0, row));
}

/** Another view, unless the text on screen cannot be read: then it stays and says so. */
export function shownAs(draft: CorsDraft, view: CorsView): CorsDraft {
  if (view === draft.view) return draft;
  return draft.broken.length > 0 ? { ...draft, stuck: true } : { ...draft, view };
}

/** A draft without the text that cannot be read: as the rules were before it. */
export function withoutText(draft: CorsDraft): CorsDraft {
  return { ...draft, typed: NO_TEXTS, broken: [], stuck: false };
}

/** JSON written the other way. */
export function withShape(draft: CorsDraft, shape: CorsDraft['shape']): CorsDraft {
  return { ...draft, shape, typed: { ...draft.typed, json: null } };
}

/** A draft with a file's rules in place of all. One that cannot be read is shown as text. */
export function withFile(draft: CorsDraft, text: string): CorsDraft {
  const view = looksLikeXml(text) ? 'xml' : 'json';
  const opened = withText({ ...draft, broken: [], stuck: false }, view, text);
  const stays = opened.broken.length === 0 && draft.view !== 'lab';
  return stays && draft.view === 'form' ? { ...opened, view: 'form' } : opened;
}

/** What keeps a draft from being saved. */
export function corsProblems(draft: CorsDraft): readonly Problem[] {
  const [first] = draft.broken;
  if (first !== undefined) {
    return [{ field: 'text', message: `Line ${first.line}: ${first.message}` }];
  }
  return checkCors(rulesOf(draft)).flatMap((problem): Problem[] => {
    if (problem.severity !== 'error') return [];
    const { rule, field, item, message } = problem;
    const row = rule === null ? undefined : draft.rows[rule];
    if (row === undefined || field === null) return [{ field: 'rules', message }];
    const isList = field === 'origins' || field === 'methods';
    const missing = item === null && isList;
    return [{ field: `${field}:${row.id}`, message, missing }];
  });
}

function nextId(rows: readonly RuleRow[]): number {
  return Math.max(-1, ...rows.map(({ id }) => id)) + 1;
}
