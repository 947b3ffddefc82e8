import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { STORAGE_EXIT_CODE } from '../../shared/contract/engine.ts';
import { lockJournal } from './database/journal-lock.ts';
import { forkEngine } from './testing/crash-bench.ts';

let folder: string;
let journal: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'dipper-one-'));
  journal = path.join(folder, 'transfers.db');
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

function start() {
  const started = forkEngine(journal);
  children.push(started.child);
  return started;
}

test.skipIf(process.platform === 'win32')(
  'beside an engine that hangs no other one begins, and the next one does once it is gone',
  async () => {
    const first = start();
    const firstGone = once(first.child, 'exit');
    await first.engine.call('transfers.totals', undefined);
    first.child.kill('SIGSTOP');

    const second = start();
    const notices: string[] = [];
    second.engine.subscribe('engine.notice', ({ code }) => notices.push(code));
    expect(await once(second.child, 'exit')).toEqual([STORAGE_EXIT_CODE, null]);
    expect(notices).toEqual(['storage.in-use']);

    // This one is still waiting when the first one ends, or begins after it: both go.
    const third = start();
    const answer = third.engine.call('transfers.totals', undefined);
    first.child.kill('SIGKILL');
    await firstGone;
    expect((await answer).totals.running).toBe(0);
    const thirdGone = once(third.child, 'exit');
    await third.engine.call('engine.stop', undefined);
    third.child.disconnect();
    await thirdGone;
  },
  60_000,
);

test('the lock is held once, and whatever else has its name gives way', async () => {
  await writeFile(`${journal}.lock`, 'no database at all '.repeat(500));
  const held = lockJournal(journal, 0);
  expect(() => lockJournal(journal, 0)).toThrow(
    expect.objectContaining({ code: 'storage.in-use' }),
  );
  held[Symbol.dispose]();
  held[Symbol.dispose]();
  lockJournal(journal, 0)[Symbol.dispose]();
});
