import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PanelPage, PanelRequest } from '../../../shared/contract/panel.ts';
import type { GroupId, TransferId } from '../../../shared/domain/ids.ts';
import type { GroupRow } from '../../../shared/domain/panel.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { CONNECTION, openBench, type TransferBench, waitFor } from './testing.ts';

let target: S3Target;
let bench: TransferBench;
let bucket: string;

beforeAll(async () => {
  target = await openS3Target();
});

afterAll(async () => {
  await target.close();
});

beforeEach(async () => {
  bucket = await target.makeBucket();
  bench = openBench(target);
});

afterEach(async () => {
  await bench.close();
});

/** The panel as `view` tells it, each entry in a word. */
async function view(change: Partial<PanelRequest> = {}): Promise<PanelPage> {
  return bench.service.handlers['panel.view']({
    filter: 'all',
    kind: 'all',
    text: '',
    opened: [],
    folded: [],
    offset: 0,
    limit: 200,
    ...change,
  });
}

function words(page: PanelPage): readonly string[] {
  return page.entries.map((entry) => {
    if (entry.type === 'day') return 'day';
    if (entry.type === 'group') return `${entry.group.name}${entry.open ? ' open' : ''}`;
    return `${entry.inGroup ? '- ' : ''}${entry.row.name}`;
  });
}

async function headOf(groupId: GroupId): Promise<GroupRow> {
  const { entries } = await view({ folded: [groupId] });
  for (const entry of entries) {
    if (entry.type === 'group' && entry.group.id === groupId) return entry.group;
  }
  throw new Error(`no head of ${groupId}`);
}

function folder(name: string, files: number): string {
  for (let n = 0; n < files; n += 1) bench.file(`${name}/${name}-${n}.txt`, `${n}`);
  return path.join(bench.folder, name);
}

/** Nothing runs: the connection's keys are missing. */
async function queued(groupId: GroupId, count: number): Promise<readonly TransferId[]> {
  await waitFor(async () => {
    const rows = (await bench.rows()).filter((row) => row.groupId === groupId);
    return rows.length === count && rows.every((row) => row.state === 'waiting')
      ? true
      : undefined;
  });
  return (await bench.rows())
    .filter((row) => row.groupId === groupId)
    .map((row) => row.id);
}

test('groups stand with their files, long ones folded, and a single file alone', async () => {
  bench.registry.forget(CONNECTION);
  const long = await bench.upload(bucket, [folder('long', 25)], { prefix: 'a/' });
  await queued(long, 25);
  const short = await bench.upload(bucket, [folder('short', 2)]);
  await queued(short, 2);
  const one = await bench.upload(bucket, [bench.file('one.txt', '1')]);
  await queued(one, 1);
  const page = await view();
  expect(words(page)).toEqual([
    'long',
    'short open',
    expect.stringMatching(/^- short-/),
    expect.stringMatching(/^- short-/),
    'one.txt',
  ]);
  expect(page).toMatchObject({
    lines: 10,
    offset: 0,
    counts: { all: 28, active: 28, failed: 0, finished: 0 },
  });
  expect(await headOf(long)).toMatchObject({
    kind: 'upload',
    name: 'long',
    items: 1,
    prefix: 'a/',
    planning: false,
    waiting: 25,
    bytesTotal: 40,
    bytesDone: 0,
  });
  // A part in the middle begins with the entry that lies there.
  const opened = await view({ opened: [long], offset: 7, limit: 4 });
  expect({ words: words(opened), offset: opened.offset, lines: opened.lines }).toEqual({
    words: Array.from({ length: 3 }, () => expect.stringMatching(/^- long-/)),
    offset: 6,
    lines: 60,
  });
});

