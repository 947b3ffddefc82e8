import { expect, test } from 'vitest';
import type { BookmarkId } from '../../../shared/domain/ids.ts';
import { sampleBookmark, sampleState } from '../connect/testing/samples.ts';
import { displayName, secondaryText } from './bookmark-text.ts';
import { dropTarget, neighbourKey, sidebarRows, stepTarget } from './sidebar-model.ts';

const state = sampleState();
const id = (name: string) => name as BookmarkId;

test('folders come first with their bookmarks, then those without a folder', () => {
  expect(sidebarRows(state, '').map((row) => row.key)).toEqual([
    'folder-Work',
    'bookmark-alpha',
    'bookmark-beta',
    'folder-Home',
    'bookmark-gamma',
    'bookmark-delta',
    'bookmark-epsilon',
  ]);
});

test('a search opens closed folders and leaves out what does not match', () => {
  const closed = {
    ...state,
    folders: state.folders.map((folder) => ({ ...folder, collapsed: true })),
  };
  expect([
    sidebarRows(closed, '').map((row) => row.key),
    sidebarRows(closed, 'BET').map((row) => row.key),
  ]).toEqual([
    ['folder-Work', 'folder-Home', 'bookmark-delta', 'bookmark-epsilon'],
    ['folder-Work', 'bookmark-beta'],
  ]);
});

test('a step moves within the folder, then into the next', () => {
  expect([
    stepTarget(state, id('beta'), 'up'),
    stepTarget(state, id('alpha'), 'down'),
    stepTarget(state, id('beta'), 'down'),
    stepTarget(state, id('delta'), 'up'),
    stepTarget(state, id('alpha'), 'up'),
    stepTarget(state, id('epsilon'), 'down'),
  ]).toEqual([
    { folderId: 'Work', beforeId: 'alpha' },
    { folderId: 'Work', beforeId: null },
    { folderId: 'Home', beforeId: 'gamma' },
    { folderId: 'Home', beforeId: null },
    null,
    null,
  ]);
});

test('a drop goes before, after or into what it falls on', () => {
  const rows = sidebarRows(state, '');
  const rowOf = (key: string) => {
    const row = rows.find((other) => other.key === key);
    if (row === undefined) throw new Error(key);
    return row;
  };
  expect([
    dropTarget(state, id('delta'), rowOf('bookmark-alpha'), 'before'),
    dropTarget(state, id('delta'), rowOf('bookmark-beta'), 'after'),
    dropTarget(state, id('delta'), rowOf('folder-Home'), 'into'),
    dropTarget(state, id('delta'), rowOf('bookmark-delta'), 'before'),
    dropTarget(state, id('beta'), rowOf('bookmark-alpha'), 'after'),
  ]).toEqual([
    { folderId: 'Work', beforeId: 'alpha' },
    { folderId: 'Work', beforeId: null },
    { folderId: 'Home', beforeId: null },
    null,
    null,
  ]);
});

test('after a removal the next row is selected, at the end the one before', () => {
  const rows = sidebarRows(state, '');
  expect([
    neighbourKey(rows, 'bookmark-alpha'),
    neighbourKey(rows, 'bookmark-epsilon'),
  ]).toEqual(['bookmark-beta', 'bookmark-delta']);
});

test('a bookmark without a name is called after its bucket, else its server', () => {
  const named = sampleBookmark('x', { root: 'media/a/' });
  const rooted = { ...named, nickname: '' };
  const bare = { ...rooted, root: '' };
  expect([named, rooted, bare].map((b) => [displayName(b), secondaryText(b)])).toEqual([
    ['x', 'media/a'],
    ['media/a', 's3.eu-central-1.amazonaws.com'],
    ['s3.eu-central-1.amazonaws.com', ''],
  ]);
});
