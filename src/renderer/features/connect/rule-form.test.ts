import { expect, test } from 'vitest';
import { UploadRule } from '../../../shared/domain/bookmark.ts';
import {
  RULE_PRESETS,
  type RuleForm,
  ruleFormsOf,
  ruleOf,
  ruleProblem,
} from './rule-form.ts';

const line: RuleForm = { id: 1, pattern: '*', effect: 'exclude', value: '' };

test.each<[Partial<RuleForm>, boolean]>([
  [{}, true],
  [{ pattern: '' }, false],
  [{ pattern: '[a' }, false],
  [{ pattern: 'x'.repeat(501) }, false],
  [{ effect: 'contentType', value: 'text/html; charset=utf-8' }, true],
  [{ effect: 'contentType', value: 'html' }, false],
  [{ effect: 'contentType', value: '' }, false],
  [{ effect: 'cacheControl', value: 'no-cache' }, true],
  [{ effect: 'cacheControl', value: '' }, false],
  [{ effect: 'cacheControl', value: 'é' }, false],
  [{ effect: 'cacheControl', value: 'x'.repeat(256) }, false],
  [{ effect: 'storageClass', value: 'STANDARD_IA' }, true],
  [{ effect: 'storageClass', value: 'standard_ia' }, false],
  [{ effect: 'acl', value: 'public-read' }, true],
  [{ effect: 'acl', value: 'everybody' }, false],
  [{ effect: 'encryption' }, true],
  [{ effect: 'kms', value: '' }, true],
  [{ effect: 'kms', value: 'arn:aws:kms:eu-1:123:key/abc' }, true],
  [{ effect: 'kms', value: 'k y\n' }, true],
  [{ effect: 'kms', value: 'k\ny' }, false],
])('%j is right: %s', (changes, isRight) => {
  const form = { ...line, ...changes };
  expect(ruleProblem(form) === null).toBe(isRight);
  expect(ruleOf(form) !== null).toBe(isRight);
});

test('every preset is right', () => {
  for (const preset of RULE_PRESETS) {
    for (const rule of preset.rules) expect(ruleProblem({ ...rule, id: 1 })).toBeNull();
  }
});

test('a rule with several effects becomes several lines, which say the same', () => {
  const rule = UploadRule.parse({
    pattern: '*.html',
    action: 'headers',
    contentType: 'text/html',
    cacheControl: 'no-cache',
    storageClass: 'STANDARD_IA',
    acl: 'public-read',
    encryption: 'aws:kms',
    kmsKeyId: 'k1',
  });
  const forms = ruleFormsOf([
    rule,
    UploadRule.parse({ pattern: 'a', action: 'exclude' }),
  ]);
  expect(forms.map(({ effect }) => effect)).toEqual([
    'contentType',
    'cacheControl',
    'storageClass',
    'acl',
    'kms',
    'exclude',
  ]);
  const back = forms.flatMap((form) => ruleOf(form) ?? []);
  const merged = back
    .slice(0, 5)
    .map((each) =>
      Object.fromEntries(Object.entries(each).filter(([, value]) => value !== '')),
    );
  expect(Object.assign({}, ...merged)).toEqual(rule);
  expect(back[5]).toMatchObject({ pattern: 'a', action: 'exclude' });
});
