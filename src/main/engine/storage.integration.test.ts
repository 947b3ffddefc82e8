import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { STORAGE_EXIT_CODE } from '../../shared/contract/engine.ts';
import type { ConnectionId } from '../../shared/domain/ids.ts';
import { type CrashBench, forkEngine, openCrashBench } from './testing/crash-bench.ts';

const COUNT = 300;
const connectionId = 'one' as ConnectionId;
let bench: CrashBench;

beforeEach(async ({ skip }) => {
  bench = await openCrashBench(skip);
});
afterEach(() => bench?.close());

test('an engine that cannot write its queue ends at once: nothing fails, nothing is asked, the next one goes on', async () => {
  const { server, folder, bucket } = bench;
  const journal = path.join(folder, 'transfers.db');
  const source = path.join(folder, 'up');
  await mkdir(source);
  for (let i = 0; i < COUNT; i += 1) await writeFile(path.join(source, `f${i}`), `${i}`);
  server.faults.add({
    match: { operation: 'PutObject' },
    action: { kind: 'delay', ms: 50 },
  });
  const first = forkEngine(journal);
  const notices: string[] = [];
  first.engine.subscribe('engine.notice', ({ code }) => notices.push(code));
  await bench.configure(first.engine, connectionId);
  await first.engine.call('transfers.upload', {
    connectionId,
    bucket,
    prefix: '',
    paths: [source],
    conflict: 'ask',
  });
  await expect.poll(() => server.keys(bucket).length).toBeGreaterThan(20);
  const exited = once(first.child, 'exit');
  using other = new DatabaseSync(journal, { timeout: 30_000 });
  other.exec('BEGIN IMMEDIATE');
  expect(await exited).toEqual([STORAGE_EXIT_CODE, null]);
  expect(notices).toEqual(['storage.write-failed']);
  // Nor does one that is started meanwhile come any further.
  const second = forkEngine(journal);
  expect(await once(second.child, 'exit')).toEqual([STORAGE_EXIT_CODE, null]);
  other.exec('COMMIT');

  const third = bench.start();
  await bench.configure(third, connectionId);
  const totals = async () => (await third.call('transfers.totals', undefined)).totals;
  await expect.poll(async () => (await totals()).done, { timeout: 60_000 }).toBe(COUNT);
  expect(await totals()).toMatchObject({ failed: 0, conflicts: 0, queued: 0 });
  expect(server.keys(bucket)).toHaveLength(COUNT);
  await third.call('engine.stop', undefined);
});
