import { expect, test } from 'vitest';
import type { ConnectionId } from '../../../../shared/domain/ids.ts';
import type { ListingPage } from '../../../../shared/domain/listing.ts';
import { AppError } from '../../../../shared/errors/error.ts';
import type { Api } from '../../../bridge/api.ts';
import type { Location } from '../model/location.ts';
import { Pane } from './pane.ts';

interface Asked {
  readonly prefix: string;
  readonly cursor: string | null;
  readonly fresh: boolean;
  readonly answer: (
    prefixes: string[],
    keys: string[],
    cursor?: string | null,
  ) => Promise<void>;
  readonly fail: (error: AppError) => Promise<void>;
}

const connectionId = 'c' as ConnectionId;
const at = (prefix: string): Location => ({ connectionId, bucket: 'b', prefix });
const tick = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

function setUp() {
  const asked: Asked[] = [];
  const cancelled: string[] = [];
  const browse = {
    list: (request: { prefix: string; cursor: string | null; fresh: boolean }) => {
      const { promise, resolve, reject } = Promise.withResolvers<ListingPage>();
      asked.push({
        ...request,
        answer: (prefixes, keys, cursor = null) => {
          resolve({
            prefixes,
            keys,
            sizes: new Float64Array(keys.length).fill(1),
            modified: new Float64Array(keys.length),
            classes: ['STANDARD'],
            classIndex: new Uint8Array(keys.length),
            cursor,
          });
          return tick();
        },
        fail: (error) => {
          reject(error);
          return tick();
        },
      });
      return promise;
    },
    cancel: async ({ taskId }: { taskId: string }) => {
      cancelled.push(taskId);
    },
  };
  let task = 0;
  const pane = new Pane({
    api: { browse } as unknown as Api,
    slicer: { now: () => 0, pause: () => Promise.resolve() },
    names: { naturalKey: (name) => name },
    newTaskId: () => `t${(task += 1)}`,
    showHidden: true,
    later: (run) => {
      run();
      return () => {};
    },
  });
  const shown = () => {
    const { model } = pane.store.getState();
    return Array.from({ length: model?.length ?? 0 }, (_, i) => model?.at(i)?.key);
  };
  const selected = () => {
    const { model, selection } = pane.store.getState();
    return Array.from(selection.rows, (row) => model?.columns.keyOf(row));
  };
  return { pane, asked, cancelled, shown, selected, state: () => pane.store.getState() };
}

test('a listing asks for page after page until there is no cursor', async () => {
  const t = setUp();
  t.pane.navigate(at(''));
  await t.asked[0]?.answer([], ['b'], 'next');
  const phase = t.state().phase;
  await t.asked[1]?.answer(['a/'], ['c']);
  expect({
    cursors: t.asked.map((a) => a.cursor),
    phase,
    end: t.state().phase,
    shown: t.shown(),
  }).toEqual({
    cursors: [null, 'next'],
    phase: 'loading',
    end: 'done',
    shown: ['a/', 'b', 'c'],
  });
});

test('a page of a place one has left is dropped and its request cancelled', async () => {
  const t = setUp();
  t.pane.navigate(at(''));
  t.pane.navigate(at('x/'));
  await t.asked[0]?.answer([], ['late']);
  await t.asked[1]?.answer([], ['x/1']);
  expect({ shown: t.shown(), cancelled: t.cancelled }).toEqual({
    shown: ['x/1'],
    cancelled: ['t1'],
  });
});

test('back and forward bring back the selection; up selects where one comes from', async () => {
  const t = setUp();
  t.pane.navigate(at(''));
  await t.asked[0]?.answer(['x/', 'y/'], ['f']);
  t.pane.select({ kind: 'click', position: 2, toggle: false, range: false });
  t.pane.navigate(at('y/'));
  await t.asked[1]?.answer([], ['y/1']);
  t.pane.back();
  await t.asked[2]?.answer(['x/', 'y/'], ['f']);
  const afterBack = t.selected();
  t.pane.forward();
  await t.asked[3]?.answer([], ['y/1']);
  const where = t.state().location?.prefix;
  t.pane.up();
  await t.asked[4]?.answer(['x/', 'y/'], ['f']);
  expect({ afterBack, where, afterUp: t.selected() }).toEqual({
    afterBack: ['f'],
    where: 'y/',
    afterUp: ['y/'],
  });
});

