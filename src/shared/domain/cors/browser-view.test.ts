import { describe, expect, it } from 'vitest';
import type { PreflightAnswer } from '../exposure.ts';
import { type Refusal, refusals } from './browser-view.ts';
import type { CorsQuestion } from './match.ts';

const ORIGIN = 'https://app.example.com';

const ANSWER: PreflightAnswer = {
  status: 200,
  allowOrigin: ORIGIN,
  allowMethods: 'GET, PUT',
  allowHeaders: 'content-type, X-Amz-Acl',
  exposeHeaders: '',
  maxAge: '',
  allowCredentials: true,
};

const ASKED: CorsQuestion = {
  origin: ORIGIN,
  method: 'PUT',
  headers: ['Content-Type', 'x-amz-acl'],
  credentials: false,
};

describe('refusals', () => {
  it.each<[string, Partial<PreflightAnswer>, Partial<CorsQuestion>, readonly Refusal[]]>([
    ['an answer that allows it', {}, {}, []],
    ['* for all', { allowOrigin: '*', allowMethods: '*', allowHeaders: '*' }, {}, []],
    ['a safe method not named', { allowMethods: '' }, { method: 'POST' }, []],
    ['a refusal', { status: 403 }, {}, [{ kind: 'status', status: 403 }]],
    [
      'a refusal without any leave',
      { status: 403, allowOrigin: '', allowMethods: '', allowHeaders: '' },
      {},
      [{ kind: 'status', status: 403 }],
    ],
    ['no origin', { allowOrigin: '' }, {}, [{ kind: 'no-origin' }]],
    [
      'another origin',
      { allowOrigin: 'https://b.com' },
      {},
      [{ kind: 'other-origin', allowed: 'https://b.com' }],
    ],
    [
      'a method not named',
      {},
      { method: 'DELETE' },
      [{ kind: 'method', allowed: ['GET', 'PUT'] }],
    ],
    [
      'headers not named',
      {},
      { headers: ['x-amz-acl', 'Range'] },
      [{ kind: 'headers', missing: ['Range'] }],
    ],
    [
      'Authorization, which * does not mean',
      { allowHeaders: '*' },
      { headers: ['Authorization', 'range'] },
      [{ kind: 'headers', missing: ['Authorization'] }],
    ],
    [
      '* for a request with credentials',
      { allowOrigin: '*', allowMethods: '*', allowHeaders: '*' },
      { credentials: true, headers: ['range'] },
      [
        { kind: 'wildcard-credentials' },
        { kind: 'method', allowed: ['*'] },
        { kind: 'headers', missing: ['range'] },
      ],
    ],
    [
      'no leave for credentials',
      { allowCredentials: false },
      { credentials: true },
      [{ kind: 'no-credentials' }],
    ],
  ])('of %s', (_name, answer, question, expected) => {
    expect(refusals({ ...ANSWER, ...answer }, { ...ASKED, ...question })).toEqual(
      expected,
    );
  });
});
