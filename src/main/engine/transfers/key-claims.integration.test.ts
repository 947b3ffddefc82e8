import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { NEW, OLD, openPolicyBench, type PolicyBench } from '../testing/policy-bench.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { CONNECTION, OTHER, ownServer, type TransferBench, waitFor } from './testing.ts';

let target: S3Target;
let at: PolicyBench;
let bench: TransferBench;
let bucket: string;
/** Leaves the test out that runs. */
let skip: () => never;

beforeAll(async () => {
  target = await openS3Target();
});

afterAll(async () => {
  await target.close();
});

beforeEach(async (context) => {
  skip = context.skip;
  at = await openPolicyBench(target, skip);
  ({ bench, bucket } = at);
});

afterEach(async () => {
  await at.close();
});

/** From here on the connections know that the server takes no conditions. */
async function loseConditions(): Promise<void> {
  const server = ownServer(target, skip);
  bench.configureOther();
  const file = bench.file('first.txt', 'first');
  for (const connectionId of [CONNECTION, OTHER]) {
    server.clearRequests();
    server.faults.add({
      match: { operation: 'PutObject', keyPattern: /first/ },
      times: 1,
      action: { kind: 'error', status: 400, code: 'InvalidArgument' },
    });
    await bench.end(await bench.upload(bucket, [file], { connectionId }));
    await bench.s3.deleteObject({ bucket, key: 'first.txt' });
    expect(server.requests.at(-1)?.headers['if-none-match']).toBeUndefined();
  }
}

async function contents(): Promise<readonly string[]> {
  const keys = await bench.keys(bucket);
  return (await Promise.all(keys.map((key) => at.textOf(key)))).sort();
}

test.each([
  ['rename', 'a file gets no name that another of its group goes by'],
  ['rename-existing', 'what was set aside is not written over by its group'],
] as const)('without conditional writes and with %s, %s', async (conflict, _name) => {
  await loseConditions();
  bench.service.setLimits({ maxTransfers: 1, partsPerTransfer: 1 });
  await at.put('a.txt', 'theirs');
  // Behind so many that the folder is listed once for all.
  const names = ['1', '2', '3', '4', '5'];
  const others = names.map((name) => bench.file(name, name));
  const files = ['a.txt', 'a 2.txt'].map((name) => bench.file(name, `mine: ${name}`));
  const paths = [...others, ...files];
  await bench.end(await bench.upload(bucket, paths, { conflict }));
  expect(await contents()).toEqual([...names, 'mine: a 2.txt', 'mine: a.txt', 'theirs']);
});

test('without conditional writes, two groups and connections do not write one key at once', async () => {
  await loseConditions();
  const server = ownServer(target, skip);
  const before = server.faults.hits.length;
  server.faults.add({
    match: { operation: 'PutObject', keyPattern: 'a.txt' },
    times: 1,
    action: { kind: 'delay', ms: 3_600_000 },
  });
  const upload = (name: string, connectionId: ConnectionId) =>
    bench.upload(bucket, [bench.file(`${name}/a.txt`, name)], {
      connectionId,
      conflict: 'skip',
    });
  const early = await upload('one', CONNECTION);
  await waitFor(() => server.faults.hits.length > before || undefined);
  const late = await upload('two', OTHER);
  await bench.until((rows) =>
    rows.some(({ groupId, state }) => groupId === late && state !== 'queued'),
  );
  server.faults.clear();
  expect(await bench.end(early)).toMatchObject({ done: 1 });
  expect(await bench.end(late)).toMatchObject({ done: 0, skipped: 1 });
  expect(await contents()).toEqual(['one']);
});

test('without conditional writes, a move gets no name that another of its group goes to', async () => {
  await loseConditions();
  const server = ownServer(target, skip);
  await at.put('a.txt', 'theirs');
  await at.put('x/a.txt', 'mine: a.txt');
  await at.put('x/a 2.txt', 'mine: a 2.txt');
  const before = server.faults.hits.length;
  // The first one has looked and found "a 2.txt" free.
  server.faults.add({
    match: { operation: 'CopyObject' },
    times: 1,
    action: { kind: 'delay', ms: 3_600_000 },
  });
  const conflict = 'rename';
  const first = await bench.copy('move', bucket, { 'x/a.txt': 'a.txt' }, { conflict });
  await waitFor(() => server.faults.hits.length > before || undefined);
  const targets = { 'x/a 2.txt': 'a 2.txt' };
  const second = await bench.copy('move', bucket, targets, { conflict });
  await bench.until((rows) =>
    rows.some(({ groupId, state }) => groupId === second && state !== 'queued'),
  );
  server.faults.clear();
  await Promise.all([bench.end(first), bench.end(second)]);
  expect(await contents()).toEqual(['mine: a 2.txt', 'mine: a.txt', 'theirs']);
});

test('a listing that is known does not hide what another group uploaded since', async () => {
  await loseConditions();
  bench.service.setLimits({ maxTransfers: 1, partsPerTransfer: 1 });
  await at.put('z/old', 'old');
  const names = ['1', '2', '3', '4', '5', '6'];
  const paths = names.map((name) => at.fileOf(name, name, OLD));
  // The first group knows the folder from its listing, then waits.
  const server = ownServer(target, skip);
  server.faults.add({
    match: { operation: 'PutObject', keyPattern: 'z/5' },
    times: 1,
    action: { kind: 'delay', ms: 3_600_000 },
  });
  const before = server.faults.hits.length;
  const changes = { prefix: 'z/', conflict: 'newer' } as const;
  const first = await bench.upload(bucket, paths, changes);
  await waitFor(() => server.faults.hits.length > before || undefined);
  const { handlers } = bench.service;
  await handlers['transfers.pause']({ ids: null, groupIds: [first] });
  server.faults.clear();
  const newer = at.fileOf('other/6', 'newer', NEW);
  await bench.end(await bench.upload(bucket, [newer], changes));
  await handlers['transfers.resume']({ ids: null, groupIds: [first] });
  await bench.end(first);
  expect(await at.textOf('z/6')).toBe('newer');
});
