import { describe, expect, it } from 'vitest';
import type { CorsRule } from '../aspects.ts';
import { type CorsQuestion, explainCors, orderToldBy } from './match.ts';

function rule(changes: Partial<CorsRule>): CorsRule {
  return {
    id: '',
    origins: [],
    methods: [],
    headers: [],
    exposed: [],
    maxAge: null,
    ...changes,
  };
}

const ASKED: CorsQuestion = {
  origin: 'https://app.example.com',
  method: 'PUT',
  headers: ['Content-Type', 'x-amz-meta-id'],
  credentials: false,
};

describe('explainCors', () => {
  it('takes the first rule that allows all of it, and says why others do not', () => {
    const rules = [
      rule({ origins: ['*'], methods: ['GET'], headers: ['*'] }),
      rule({ origins: ['https://app.example.com'], methods: ['PUT'], headers: ['x-*'] }),
      rule({
        origins: ['https://*.example.com'],
        methods: ['PUT'],
        headers: ['content-type', 'X-AMZ-Meta-*'],
      }),
      rule({ origins: ['*'], methods: ['PUT'], headers: ['*'] }),
      rule({ origins: ['https://other.example.com'], methods: ['PUT'] }),
    ];
    expect(explainCors(rules, ASKED)).toEqual({
      winner: 2,
      rules: [
        { kind: 'misses', reasons: [{ kind: 'method', allowed: ['GET'] }] },
        { kind: 'misses', reasons: [{ kind: 'headers', missing: ['Content-Type'] }] },
        { kind: 'wins' },
        { kind: 'too-late' },
        {
          kind: 'misses',
          reasons: [
            { kind: 'origin', allowed: ['https://other.example.com'] },
            { kind: 'headers', missing: ['Content-Type', 'x-amz-meta-id'] },
          ],
        },
      ],
      refusedForCredentials: false,
    });
  });

  it.each([
    ['*', 'https://app.example.com', true],
    ['*', 'null', true],
    ['https://*.example.com', 'https://a.b.example.com', true],
    ['https://*.example.com', 'https://example.com', false],
    ['https://*.example.com', 'https://a.example.com.evil.org', false],
    ['http*://example.com', 'https://example.com', true],
    ['https://example.com', 'https://example.com:8443', false],
    ['https://Example.com', 'https://example.com', false],
    ['https://a*a', 'https://a', false],
    ['https://a.example.com/', 'https://a.example.com', false],
  ])('origin %s takes %s: %s', (pattern, origin, fits) => {
    const verdict = explainCors([rule({ origins: [pattern], methods: ['GET'] })], {
      origin,
      method: 'GET',
      headers: [],
      credentials: false,
    });
    expect(verdict.winner).toBe(fits ? 0 : null);
  });

  it('says that browsers refuse * for credentials, unless an earlier rule names the page', () => {
    const any = rule({ origins: ['*'], methods: ['PUT'], headers: ['*'] });
    const own = { ...any, origins: ['https://app.example.com'] };
    const asked = { ...ASKED, credentials: true };
    expect(explainCors([any, own], asked).refusedForCredentials).toBe(true);
    expect(explainCors([own, any], asked).refusedForCredentials).toBe(false);
    expect(explainCors([], asked)).toEqual({
      winner: null,
      rules: [],
      refusedForCredentials: false,
    });
  });
});

describe('servers that ask the first rule whose origin fits', () => {
  const rules = [
    rule({ origins: ['https://b.example.com'], methods: ['PUT'] }),
    rule({ origins: ['*'], methods: ['GET'], headers: ['*'] }),
    rule({ origins: ['https://app.example.com'], methods: ['PUT'], headers: ['*'] }),
  ];

  it('ask no other one', () => {
    expect(explainCors(rules, ASKED, 'first-fit').winner).toBe(2);
    expect(explainCors(rules, ASKED, 'first-origin')).toMatchObject({
      winner: null,
      rules: [
        { kind: 'misses' },
        { kind: 'misses', reasons: [{ kind: 'method', allowed: ['GET'] }] },
        { kind: 'too-late' },
      ],
    });
    const asked = { ...ASKED, method: 'GET' };
    expect(explainCors(rules, asked, 'first-origin').winner).toBe(1);
  });

  it('are known by their answers', () => {
    expect(orderToldBy(rules, ASKED, false)).toBe('first-origin');
    expect(orderToldBy(rules, ASKED, true)).toBe('first-fit');
    expect(orderToldBy(rules, { ...ASKED, method: 'GET' }, true)).toBeNull();
    expect(orderToldBy([], ASKED, true)).toBeNull();
  });
});