test('a refresh keeps rows and selection in view until the new ones are in', async () => {
  const t = setUp();
  t.pane.navigate(at(''));
  await t.asked[0]?.answer([], ['a', 'b', 'c']);
  t.pane.select({ kind: 'click', position: 1, toggle: false, range: false });
  t.pane.refresh();
  const during = { shown: t.shown(), refreshing: t.state().refreshing };
  await t.asked[1]?.answer([], ['a', 'aa', 'b']);
  expect({
    during,
    fresh: t.asked[1]?.fresh,
    shown: t.shown(),
    selected: t.selected(),
  }).toEqual({
    during: { shown: ['a', 'b', 'c'], refreshing: true },
    fresh: true,
    shown: ['a', 'aa', 'b'],
    selected: ['b'],
  });
});

test('what the user selects while the list is refreshed stays selected', async () => {
  const t = setUp();
  t.pane.navigate(at(''));
  await t.asked[0]?.answer([], ['a', 'b', 'c']);
  t.pane.select({ kind: 'click', position: 0, toggle: false, range: false });
  t.pane.refresh();
  t.pane.select({ kind: 'click', position: 2, toggle: false, range: false });
  t.pane.select({ kind: 'click', position: 1, toggle: true, range: false });
  await t.asked[1]?.answer([], ['a', 'aa', 'b', 'c']);
  expect({ selected: t.selected(), focus: t.state().selection.focus }).toEqual({
    selected: ['b', 'c'],
    focus: 2,
  });
});

test('what the user selects while a listing comes in is left alone', async () => {
  const t = setUp();
  t.pane.navigate(at(''), { select: 'z' });
  await t.asked[0]?.answer([], ['a'], 'next');
  t.pane.select({ kind: 'click', position: 0, toggle: false, range: false });
  await t.asked[1]?.answer([], ['z']);
  expect(t.selected()).toEqual(['a']);
});

test('stop keeps what came in; an error keeps it too and says what happened', async () => {
  const t = setUp();
  t.pane.navigate(at(''));
  await t.asked[0]?.answer([], ['a'], 'next');
  t.pane.stop();
  const stopped = { phase: t.state().phase, shown: t.shown() };
  t.pane.navigate(at('x/'));
  await t.asked[2]?.answer([], ['x/a'], 'next');
  await t.asked[3]?.fail(new AppError('network.reset'));
  expect({
    stopped,
    phase: t.state().phase,
    error: t.state().error?.code,
    shown: t.shown(),
  }).toEqual({
    stopped: { phase: 'stopped', shown: ['a'] },
    phase: 'failed',
    error: 'network.reset',
    shown: ['x/a'],
  });
});

test('filtering deselects what goes out of sight', async () => {
  const t = setUp();
  t.pane.navigate(at(''));
  await t.asked[0]?.answer([], ['one', 'two', 'three']);
  t.pane.select({ kind: 'all' });
  t.pane.setFilter({ text: 'T' });
  await tick();
  expect({
    shown: t.shown(),
    selected: t.selected().toSorted((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1)),
  }).toEqual({
    shown: ['three', 'two'],
    selected: ['three', 'two'],
  });
});

test('type-ahead goes to the next name of that letter and refines as one types', async () => {
  const t = setUp();
  t.pane.navigate(at(''));
  await t.asked[0]?.answer([], ['alpha', 'apple', 'apply', 'beta']);
  const found: unknown[] = [];
  for (const text of ['a', 'aa', 'app', 'b']) {
    t.pane.typeAhead(text);
    found.push(t.selected()[0]);
  }
  expect(found).toEqual(['apple', 'apply', 'apply', 'beta']);
});
