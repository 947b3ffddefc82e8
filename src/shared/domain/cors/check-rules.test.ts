import { describe, expect, it } from 'vitest';
import type { CorsRule } from '../aspects.ts';
import { checkCors, lineOfProblem } from './check-rules.ts';
import { CORS_PRESETS } from './presets.ts';
import { printCorsJson } from './print-json.ts';
import { readCorsJson } from './read-json.ts';

const RULE: CorsRule = {
  id: '',
  origins: ['https://app.example.com'],
  methods: ['GET'],
  headers: [],
  exposed: [],
  maxAge: null,
};

function said(changes: Partial<CorsRule>): readonly string[] {
  return checkCors([{ ...RULE, ...changes }]).map(
    ({ severity, message }) => `${severity}: ${message}`,
  );
}

describe('checkCors', () => {
  it.each([
    [{}],
    [{ origins: ['*', 'null', 'https://*.example.com', 'capacitor://localhost'] }],
    [{ origins: ['http://localhost:3000', 'http*://example.com', 'https://*'] }],
    [{ headers: ['*', 'x-amz-*', 'Content-Type'], exposed: ['ETag', 'x-amz-id-2'] }],
    [{ methods: ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'], maxAge: 0 }],
    [{ id: 'x'.repeat(255), maxAge: 86_400 }],
  ])('finds nothing wrong with %j', (changes) => {
    expect(said(changes)).toEqual([]);
  });

  it.each<[Partial<CorsRule>, string]>([
    [
      { origins: [] },
      'error: Enter an origin such as https://app.example.com, or * for any.',
    ],
    [{ origins: [''] }, 'error: This is empty. Enter something or remove it.'],
    [
      { origins: [' https://a.com'] },
      'error: Remove the blanks at the start and the end.',
    ],
    [
      { origins: ['https://*.*.com'] },
      'error: “https://*.*.com” has more than one *. An origin takes one.',
    ],
    [
      { origins: ['app.example.com'] },
      'warning: No page has the origin “app.example.com”. Write it as browsers do: https://app.example.com',
    ],
    [
      { origins: ['https://a.com/'] },
      'warning: An origin ends behind the host. Write https://a.com',
    ],
    [
      { origins: ['https://A.com'] },
      'warning: Browsers send origins in lower case. Write https://a.com',
    ],
    [
      { origins: ['https://a.com:443'] },
      'warning: Browsers leave the usual port out. Remove it.',
    ],
    [
      { origins: ['https://a.com', 'https://a.com'] },
      'warning: “https://a.com” is there twice.',
    ],
    [{ methods: [] }, 'error: Choose at least one method.'],
    [{ methods: ['get'] }, 'error: Write GET in capitals.'],
    [
      { methods: ['OPTIONS'] },
      'error: Remove OPTIONS: the server answers preflights by itself.',
    ],
    [{ methods: ['*'] }, 'error: * is no method. List those to allow, such as GET.'],
    [
      { methods: ['PATCH'] },
      'error: S3 knows no method “PATCH” here. Use GET, HEAD, PUT, POST or DELETE.',
    ],
    [{ headers: ['x-*-*'] }, 'error: “x-*-*” has more than one *. A header takes one.'],
    [
      { headers: ['etag, range'] },
      'warning: No header has the name “etag, range”. Enter one header at a time.',
    ],
    [{ headers: ['a\nb'] }, 'error: Remove the line breaks and control characters.'],
    [{ exposed: ['*'] }, 'error: * is not allowed here. List the headers, such as ETag.'],
    [{ exposed: ['größe'] }, 'warning: No header has the name “größe”.'],
    [
      { id: 'x'.repeat(256) },
      'error: An ID has at most 255 characters; this one has 256.',
    ],
    [
      { maxAge: -1 },
      'error: Enter a number of seconds from 0 to 2147483647, or nothing.',
    ],
    [
      { maxAge: 2_147_483_648 },
      'error: Enter a number of seconds from 0 to 2147483647, or nothing.',
    ],
    [
      { maxAge: 86_401 },
      'warning: Browsers keep an answer for a day (86400) at most, Chrome for two hours.',
    ],
  ])('says of %j what to do', (changes, message) => {
    expect(said(changes)).toEqual([message]);
  });

  it('counts rules and bytes', () => {
    const hundred = Array.from({ length: 100 }, () => RULE);
    expect(checkCors(hundred)).toEqual([]);
    expect(checkCors([...hundred, RULE]).map(({ message }) => message)).toEqual([
      'There are 101 rules; a bucket takes 100. Remove 1, or put rules that differ in their origins alone into one.',
    ]);
    const long = (length: number): CorsRule => ({
      ...RULE,
      exposed: Array.from(
        { length },
        (_each, index) => `x-${String(index).padStart(62, '0')}`,
      ),
    });
    expect(checkCors([long(650)])).toEqual([]);
    expect(checkCors([long(720)]).map(({ rule, message }) => [rule, message])).toEqual([
      [
        null,
        'The rules are 66 KB long; a bucket takes 64 KB. Remove some, or use a * in place of many names.',
      ],
    ]);
  });

  it('says which rule has an ID already', () => {
    const named = { ...RULE, id: 'a' };
    expect(checkCors([named, RULE, RULE, named])).toEqual([
      {
        severity: 'warning',
        rule: 3,
        field: 'id',
        item: null,
        message: 'Rule 1 has this ID too. Choose another one, or none.',
      },
    ]);
  });

  it('wants nothing of a preset but its origin', () => {
    expect(
      CORS_PRESETS.map(({ id, rule }) => [
        id,
        checkCors([rule]).map(({ field, item }) => [field, item]),
      ]),
    ).toEqual([
      ['any-read', []],
      ['site-read', [['origins', null]]],
      ['uploads', [['origins', null]]],
    ]);
  });

  it('finds the line a problem is on', () => {
    const text = printCorsJson([
      RULE,
      { ...RULE, methods: ['GET', 'get'], origins: [], maxAge: -1 },
    ]);
    const found = readCorsJson(text);
    if (!found.ok) throw new Error('not read');
    const lines = checkCors(found.rules).map((problem) =>
      lineOfProblem(problem, found.lines),
    );
    expect(lines).toEqual([7, 9, 10]);
    const [line] = checkCors(Array.from({ length: 101 }, () => RULE)).map((problem) =>
      lineOfProblem(problem, []),
    );
    expect(line).toBe(1);
  });
});
