import type { CorsRule } from '../aspects.ts';
import type { RuleField, RuleLines } from './document.ts';
import { corsDocumentBytes } from './print-xml.ts';
import { wildcardsIn } from './wildcard.ts';

/** Methods a rule can allow. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSRule.html */
export const CORS_METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'] as const;

/** Rules of a configuration at most. */
export const MAX_RULES = 100;
/** Bytes of its document at most. */
export const MAX_DOCUMENT_BYTES = 65_536;
const MAX_ID = 255;
const MAX_AGE = 2_147_483_647;
/** Seconds: no browser keeps the answer to a preflight for longer than Firefox, a day. */
const LONGEST_KEPT = 86_400;

/** Something about rules that a server refuses (`error`) or that is likely a slip. */
export interface CorsProblem {
  readonly severity: 'error' | 'warning';
  /** Which rule, from 0; `null`: all of them together. */
  readonly rule: number | null;
  /** `null`: the rule as such. */
  readonly field: RuleField | null;
  /** Which value of a list; `null`: the field as such. */
  readonly item: number | null;
  /** What is wrong and what to do. */
  readonly message: string;
}

type Finding = Omit<CorsProblem, 'rule'>;

/** Everything that is wrong with rules, from the top. */
export function checkCors(rules: readonly CorsRule[]): readonly CorsProblem[] {
  const problems: CorsProblem[] = [];
  const all = { rule: null, field: null, item: null, severity: 'error' } as const;
  if (rules.length > MAX_RULES) {
    const over = rules.length - MAX_RULES;
    problems.push({
      ...all,
      message: `There are ${rules.length} rules; a bucket takes ${MAX_RULES}. Remove ${over}, or put rules that differ in their origins alone into one.`,
    });
  }
  const bytes = corsDocumentBytes(rules);
  if (bytes > MAX_DOCUMENT_BYTES) {
    problems.push({
      ...all,
      message: `The rules are ${Math.ceil(bytes / 1024)} KB long; a bucket takes 64 KB. Remove some, or use a * in place of many names.`,
    });
  }
  const ids = new Map<string, number>();
  for (const [index, rule] of rules.entries()) {
    for (const finding of checkRule(rule)) problems.push({ ...finding, rule: index });
    const earlier = ids.get(rule.id);
    if (rule.id !== '' && earlier !== undefined) {
      const message = `Rule ${earlier + 1} has this ID too. Choose another one, or none.`;
      const where = { rule: index, field: 'id', item: null } as const;
      problems.push({ ...where, severity: 'warning', message });
    } else ids.set(rule.id, index);
  }
  return problems;
}

/** The line of a text that a problem of its rules is about; 1 for all of them. */
export function lineOfProblem(
  { rule, field, item }: CorsProblem,
  lines: readonly RuleLines[],
): number {
  const known = rule === null ? undefined : lines[rule];
  if (known === undefined) return 1;
  if (field === null) return known.rule;
  const place = known[field];
  const line = typeof place === 'number' ? place : item === null ? 0 : place[item];
  return line === undefined || line === 0 ? known.rule : line;
}

