import { expect, test } from 'vitest';
import type { CorsRule } from '../../../shared/domain/aspects.ts';
import {
  type CorsDraft,
  corsDraft,
  corsProblems,
  corsValue,
  rulesOf,
  shownAs,
  textOf,
  withChanged,
  withFile,
  withMoved,
  withoutRule,
  withoutText,
  withRule,
  withShape,
  withText,
} from './cors-draft.ts';

const READ: CorsRule = {
  id: '',
  origins: ['*'],
  methods: ['GET'],
  headers: [],
  exposed: [],
  maxAge: null,
};
const WRITE: CorsRule = { ...READ, origins: ['https://a.example.com'], methods: ['PUT'] };

const COMMENTED = `<CORSConfiguration>
  <!-- for the shop -->
  <CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>
</CORSConfiguration>`;

function typed(draft: CorsDraft, view: 'json' | 'xml', text: string): CorsDraft {
  return withText(shownAs(draft, view), view, text);
}

test('what is typed in one view is what the others show', () => {
  const draft = typed(corsDraft([WRITE]), 'xml', COMMENTED);
  expect(rulesOf(draft)).toEqual([READ]);
  expect(JSON.parse(textOf(draft, 'json'))).toEqual({
    CORSRules: [{ AllowedOrigins: ['*'], AllowedMethods: ['GET'] }],
  });
});

test('a text stays as it was typed, comments and all, until the rules say something else', () => {
  const draft = typed(corsDraft([READ]), 'xml', COMMENTED);
  const back = shownAs(shownAs(shownAs(draft, 'form'), 'json'), 'xml');
  expect(textOf(back, 'xml')).toBe(COMMENTED);
  expect(textOf(typed(back, 'json', textOf(back, 'json')), 'xml')).toBe(COMMENTED);
  const [row] = back.rows;
  const changed = withChanged(back, row?.id ?? -1, { methods: ['HEAD'] });
  expect(textOf(changed, 'xml')).toContain('<AllowedMethod>HEAD</AllowedMethod>');
});

test('a text that cannot be read stays on screen, with the rules as they were', () => {
  const broken = typed(corsDraft([READ]), 'json', '[{"ID": ]');
  expect(rulesOf(broken)).toEqual([READ]);
  const held = shownAs(broken, 'form');
  expect(held).toMatchObject({ view: 'json', stuck: true });
  expect(textOf(held, 'json')).toBe('[{"ID": ]');
  expect(corsProblems(held)).toEqual([
    { field: 'text', message: 'Line 1: A value is missing before this ].' },
  ]);
  // A change, so that nobody throws it away unasked; a problem, so that it is not saved.
  expect(corsValue(held)).not.toEqual([READ]);

  const mended = withText(held, 'json', '[]');
  expect(mended).toMatchObject({ stuck: false, broken: [] });
  expect(shownAs(mended, 'form').view).toBe('form');

  const discarded = withoutText(held);
  expect(corsValue(discarded)).toEqual([READ]);
  expect(JSON.parse(textOf(discarded, 'json'))).toMatchObject({
    CORSRules: [{ AllowedMethods: ['GET'] }],
  });
});

test('JSON is written in the shape it was read in, or in the one that is chosen', () => {
  const draft = typed(corsDraft([]), 'json', '[{"AllowedOrigins": ["*"]}]');
  const more = withRule(draft, WRITE);
  expect(JSON.parse(textOf(more, 'json'))).toHaveLength(2);
  expect(JSON.parse(textOf(withShape(more, 'json'), 'json'))).toHaveProperty('CORSRules');
});

test('rules are added, moved and removed, and keep their identity', () => {
  const draft = withRule(corsDraft([READ, WRITE]), READ, 0);
  expect(draft.rows.map(({ id }) => id)).toEqual([2, 0, 1]);
  expect(withMoved(draft, 1, -1).rows.map(({ id }) => id)).toEqual([2, 1, 0]);
  expect(withMoved(draft, 2, -1)).toBe(draft);
  expect(withMoved(draft, 1, 1)).toBe(draft);
  expect(withoutRule(draft, 0).rows.map(({ id }) => id)).toEqual([2, 1]);
});

test('a file replaces the rules; one that cannot be read is shown, and nothing is lost', () => {
  const opened = withFile(corsDraft([WRITE]), COMMENTED);
  expect(opened.view).toBe('form');
  expect(rulesOf(opened)).toEqual([READ]);
  const bad = withFile(corsDraft([WRITE]), '{"Rules": []}');
  expect(bad.view).toBe('json');
  expect(bad.broken).toHaveLength(1);
  expect(rulesOf(withoutText(bad))).toEqual([WRITE]);
  // From a text on screen one goes to the text of the file.
  expect(withFile(shownAs(corsDraft([WRITE]), 'json'), COMMENTED).view).toBe('xml');
});

test('what keeps rules from being saved is told by rule and field', () => {
  const draft = withRule(
    withRule(corsDraft([WRITE]), { ...WRITE, origins: ['https://*.*.com'] }),
  );
  expect(corsProblems(draft)).toEqual([
    {
      field: 'origins:1',
      message: '“https://*.*.com” has more than one *. An origin takes one.',
      missing: false,
    },
    {
      field: 'origins:2',
      message: 'Enter an origin such as https://app.example.com, or * for any.',
      missing: true,
    },
    { field: 'methods:2', message: 'Choose at least one method.', missing: true },
  ]);
  const many = corsDraft(Array.from({ length: 101 }, () => READ));
  expect(corsProblems(many).map(({ field }) => field)).toEqual(['rules']);
});
