import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CorsRule } from '../aspects.ts';
import { checkCors } from './check-rules.ts';
import { type CorsQuestion, explainCors, isAllowed } from './match.ts';
import { proposeCors, withProposal } from './propose.ts';

function rule(changes: Partial<CorsRule>): CorsRule {
  return {
    id: '',
    origins: ['https://app.example.com'],
    methods: ['GET'],
    headers: [],
    exposed: [],
    maxAge: null,
    ...changes,
  };
}

const ASKED: CorsQuestion = {
  origin: 'https://app.example.com',
  method: 'PUT',
  headers: ['content-type'],
  credentials: false,
};

const NOTHING = { origins: [], methods: [], headers: [] };

describe('proposeCors', () => {
  it('adds a rule that allows just what is asked where there is none', () => {
    expect(proposeCors([], ASKED)).toEqual([
      {
        kind: 'add',
        index: 0,
        rule: rule({ methods: ['PUT'], headers: ['content-type'] }),
        adds: {
          origins: ['https://app.example.com'],
          methods: ['PUT'],
          headers: ['content-type'],
        },
        side: NOTHING,
      },
    ]);
  });

  it('rather extends a rule of the same page alone', () => {
    const [first] = proposeCors([rule({ origins: ['*'] }), rule({})], ASKED);
    expect(first).toEqual({
      kind: 'extend',
      index: 1,
      rule: rule({ methods: ['GET', 'PUT'], headers: ['content-type'] }),
      adds: { origins: [], methods: ['PUT'], headers: ['content-type'] },
      side: NOTHING,
    });
  });

  it('rather extends a rule that says the same of other pages', () => {
    const other = rule({
      origins: ['https://other.example.com'],
      methods: ['PUT'],
      headers: ['Content-Type'],
    });
    expect(proposeCors([other], ASKED)[0]).toMatchObject({
      kind: 'extend',
      rule: { origins: ['https://other.example.com', 'https://app.example.com'] },
      side: NOTHING,
    });
  });

  it('rather adds a rule than gives more than is asked, and says what it would give', () => {
    const wide = rule({
      origins: ['https://other.example.com'],
      methods: ['PUT', 'DELETE'],
      headers: ['*'],
    });
    const reads = rule({ origins: ['*'], headers: ['*'] });
    expect(
      proposeCors([wide, reads], ASKED).map(({ kind, index, side }) => [
        kind,
        index,
        side,
      ]),
    ).toEqual([
      ['add', 2, NOTHING],
      ['extend', 1, { origins: ['*'], methods: [], headers: [] }],
      ['extend', 0, { origins: [], methods: ['DELETE'], headers: ['*'] }],
    ]);
  });

  it('puts a rule for credentials before the one with *, and proposes nothing else', () => {
    const any = rule({ origins: ['*'], methods: ['PUT'], headers: ['*'] });
    const asked = { ...ASKED, credentials: true };
    expect(
      proposeCors([rule({}), any], asked).map(({ kind, index }) => [kind, index]),
    ).toEqual([
      ['extend', 0],
      ['add', 1],
    ]);
    expect(proposeCors([any], asked).map(({ kind, index }) => [kind, index])).toEqual([
      ['add', 0],
    ]);
  });

  it('puts a rule that keeps what the page has before one that would be asked alone', () => {
    const any = rule({ origins: ['*'], headers: ['*'], exposed: ['ETag'], maxAge: 60 });
    const own = rule({ methods: ['PUT'], headers: ['*'] });
    const [first] = proposeCors([any, own], ASKED, 'first-origin');
    expect(first).toMatchObject({
      kind: 'add',
      index: 0,
      rule: rule({
        methods: ['GET', 'PUT'],
        headers: ['*'],
        exposed: ['ETag'],
        maxAge: 60,
      }),
    });
  });

  it('adds no rule to a hundred', () => {
    const full = Array.from({ length: 100 }, () => rule({}));
    expect(proposeCors(full, ASKED).every(({ kind }) => kind === 'extend')).toBe(true);
  });

  it('is taken by the server and allows what is asked, whatever the rules are', () => {
    const origin = fc.constantFrom('https://a.com', 'https://b.com', 'null');
    const method = fc.constantFrom('GET', 'HEAD', 'PUT', 'POST', 'DELETE');
    const header = fc.constantFrom('content-type', 'x-amz-acl', 'x-amz-meta-a');
    const unique = { maxLength: 3 } as const;
    const rules = fc.array(
      fc.record({
        id: fc.constant(''),
        origins: fc.uniqueArray(fc.oneof(origin, fc.constantFrom('*', 'https://*')), {
          minLength: 1,
          maxLength: 3,
        }),
        methods: fc.uniqueArray(method, { minLength: 1, maxLength: 5 }),
        headers: fc.uniqueArray(
          fc.oneof(header, fc.constantFrom('*', 'X-Amz-*')),
          unique,
        ),
        exposed: fc.constant([]),
        maxAge: fc.constant(null),
      }),
      { maxLength: 4 },
    );
    const question = fc.record({
      origin,
      method,
      headers: fc.uniqueArray(header, unique),
      credentials: fc.boolean(),
    });
    const order = fc.constantFrom('first-fit' as const, 'first-origin' as const);
    fc.assert(
      fc.property(rules, question, order, (before, asked, how) => {
        const proposals = proposeCors(before, asked, how);
        expect(proposals.length > 0).toBe(!isAllowed(explainCors(before, asked, how)));
        for (const proposal of proposals) {
          const after = withProposal(before, proposal);
          const verdict = explainCors(after, asked, how);
          expect(verdict.winner).toBe(proposal.index);
          expect(isAllowed(verdict)).toBe(true);
          expect(checkCors(after).filter((one) => one.severity === 'error')).toEqual([]);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