function checkRule(rule: CorsRule): readonly Finding[] {
  const findings: Finding[] = [];
  const need = (field: RuleField, message: string): void => {
    findings.push({ severity: 'error', field, item: null, message });
  };
  const each = (
    field: 'origins' | 'methods' | 'headers' | 'exposed',
    check: (value: string) => Verdict,
  ): void => {
    const seen = new Set<string>();
    for (const [item, value] of rule[field].entries()) {
      const twice = seen.has(value) ? warning(`“${value}” is there twice.`) : null;
      const verdict = blanks(value) ?? check(value) ?? twice;
      if (verdict !== null) findings.push({ ...verdict, field, item });
      seen.add(value);
    }
  };
  if (rule.id.length > MAX_ID) {
    need('id', `An ID has at most ${MAX_ID} characters; this one has ${rule.id.length}.`);
  } else if (hasControls(rule.id)) need('id', 'Remove the line breaks from the ID.');
  if (rule.origins.length === 0) {
    need('origins', 'Enter an origin such as https://app.example.com, or * for any.');
  }
  if (rule.methods.length === 0) need('methods', 'Choose at least one method.');
  each('origins', checkOrigin);
  each('methods', checkMethod);
  each('headers', checkHeader);
  each('exposed', checkExposed);
  const { maxAge } = rule;
  if (maxAge !== null && (maxAge < 0 || maxAge > MAX_AGE)) {
    need('maxAge', `Enter a number of seconds from 0 to ${MAX_AGE}, or nothing.`);
  } else if (maxAge !== null && maxAge > LONGEST_KEPT) {
    const message =
      'Browsers keep an answer for a day (86400) at most, Chrome for two hours.';
    findings.push({ severity: 'warning', field: 'maxAge', item: null, message });
  }
  return findings;
}

type Verdict = Pick<Finding, 'severity' | 'message'> | null;

function error(message: string): Verdict {
  return { severity: 'error', message };
}

function warning(message: string): Verdict {
  return { severity: 'warning', message };
}

function blanks(value: string): Verdict {
  if (value === '') return error('This is empty. Enter something or remove it.');
  if (hasControls(value)) return error('Remove the line breaks and control characters.');
  return value === value.trim()
    ? null
    : error('Remove the blanks at the start and the end.');
}

function checkOrigin(value: string): Verdict {
  if (wildcardsIn(value) > 1) {
    return error(`“${value}” has more than one *. An origin takes one.`);
  }
  if (value === '*' || value === 'null') return null;
  const scheme = /^([a-z][a-z0-9+.-]*|\*):\/\//i.exec(value)?.[0];
  if (scheme === undefined) {
    if (value.includes('*')) return null;
    return warning(
      `No page has the origin “${value}”. Write it as browsers do: https://${value.replace(/^\/+/, '')}`,
    );
  }
  const host = value.slice(scheme.length);
  if (/[/?#]/.test(host)) {
    return warning(
      `An origin ends behind the host. Write ${scheme}${host.replace(/[/?#].*$/, '')}`,
    );
  }
  if (value !== value.toLowerCase()) {
    return warning(`Browsers send origins in lower case. Write ${value.toLowerCase()}`);
  }
  if (/^https:\/\/.*:443$|^http:\/\/.*:80$/.test(value)) {
    return warning('Browsers leave the usual port out. Remove it.');
  }
  return null;
}

function checkMethod(value: string): Verdict {
  const methods: readonly string[] = CORS_METHODS;
  if (methods.includes(value)) return null;
  const upper = value.toUpperCase();
  if (methods.includes(upper)) return error(`Write ${upper} in capitals.`);
  if (upper === 'OPTIONS') {
    return error('Remove OPTIONS: the server answers preflights by itself.');
  }
  if (value === '*') return error('* is no method. List those to allow, such as GET.');
  return error(`S3 knows no method “${value}” here. Use GET, HEAD, PUT, POST or DELETE.`);
}

function checkHeader(value: string): Verdict {
  if (wildcardsIn(value) > 1) {
    return error(`“${value}” has more than one *. A header takes one.`);
  }
  return isHeaderName(value.replace('*', 'x')) ? null : noName(value);
}

function checkExposed(value: string): Verdict {
  if (value.includes('*')) {
    return error('* is not allowed here. List the headers, such as ETag.');
  }
  return isHeaderName(value) ? null : noName(value);
}

function noName(value: string): Verdict {
  const separator = /[,;\s]/.test(value) ? ' Enter one header at a time.' : '';
  return warning(`No header has the name “${value}”.${separator}`);
}

/** Whether HTTP takes this for a header's name (a token of RFC 9110). */
export function isHeaderName(text: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(text);
}

function hasControls(text: string): boolean {
  return /\p{Cc}/u.test(text);
}
