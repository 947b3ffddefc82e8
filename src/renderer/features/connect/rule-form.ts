import { UploadAcl, UploadRule } from '../../../shared/domain/bookmark.ts';
import { type GlobProblem, readGlob } from '../../../shared/domain/glob.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';

/** What a line of the table of rules does. */
export type RuleEffect =
  | 'exclude'
  | 'contentType'
  | 'cacheControl'
  | 'storageClass'
  | 'acl'
  | 'encryption'
  | 'kms';

/** A line of the table of rules, as typed: one pattern and one effect. */
export interface RuleForm {
  readonly id: number;
  readonly pattern: string;
  readonly effect: RuleEffect;
  /** What the header says; nothing for `exclude` and `encryption`. */
  readonly value: string;
}

/** Ready-made rules. */
export interface RulePreset {
  readonly label: string;
  readonly rules: readonly Omit<RuleForm, 'id'>[];
}

const YEAR = 'public, max-age=31536000, immutable';

/** What is offered under Presets. */
export const RULE_PRESETS: readonly RulePreset[] = [
  {
    label: 'Web site: pages fresh, assets for a year',
    rules: [
      {
        pattern: '*.{css,js,mjs,woff,woff2,ico,svg,png,jpg,jpeg,gif,webp,avif,mp4,webm}',
        effect: 'cacheControl',
        value: YEAR,
      },
      { pattern: '*.{html,htm}', effect: 'cacheControl', value: 'no-cache' },
    ],
  },
  {
    label: 'Source code: leave out what is built',
    rules: [
      { pattern: '{node_modules,.venv,__pycache__}/', effect: 'exclude', value: '' },
      { pattern: '*.{pyc,o,class}', effect: 'exclude', value: '' },
    ],
  },
  {
    label: 'Encrypt everything on the server',
    rules: [{ pattern: '*', effect: 'encryption', value: '' }],
  },
];

/** The lines for stored rules: one for each thing a rule does. */
export function ruleFormsOf(rules: readonly UploadRule[]): readonly RuleForm[] {
  const forms: RuleForm[] = [];
  for (const rule of rules) {
    const add = (effect: RuleEffect, value: string): void => {
      forms.push({ id: forms.length + 1, pattern: rule.pattern, effect, value });
    };
    if (rule.action === 'exclude') {
      add('exclude', '');
      continue;
    }
    if (rule.contentType !== '') add('contentType', rule.contentType);
    if (rule.cacheControl !== '') add('cacheControl', rule.cacheControl);
    if (rule.storageClass !== '') add('storageClass', rule.storageClass);
    if (rule.acl !== '') add('acl', rule.acl);
    if (rule.encryption === 'AES256') add('encryption', '');
    if (rule.encryption === 'aws:kms') add('kms', rule.kmsKeyId);
  }
  return forms;
}

/** The rule of a line; `null` while something is wrong with it. */
export function ruleOf(form: RuleForm): UploadRule | null {
  if (ruleProblem(form) !== null) return null;
  const value = form.value.trim();
  const { effect } = form;
  return UploadRule.parse({
    pattern: form.pattern.trim(),
    action: effect === 'exclude' ? 'exclude' : 'headers',
    ...(effect === 'contentType' ? { contentType: value } : {}),
    ...(effect === 'cacheControl' ? { cacheControl: value } : {}),
    ...(effect === 'storageClass' ? { storageClass: value } : {}),
    ...(effect === 'acl' ? { acl: value } : {}),
    ...(effect === 'encryption' ? { encryption: 'AES256' } : {}),
    ...(effect === 'kms' ? { encryption: 'aws:kms', kmsKeyId: value } : {}),
  });
}

const PATTERN_TEXTS: Readonly<Record<GlobProblem, string>> = {
  empty: 'Enter a pattern, such as *.html or assets/**.',
  bracket: 'A [ has no ] that ends it. Write \\[ for the character itself.',
  brace: 'A { and a } do not fit together, or there are too many choices in them.',
  escape: 'A \\ at the end takes nothing. Write \\\\ for the character itself.',
};

/** What is wrong with a line, and what to do; `null`: nothing. */
export function ruleProblem({ pattern, effect, value }: RuleForm): string | null {
  const glob = readGlob(pattern);
  if (!glob.ok) return PATTERN_TEXTS[glob.problem];
  if (pattern.trim().length > 500) return 'Use a pattern of at most 500 characters.';
  const text = value.trim();
  if (text.length > 255) return 'Use at most 255 characters.';
  // Other characters do not arrive as they are, or break the request.
  const isPlain = /^(?:[!-~]+(?: [!-~]+)*)?$/.test(text);
  switch (effect) {
    case 'exclude':
    case 'encryption':
      return null;
    case 'contentType':
      return /^[\w.+-]+\/[\w.+-]+(?:\s*;\s*[!-~ ]+)?$/.test(text) && isPlain
        ? null
        : 'Enter a type such as text/html; charset=utf-8.';
    case 'cacheControl':
      return isPlain && text !== '' ? null : 'Enter a value such as max-age=3600.';
    case 'storageClass':
      return /^[A-Z0-9_-]{1,64}$/.test(text)
        ? null
        : 'Enter a class such as STANDARD_IA, in capitals.';
    case 'acl':
      return UploadAcl.safeParse(text).success ? null : 'Choose who may open the files.';
    case 'kms':
      return isPlain ? null : 'Enter the id or ARN of a key, or nothing.';
    default:
      return assertNever(effect);
  }
}
