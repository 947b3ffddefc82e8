import { expect, test } from 'vitest';
import type { CorsRule } from '../domain/aspects.ts';
import { readConsoleError } from '../domain/cors/console-error.ts';
import { proposeCors } from '../domain/cors/propose.ts';
import {
  consoleText,
  proposalText,
  proposalTitle,
  reasonText,
  refusalText,
  ruleText,
  wordsOf,
} from './cors.en.ts';

const RULE: CorsRule = {
  id: '',
  origins: ['https://a.example.com'],
  methods: ['GET', 'PUT'],
  headers: ['content-type'],
  exposed: ['ETag'],
  maxAge: 3_000,
};

test('values are named up to four, the others counted', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c', 'd', 'e']].map(wordsOf)).toEqual([
    'nothing',
    'a',
    'a and b',
    'a, b, c and 2 more',
  ]);
});

test('a rule is one sentence', () => {
  expect(ruleText(RULE)).toBe(
    'GET, PUT from https://a.example.com; header content-type; shows ETag; kept for 3000 s',
  );
  expect(
    ruleText({ ...RULE, origins: ['*'], headers: ['*'], exposed: [], maxAge: null }),
  ).toBe('GET, PUT from any origin; any header');
});

test('why not is said of rules and of servers', () => {
  const question = { origin: 'https://b.com', method: 'DELETE' };
  expect([
    reasonText({ kind: 'origin', allowed: RULE.origins }, question),
    reasonText({ kind: 'method', allowed: RULE.methods }, question),
    reasonText({ kind: 'headers', missing: ['x-a', 'x-b'] }, question),
    refusalText({ kind: 'status', status: 403 }, question),
    refusalText({ kind: 'method', allowed: [] }, question),
  ]).toEqual([
    'The origin is not among its own: https://a.example.com.',
    'It allows GET and PUT, but not DELETE.',
    'It does not allow the headers x-a and x-b.',
    'It answered with status 403; a browser goes on only after 200 to 299.',
    'It does not allow DELETE.',
  ]);
});

test('what a console does not say is asked for', () => {
  const reading = readConsoleError(
    'Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://b.s3.example.com/k. (Reason: CORS preflight response did not succeed). Status code: 403.',
  );
  expect(reading === null ? '' : consoleText(reading)).toBe(
    'Firefox: the server refused the question beforehand (the preflight): no rule fits it. It does not say the page’s origin, the method and the headers: fill in what is missing.',
  );
});

test('proposals say what they add, and what else they allow', () => {
  const question = {
    origin: 'https://b.com',
    method: 'PUT',
    headers: [],
    credentials: false,
  };
  const texts = proposeCors([RULE], question).map((proposal) => [
    proposalTitle(proposal, 1),
    proposalText(proposal),
  ]);
  expect(texts).toEqual([
    ['Add a rule', 'PUT from https://b.com.'],
    [
      'Extend rule 1',
      'Adds the origin https://b.com. The page may use GET and the header content-type then, too.',
    ],
  ]);
});
