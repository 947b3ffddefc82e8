import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { diskOperations, type FileOperations } from './file-operations.ts';
import { type JsonStoreOptions, openJsonStore } from './json-store.ts';

const Contents = z.strictObject({ names: z.array(z.string()) });
type Contents = z.infer<typeof Contents>;

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dipper-store-'));
  path = join(folder, 'names.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function options(files: FileOperations = diskOperations()): JsonStoreOptions<Contents> {
  return {
    path,
    schema: Contents,
    version: 2,
    migrations: { 1: (old) => ({ names: [(old as { name: string }).name] }) },
    initial: () => ({ names: [] }),
    files,
    now: () => 1234,
  };
}

/** Operations that die for good at step `n`, as a power failure does. */
function dyingAt(n: number): { readonly files: FileOperations; steps(): number } {
  const real = diskOperations();
  let step = 0;
  function guard<A extends unknown[], R>(operation: (...args: A) => Promise<R>) {
    return async (...args: A): Promise<R> => {
      if (step >= n) throw new Error('power failure');
      step += 1;
      return operation(...args);
    };
  }
  return {
    files: {
      read: real.read,
      writeSynced: guard(real.writeSynced),
      copy: guard(real.copy),
      rename: guard(real.rename),
      remove: guard(real.remove),
      syncFolder: guard(real.syncFolder),
      unique: real.unique,
    },
    steps: () => step,
  };
}

test('a store without a file starts with the initial contents and no notice', async () => {
  const store = await openJsonStore(options());
  expect({ value: store.value, notice: store.notice }).toEqual({
    value: { names: [] },
    notice: null,
  });
});

test('what was written is read back, and the contents before it are in .bak', async () => {
  const store = await openJsonStore(options());
  await store.write({ names: ['a'] });
  await store.write({ names: ['a', 'b'] });
  expect((await openJsonStore(options())).value).toEqual({ names: ['a', 'b'] });
  expect(JSON.parse(await readFile(`${path}.bak`, 'utf8'))).toEqual({
    version: 2,
    names: ['a'],
  });
  expect((await readdir(folder)).sort()).toEqual(['names.json', 'names.json.bak']);
});

test('writes in one burst end with the last one', async () => {
  const store = await openJsonStore(options());
  await Promise.all([1, 2, 3, 4, 5].map((n) => store.write({ names: [`${n}`] })));
  expect((await openJsonStore(options())).value).toEqual({ names: ['5'] });
});

test('a power failure at any step leaves the old or the new contents', async () => {
  const outcomes: string[] = [];
  for (let n = 0; n < 10; n += 1) {
    await rm(folder, { recursive: true, force: true });
    const setup = await openJsonStore(options());
    await setup.write({ names: ['older'] });
    await setup.write({ names: ['old'] });
    const dying = dyingAt(n);
    const store = await openJsonStore(options(dying.files));
    const result = await store.write({ names: ['new'] }).then(
      () => 'written',
      () => 'failed',
    );
    const after = await openJsonStore(options());
    outcomes.push(`${result}: ${after.value.names.join()}`);
    expect(after.notice).toBeNull();
    if (result === 'written') break;
  }
  expect(outcomes).toEqual([
    'failed: old',
    'failed: old',
    'failed: old',
    'failed: old',
    'failed: new',
    'written: new',
  ]);
});

test('a failed write throws storage.write-failed and keeps the old value', async () => {
  await (await openJsonStore(options())).write({ names: ['old'] });
  const store = await openJsonStore(options(dyingAt(0).files));
  await expect(store.write({ names: ['new'] })).rejects.toMatchObject({
    code: 'storage.write-failed',
  });
  expect(store.value).toEqual({ names: ['old'] });
});

test('a file of an older version is migrated', async () => {
  await writeFile(path, '{"version":1,"name":"a"}');
  expect((await openJsonStore(options())).value).toEqual({ names: ['a'] });
});

describe('an unreadable file', () => {
  const bad = {
    'cut short': '{"version":2,"names":["a"',
    empty: '',
    'of the wrong shape': '{"version":2,"names":"a"}',
    'without a version': '{"names":["a"]}',
    'of a newer version': '{"version":3,"names":["a"]}',
    'not an object': 'null',
  };
  for (const [title, text] of Object.entries(bad)) {
    test(`${title} is replaced by its backup and put aside`, async () => {
      await writeFile(path, text);
      await writeFile(`${path}.bak`, '{"version":2,"names":["saved"]}');
      const store = await openJsonStore(options());
      expect(store.value).toEqual({ names: ['saved'] });
      expect(store.notice).toMatchObject({
        code: 'storage.corrupt',
        params: { restored: true },
      });
      expect(await readFile(`${path}.corrupt-1234`, 'utf8')).toBe(text);
    });
  }

  test('with an unreadable backup is put aside and the store starts afresh', async () => {
    await writeFile(path, 'x');
    await writeFile(`${path}.bak`, 'y');
    const store = await openJsonStore(options());
    expect(store.value).toEqual({ names: [] });
    expect(store.notice).toMatchObject({
      code: 'storage.corrupt',
      params: { restored: false, aside: `${path}.corrupt-1234` },
    });
    await store.write({ names: ['fresh'] });
    expect((await openJsonStore(options())).notice).toBeNull();
  });
});

test('a backup whose file is missing is restored in silence', async () => {
  await writeFile(`${path}.bak`, '{"version":2,"names":["saved"]}');
  const store = await openJsonStore(options());
  expect({ value: store.value, notice: store.notice }).toEqual({
    value: { names: ['saved'] },
    notice: null,
  });
});
