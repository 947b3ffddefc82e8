import { describe, expect, it } from 'vitest';
import type { DocumentProblem } from './document.ts';
import { readCorsJson } from './read-json.ts';

function problems(text: string): readonly DocumentProblem[] {
  const found = readCorsJson(text);
  return found.ok ? [] : found.problems;
}

describe('readCorsJson', () => {
  it('reads the shape of the AWS CLI and says on which line everything is', () => {
    const text = `{
  "CORSRules": [
    {
      "AllowedHeaders": ["*"],
      "AllowedMethods": ["GET",
        "HEAD"],
      "AllowedOrigins": ["*"],
      "MaxAgeSeconds": 3000
    }
  ]
}`;
    expect(readCorsJson(text)).toEqual({
      ok: true,
      format: 'json',
      rules: [
        {
          id: '',
          origins: ['*'],
          methods: ['GET', 'HEAD'],
          headers: ['*'],
          exposed: [],
          maxAge: 3_000,
        },
      ],
      lines: [
        {
          rule: 3,
          id: 0,
          origins: [7],
          methods: [5, 6],
          headers: [4],
          exposed: [],
          maxAge: 8,
        },
      ],
    });
  });

  it('reads the bare array, a byte order mark, escapes and no rules at all', () => {
    expect(readCorsJson('\uFEFF[{"ID": "a\\u00fc\\/\\n"}]')).toMatchObject({
      ok: true,
      format: 'list',
      rules: [{ id: 'aü/\n' }],
    });
    expect(readCorsJson('{"CORSRules": []}')).toMatchObject({ ok: true, rules: [] });
    expect(readCorsJson(' [ ] ')).toMatchObject({ ok: true, rules: [] });
  });

  it.each([
    ['', 1, 'The document is empty.'],
    ['{\n  "CORSRules": [\n', 2, 'This [ is never closed. Add a ] at its end.'],
    ['{\n  "CORSRules": []\n', 1, 'This { is never closed. Add a } at its end.'],
    ['[\n{},\n]', 2, 'Remove the comma before the ].'],
    ['[{"ID": "a",}]', 1, 'Remove the comma before the }.'],
    ['[{"ID": "a"\n"AllowedMethods": []}]', 2, 'A comma or a } is missing before ".'],
    ["[{'ID': 'a'}]", 1, /^Write the name of a field in double quotes/],
    ['[{“ID”: 1}]', 1, /^Write the name of a field in double quotes/],
    ['[{"AllowedMethods": [GET]}]', 1, /^GET is no JSON\. Write texts in double quotes/],
    ['[{"ID": "a}]', 1, 'This text has no double quote at its end.'],
    ['[{"ID" "a"}]', 1, 'A colon is missing behind "ID".'],
    ['[{"ID": "a", "ID": "b"}]', 1, '"ID" is there twice. Keep one of them.'],
    ['// rules\n[]', 1, 'JSON has no comments. Remove this one.'],
    ['[]\n]', 2, 'There is something behind the end of the document: ]. Remove it.'],
    ['[{"ID": "\t"}]', 1, /^A control character/],
    ['[{"ID": "\\x"}]', 1, 'Write \\\\ for the character \\ itself.'],
    ['[{"ID": "\\ud800"}]', 1, /half of a character/],
    ['[{"MaxAgeSeconds": 010}]', 1, /no JSON/],
    ['['.repeat(40), 1, 'Too many brackets in one another.'],
    ['[{\n"AllowedMethods": ["GET"}]', 2, /a \] is missing before it/],
    // The example of a well-known page, which lost its inner brackets.
    [
      '{ "CORSRules": [\n "AllowedHeaders": ["*"] ] }',
      2,
      'A list has no named fields. A { is missing before this name, and a } at its end.',
    ],
  ])('says of %j in line %i what to do', (text, line, message) => {
    expect(problems(text)).toEqual([
      {
        line,
        column: expect.any(Number) as number,
        message:
          typeof message === 'string'
            ? message
            : (expect.stringMatching(message) as string),
      },
    ]);
  });

  it.each([
    ['3', 'Write {"CORSRules": […]} or a list of rules, […].'],
    ['{}', 'The field "CORSRules" is missing: {"CORSRules": […]}.'],
    ['{"CORSRule": []}', 'Write "CORSRules" instead of "CORSRule".'],
    [
      '{"AllowedOrigins": ["*"]}',
      '"AllowedOrigins" belongs into a rule. Put the rule into a list: [{…}].',
    ],
    ['{"Rules": []}', 'The document has no field "Rules". Its only one is "CORSRules".'],
    ['{"CORSRules": {}}', '"CORSRules" takes a list of rules, […].'],
    ['["GET"]', 'A rule is written in braces, {…}.'],
    [
      '[{"AllowedOrigin": ["*"]}]',
      'A rule has no field "AllowedOrigin". Write "AllowedOrigins".',
    ],
    [
      '[{"exposedHeaders": []}]',
      'A rule has no field "exposedHeaders". Write "ExposeHeaders".',
    ],
    ['[{"max_age": 1}]', 'A rule has no field "max_age". Write "MaxAgeSeconds".'],
    [
      '[{"constructor": 1}]',
      'A rule has no field "constructor". Its fields are ID, AllowedOrigins, AllowedMethods, AllowedHeaders, ExposeHeaders, MaxAgeSeconds.',
    ],
    ['[{"AllowedMethods": "GET"}]', '"AllowedMethods" takes a list: write ["GET"].'],
    [
      '[{"AllowedMethods": {}}]',
      '"AllowedMethods" takes a list of texts, such as ["…"].',
    ],
    ['[{"AllowedMethods": [1]}]', '"AllowedMethods" takes texts, in double quotes.'],
    ['[{"ID": 7}]', '"ID" takes a text in double quotes.'],
    ['[{"MaxAgeSeconds": "3000"}]', 'Write 3000 without quotes.'],
    [
      '[{"MaxAgeSeconds": 1.5}]',
      '"MaxAgeSeconds" takes a whole number, such as 3000. Leave the field out for none.',
    ],
    [
      '[{"MaxAgeSeconds": null}]',
      '"MaxAgeSeconds" takes a whole number, such as 3000. Leave the field out for none.',
    ],
  ])('says of %j what to do', (text, message) => {
    expect(problems(text).map((problem) => problem.message)).toEqual([message]);
  });

  it('names every wrong value at once, with its place', () => {
    const text = '[\n  {"AllowedMethod": []},\n  {"ID": 1, "MaxAgeSeconds": "x"}\n]';
    expect(problems(text).map(({ line, column }) => [line, column])).toEqual([
      [2, 4],
      [3, 10],
      [3, 30],
    ]);
  });
});
