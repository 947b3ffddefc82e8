import { expect, test } from 'vitest';
import type { CorsRule } from '../../../shared/domain/aspects.ts';
import { corsChanges, corsConsequences } from './rule-changes.ts';

function rule(origin: string, methods: string[] = ['GET']): CorsRule {
  return {
    id: '',
    origins: [origin],
    methods,
    headers: [],
    exposed: [],
    maxAge: null,
  };
}

const A = rule('https://a.com');
const B = rule('https://b.com');
const C = rule('https://c.com');

test('one rule more at the top is one line', () => {
  expect(corsChanges([A, B], [C, A, B])).toEqual([
    { kind: 'added', label: 'Rule 1', after: 'GET from https://c.com' },
  ]);
  expect(corsChanges([A, B, C], [A, C])).toEqual([
    { kind: 'removed', label: 'Rule 2', before: 'GET from https://b.com' },
  ]);
  expect(corsChanges([A, B], [A, B])).toEqual([]);
});

test('a rule that changed is told field by field', () => {
  const changed = {
    ...B,
    methods: ['GET', 'PUT'],
    headers: ['content-type'],
    maxAge: 60,
  };
  expect(corsChanges([A, B, C], [A, changed, C])).toEqual([
    { kind: 'changed', label: 'Rule 2, methods', before: 'GET', after: 'GET, PUT' },
    { kind: 'added', label: 'Rule 2, allowed headers', after: 'content-type' },
    { kind: 'added', label: 'Rule 2, max age', after: '60 s' },
  ]);
  expect(corsChanges([changed], [{ ...changed, headers: [] }])).toEqual([
    { kind: 'removed', label: 'Rule 1, allowed headers', before: 'content-type' },
  ]);
});

test('a rule that only has another place is moved, not gone and new', () => {
  expect(corsChanges([A, B], [B, A])).toEqual([
    { kind: 'moved', label: 'Rule 1 → 2', value: 'GET from https://a.com' },
  ]);
  expect(corsChanges([A, B, C], [C, A, B])).toEqual([
    { kind: 'moved', label: 'Rule 3 → 1', value: 'GET from https://c.com' },
  ]);
  // Of three equal ones each is accounted for once.
  expect(corsChanges([A, A, B], [B, A])).toEqual([
    { kind: 'removed', label: 'Rule 2', before: 'GET from https://a.com' },
    { kind: 'moved', label: 'Rule 1 → 2', value: 'GET from https://a.com' },
  ]);
});

test('what moved takes no part in what changed beside it', () => {
  const changed = { ...B, methods: ['PUT'] };
  expect(corsChanges([A, B, C], [changed, C, A])).toEqual([
    { kind: 'changed', label: 'Rule 1, methods', before: 'GET', after: 'PUT' },
    { kind: 'moved', label: 'Rule 1 → 3', value: 'GET from https://a.com' },
  ]);
});

test('what everybody may write now, and the end of the configuration, are pointed out', () => {
  const any = rule('*', ['GET', 'PUT', 'DELETE']);
  expect(corsConsequences([A], [A, any]).map(({ text }) => text)).toEqual([
    'Any page may send PUT, DELETE. That opens nothing by itself: keys, policies and ACLs still decide who may write.',
  ]);
  expect(corsConsequences([any], [any, B])).toEqual([]);
  expect(corsConsequences([A], []).map(({ tone }) => tone)).toEqual(['warning']);
  expect(corsConsequences([], [])).toEqual([]);
});
