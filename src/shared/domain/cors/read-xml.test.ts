import { describe, expect, it } from 'vitest';
import type { DocumentProblem } from './document.ts';
import { readCorsXml } from './read-xml.ts';

function problems(text: string): readonly DocumentProblem[] {
  const found = readCorsXml(text);
  return found.ok ? [] : found.problems;
}

function wrapped(inner: string): string {
  return `<CORSConfiguration>${inner}</CORSConfiguration>`;
}

describe('readCorsXml', () => {
  it('reads prefixes, attributes, comments, CDATA and references, with their lines', () => {
    const text = `\uFEFF<?xml version="1.0"?>
<!-- ours -->
<s3:CORSConfiguration xmlns:s3="http://s3.amazonaws.com/doc/2006-03-01/">
  <s3:CORSRule>
    <s3:ID a='b'>A &amp; <![CDATA[<B>]]>&#x1F680;</s3:ID>
    <!-- who -->
    <s3:AllowedOrigin>*</s3:AllowedOrigin>
    <s3:AllowedMethod>GET</s3:AllowedMethod>
    <s3:AllowedMethod>PUT</s3:AllowedMethod>
    <s3:MaxAgeSeconds> 60 </s3:MaxAgeSeconds>
    <s3:AllowedHeader/>
  </s3:CORSRule>
</s3:CORSConfiguration>
`;
    expect(readCorsXml(text)).toEqual({
      ok: true,
      format: 'xml',
      rules: [
        {
          id: 'A & <B>🚀',
          origins: ['*'],
          methods: ['GET', 'PUT'],
          headers: [''],
          exposed: [],
          maxAge: 60,
        },
      ],
      lines: [
        {
          rule: 4,
          id: 5,
          origins: [7],
          methods: [8, 9],
          headers: [11],
          exposed: [],
          maxAge: 10,
        },
      ],
    });
    expect(readCorsXml('<CORSConfiguration/>')).toMatchObject({ ok: true, rules: [] });
  });

  it.each([
    ['', 1, 'The document is empty.'],
    ['CORS', 1, 'An element such as <CORSConfiguration> belongs here.'],
    ['<CORSConfiguration>\n<CORSRule>\n', 2, /^This <CORSRule> is never closed/],
    [
      '<CORSConfiguration>\n<CORSRule>\n</CORSConfiguration>',
      3,
      '</CORSConfiguration> does not close the <CORSRule> of line 2: write </CORSRule>.',
    ],
    ['<CORSConfiguration/>\n<a/>', 2, /^There is something behind <\/CORSConfiguration>/],
    [wrapped('\na & b'), 2, '& is no character. Write &amp; for the character & itself.'],
    [
      wrapped('&nbsp;'),
      1,
      '&nbsp; is no character. Write &amp; for the character & itself.',
    ],
    [wrapped('&#xD800;'), 1, /^&#xD800; is no character/],
    ['<!DOCTYPE a [<!ENTITY b "c">]><a/>', 1, 'A DOCTYPE is not allowed. Remove it.'],
    [wrapped('\n<!-- a'), 2, 'This comment is never closed (-->).'],
    [wrapped('<?php ?>'), 1, 'This instruction is not allowed here.'],
    [wrapped('< a'), 1, '< is no tag. Write &lt; for the character < itself.'],
    [wrapped('\nx<CORSRule/>'), 2, /^There is text beside the elements/],
    ['<a>'.repeat(40), 1, 'Too many elements in one another.'],
    ['</a>', 1, '</a> closes nothing.'],
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
    ['<CORSRule/>', 'Put the rules into <CORSConfiguration>…</CORSConfiguration>.'],
    [
      '<ListBucketResult/>',
      'The document has to be a <CORSConfiguration>, not a <ListBucketResult>.',
    ],
    ['<CORSRules/>', 'The document has to be a <CORSConfiguration>, not a <CORSRules>.'],
    [wrapped('<CORSRules/>'), 'Write <CORSRule> for each rule instead of <CORSRules>.'],
    [
      wrapped('<Rule/>'),
      '<Rule> does not belong into <CORSConfiguration>, only <CORSRule> does.',
    ],
    [wrapped('GET'), 'There is text in <CORSConfiguration> where rules belong.'],
    [
      wrapped('<CORSRule>GET</CORSRule>'),
      'There is text in <CORSRule> where elements belong.',
    ],
    [
      wrapped('<CORSRule><AllowedOrigins>*</AllowedOrigins></CORSRule>'),
      'A rule has no field <AllowedOrigins>. Write <AllowedOrigin>.',
    ],
    [
      wrapped('<CORSRule><MaxAgeSeconds>soon</MaxAgeSeconds></CORSRule>'),
      '<MaxAgeSeconds> takes a whole number, such as 3000. Leave it out for none.',
    ],
    [
      wrapped('<CORSRule><ID>a</ID><ID>b</ID></CORSRule>'),
      '<ID> is there twice in this rule. Keep one of them.',
    ],
    [
      wrapped('<CORSRule><AllowedOrigin><b/></AllowedOrigin></CORSRule>'),
      '<AllowedOrigin> takes a text, no elements.',
    ],
  ])('says of %j what to do', (text, message) => {
    expect(problems(text).map((problem) => problem.message)).toEqual([message]);
  });
});
