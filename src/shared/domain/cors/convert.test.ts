import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CorsRule } from '../aspects.ts';
import { printCorsJson } from './print-json.ts';
import { corsDocumentBytes, printCorsXml } from './print-xml.ts';
import { readCorsDocument } from './read-document.ts';
import { readCorsJson } from './read-json.ts';
import { readCorsXml } from './read-xml.ts';

/** Any text at all, with what JSON and XML have to escape more often than by chance. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom('<', '>', '&', '"', "'", '\\', '\n', '\r', '\t', ' ', ']', '*'),
    maxLength: 12,
  }),
  fc.constantFrom('*', 'https://app.example.com', 'GET', 'x-amz-meta-*', ']]>', '<!--'),
);

const rule: fc.Arbitrary<CorsRule> = fc.record({
  id: text,
  origins: fc.array(text, { maxLength: 4 }),
  methods: fc.array(text, { maxLength: 4 }),
  headers: fc.array(text, { maxLength: 4 }),
  exposed: fc.array(text, { maxLength: 4 }),
  maxAge: fc.option(fc.maxSafeInteger().map((age) => age || 0)),
});

const rules = fc.array(rule, { maxLength: 5 });

describe('CORS documents', () => {
  it('lose nothing from rules to JSON, to XML and back, in any order', () => {
    fc.assert(
      fc.property(rules, (before) => {
        const viaJson = readCorsJson(printCorsJson(before));
        const viaList = readCorsJson(printCorsJson(before, 'list'));
        const viaXml = readCorsXml(printCorsXml(before));
        expect(viaJson).toMatchObject({ ok: true, format: 'json', rules: before });
        expect(viaList).toMatchObject({ ok: true, format: 'list', rules: before });
        expect(viaXml).toMatchObject({ ok: true, format: 'xml', rules: before });
        if (!viaXml.ok) return;
        const around = readCorsDocument(printCorsJson(viaXml.rules));
        expect(around).toMatchObject({ ok: true, rules: before });
      }),
    );
  });

  it('are read by JSON.parse as what they say', () => {
    fc.assert(
      fc.property(rules, (before) => {
        const parsed = JSON.parse(printCorsJson(before)) as {
          CORSRules: readonly Record<string, unknown>[];
        };
        expect(parsed.CORSRules).toEqual(
          before.map((each) => ({
            ...(each.id === '' ? {} : { ID: each.id }),
            AllowedOrigins: each.origins,
            AllowedMethods: each.methods,
            ...(each.headers.length > 0 ? { AllowedHeaders: each.headers } : {}),
            ...(each.exposed.length > 0 ? { ExposeHeaders: each.exposed } : {}),
            ...(each.maxAge === null ? {} : { MaxAgeSeconds: each.maxAge }),
          })),
        );
      }),
    );
  });

  it('give an answer to any text, however broken, and never throw', () => {
    const broken = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc
        .tuple(rules, fc.nat(2_000), fc.nat(20), text, fc.boolean())
        .map(([some, at, length, put, xml]) => {
          const whole = xml ? printCorsXml(some) : printCorsJson(some);
          return whole.slice(0, at) + put + whole.slice(at + length);
        }),
    );
    fc.assert(
      fc.property(broken, (whatever) => {
        for (const read of [readCorsJson, readCorsXml, readCorsDocument]) {
          const found = read(whatever);
          if (found.ok) expect(found.lines).toHaveLength(found.rules.length);
          else {
            expect(found.problems.length).toBeGreaterThan(0);
            const last = whatever.split('\n').length;
            for (const { line, message } of found.problems) {
              expect(line).toBeGreaterThan(0);
              expect(line).toBeLessThanOrEqual(last);
              expect(message).not.toBe('');
            }
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  it('are as JSON what the AWS CLI takes', () => {
    const some: CorsRule = {
      id: 'reads',
      origins: ['https://a.example.com', 'https://*.b.example.com'],
      methods: ['GET', 'HEAD'],
      headers: ['*'],
      exposed: ['ETag'],
      maxAge: 3_000,
    };
    expect(printCorsJson([some])).toBe(`{
  "CORSRules": [
    {
      "ID": "reads",
      "AllowedOrigins": ["https://a.example.com", "https://*.b.example.com"],
      "AllowedMethods": ["GET", "HEAD"],
      "AllowedHeaders": ["*"],
      "ExposeHeaders": ["ETag"],
      "MaxAgeSeconds": 3000
    }
  ]
}
`);
    expect(printCorsXml([some])).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <CORSRule>
    <ID>reads</ID>
    <AllowedOrigin>https://a.example.com</AllowedOrigin>
    <AllowedOrigin>https://*.b.example.com</AllowedOrigin>
    <AllowedMethod>GET</AllowedMethod>
    <AllowedMethod>HEAD</AllowedMethod>
    <AllowedHeader>*</AllowedHeader>
    <ExposeHeader>ETag</ExposeHeader>
    <MaxAgeSeconds>3000</MaxAgeSeconds>
  </CORSRule>
</CORSConfiguration>
`);
  });

  it('are read in time that grows with their length alone', () => {
    const wide: CorsRule = {
      id: '',
      origins: Array.from({ length: 30_000 }, (_each, index) => `https://a${index}.com`),
      methods: ['GET'],
      headers: [],
      exposed: [],
      maxAge: null,
    };
    expect(readCorsJson(printCorsJson([wide]))).toMatchObject({ ok: true });
    expect(readCorsXml(printCorsXml([wide]))).toMatchObject({ ok: true });
    const stray = `<CORSConfiguration>${'<a/>'.repeat(100_000)}</CORSConfiguration>`;
    expect(readCorsXml(stray)).toMatchObject({ ok: false });
    const names = Array.from({ length: 50_000 }, (_each, index) => `"k${index}":1`);
    expect(readCorsJson(`{${names.join(',')}}`)).toMatchObject({ ok: false });
  });

  it('are as long as they are sent: in bytes, without blanks between elements', () => {
    const bare =
      '<?xml version="1.0" encoding="UTF-8"?><CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><CORSRule><ID>ü</ID></CORSRule></CORSConfiguration>\n';
    const only = { origins: [], methods: [], headers: [], exposed: [], maxAge: null };
    expect(corsDocumentBytes([{ id: 'ü', ...only }])).toBe(Buffer.byteLength(bare));
  });
});
