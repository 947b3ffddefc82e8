import { expect, test } from 'vitest';
import { check, type Expected, isClean, type Observed } from './checker.ts';
import { digestBytes } from './content.ts';

const right = digestBytes(Buffer.from('right'));
const wrong = digestBytes(Buffer.from('wrong'));

function expected(presence: Expected['presence']): Expected {
  return { presence, contents: new Set([right.sha256]), origin: 'a step' };
}

const expectations = {
  objects: new Map([
    ['b/kept', expected('must')],
    ['b/maybe', expected('may')],
    ['b/deleted', expected('never')],
  ]),
  files: new Map([['/down/file', expected('must')]]),
};

function observed(changes: Partial<Observed> = {}): Observed {
  return {
    objects: new Map([['b/kept', right]]),
    files: new Map([['/down/file', right]]),
    uploads: [],
    ...changes,
  };
}

const ZERO = {
  lost: 0,
  corrupted: 0,
  silentWrong: 0,
  orphanUploads: 0,
  leftoverTempFiles: 0,
};

test('what is as it should be is clean, with or without what may be there', () => {
  const verdict = check(expectations, observed(), []);
  expect(verdict).toEqual({ ...ZERO, problems: [] });
  expect(isClean(verdict)).toBe(true);
  const objects = new Map([
    ['b/kept', right],
    ['b/maybe', right],
  ]);
  expect(isClean(check(expectations, observed({ objects }), []))).toBe(true);
});

test.each<[string, Partial<Observed>, object]>([
  ['a lost object', { objects: new Map() }, { lost: 1 }],
  ['a lost file', { files: new Map() }, { lost: 1 }],
  ['a corrupted object', { objects: new Map([['b/kept', wrong]]) }, { corrupted: 1 }],
  ['a corrupted file', { files: new Map([['/down/file', wrong]]) }, { corrupted: 1 }],
  [
    'wrong bytes of what may be there',
    {
      objects: new Map([
        ['b/kept', right],
        ['b/maybe', wrong],
      ]),
    },
    { corrupted: 1 },
  ],
  [
    'an object that was deleted and is there',
    {
      objects: new Map([
        ['b/kept', right],
        ['b/deleted', right],
      ]),
    },
    { silentWrong: 1 },
  ],
  [
    'an object nobody asked for',
    {
      objects: new Map([
        ['b/kept', right],
        ['b/kept 2', right],
      ]),
    },
    { silentWrong: 1 },
  ],
  [
    'a leftover temporary file',
    {
      files: new Map([
        ['/down/file', right],
        ['/down/file.17.part', wrong],
      ]),
    },
    { leftoverTempFiles: 1 },
  ],
  [
    'an orphan upload',
    { uploads: ['b/kept upload-1 with 2 parts'] },
    { orphanUploads: 1 },
  ],
])('finds %s', (_, changes, counts) => {
  const verdict = check(expectations, observed(changes), []);
  expect(verdict).toMatchObject({ ...ZERO, ...counts });
  expect(verdict.problems).toHaveLength(1);
  expect(isClean(verdict)).toBe(false);
});

test('a file whose own name ends in .part is no leftover', () => {
  const files = new Map([['/down/Name.part', expected('must')]]);
  const there = new Map([['/down/Name.part', right]]);
  const verdict = check(
    { objects: new Map(), files },
    { objects: new Map(), files: there, uploads: [] },
    [],
  );
  expect(isClean(verdict)).toBe(true);
});

test('rows that vanished or never ended are lost, false claims silently wrong', () => {
  const origin = 'a step';
  const verdict = check(expectations, observed(), [
    { origin, kind: 'missing', detail: '' },
    { origin, kind: 'unfinished', detail: '' },
    { origin, kind: 'wrong-claim', detail: '' },
    { origin, kind: 'failed-without-reason', detail: '' },
  ]);
  expect(verdict).toMatchObject({ lost: 2, silentWrong: 2 });
});