test('a group is paused, taken up, retried and cancelled as a whole', async () => {
  bench.registry.forget(CONNECTION);
  const kept = await bench.upload(bucket, [folder('kept', 3)]);
  await queued(kept, 3);
  const gone = await bench.upload(bucket, [folder('gone', 30)]);
  await queued(gone, 30);
  const { handlers } = bench.service;
  await handlers['transfers.pause']({ ids: [], groupIds: [gone] });
  expect([(await headOf(gone)).paused, (await headOf(kept)).paused]).toEqual([30, 0]);
  bench.configure();
  expect(await bench.end(kept)).toMatchObject({ done: 3 });
  await handlers['transfers.cancel']({ ids: [], groupIds: [gone] });
  expect(await bench.end(gone)).toMatchObject({ cancelled: 30, done: 0 });
  expect(words(await view({ filter: 'finished' }))).toEqual([
    'day',
    expect.any(String),
    ...Array.from({ length: 3 }, () => expect.any(String)),
    expect.any(String),
  ]);
  await handlers['transfers.clear']({ ids: [], groupIds: [gone] });
  expect((await view()).counts).toMatchObject({ all: 3, finished: 3 });
});

test('batches bring the heads of groups that move, and say when counting is over', async () => {
  const group = await bench.upload(bucket, [folder('many', 120)]);
  await bench.end(group);
  await waitFor(async () => {
    const last = bench.batches
      .flatMap((batch) => batch.groups)
      .findLast(({ id }) => id === group);
    return last?.done === 120 && !last.planning ? true : undefined;
  });
  const heads = bench.batches.flatMap((batch) => batch.groups);
  const done = heads.filter(({ id }) => id === group).map((head) => head.done);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
});

test('rows and whole groups change places, and run in that order', async () => {
  bench.registry.forget(CONNECTION);
  const first = await bench.upload(bucket, [folder('first', 3)]);
  const [a, b, c] = await queued(first, 3);
  const second = await bench.upload(bucket, [folder('second', 2)]);
  await queued(second, 2);
  if (a === undefined || b === undefined || c === undefined) throw new Error('no rows');
  const { handlers } = bench.service;
  await handlers['panel.reorder']({
    ids: [c],
    groupIds: [],
    place: { type: 'before', id: a },
  });
  await handlers['panel.reorder']({
    ids: [],
    groupIds: [second],
    place: { type: 'beforeGroup', groupId: first },
  });
  const inOrder = (await view()).entries.flatMap((entry) =>
    entry.type === 'row' ? entry.row.id : [],
  );
  expect(inOrder.slice(2)).toEqual([c, a, b]);
  expect(words(await view())[0]).toBe('second open');
  await bench.restart();
  expect(words(await view())[0]).toBe('second open');
});

test('a search finds files of every group and counts them under each filter', async () => {
  bench.registry.forget(CONNECTION);
  const group = await bench.upload(bucket, [folder('photos', 30)]);
  await bench.upload(bucket, [bench.file('notes.txt', 'x')]);
  await queued(group, 30);
  const found = await view({ text: 'PHOTOS-1' });
  expect(words(found)[0]).toBe('photos open');
  expect(found).toMatchObject({
    counts: { all: 11, active: 11 },
    searching: false,
    capped: false,
    lines: 24,
  });
  expect((await view({ text: 'photos', kind: 'download' })).entries).toEqual([]);
  expect((await view({ text: 'photos', filter: 'failed' })).entries).toEqual([]);
});

test('counts and heads are the same after a restart', async () => {
  const group = await bench.upload(bucket, [folder('again', 22)], { prefix: 'x/' });
  await bench.end(group);
  const before = await headOf(group);
  await bench.restart();
  expect(await headOf(group)).toEqual(before);
  expect(words(await view())).toEqual(['day', 'again']);
});

test('details of an upload in parts tell of its parts, of others that there are none', async () => {
  const group = await bench.upload(bucket, [bench.file('small.txt', 'x')]);
  await bench.end(group);
  const [row] = await bench.rows();
  if (row === undefined) throw new Error('no row');
  const { handlers } = bench.service;
  expect(await handlers['panel.detail']({ id: row.id })).toMatchObject({
    id: row.id,
    partSize: null,
    uploadId: '',
  });
  expect(await handlers['panel.detail']({ id: 999 as TransferId })).toBeNull();
});
