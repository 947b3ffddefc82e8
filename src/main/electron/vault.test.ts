import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BookmarkId } from '../../shared/domain/ids.ts';
import { createSecretStore } from '../credentials/secret-store.ts';
import { diskOperations } from '../storage/file-operations.ts';
import { openVault, type SafeStorage } from './vault.ts';

const A = 'a' as BookmarkId;
const B = 'b' as BookmarkId;
const SECRET = 'wJalrXUtnFEMI/K7MDENG';

let path: string;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dipper-vault-'));
  path = join(folder, 'vault.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A keychain whose key can be changed; a cipher of an old key asks to be renewed. */
function keychain(backend = 'gnome_libsecret', available = true) {
  let key = 1;
  let known = [1];
  const storage: SafeStorage = {
    isAsyncEncryptionAvailable: () => Promise.resolve(available),
    getSelectedStorageBackend: () => backend,
    encryptStringAsync: (plain) =>
      Promise.resolve(
        Buffer.from([key, ...Buffer.from(plain).map((byte) => byte ^ 0x55)]),
      ),
    decryptStringAsync: async (cipher) => {
      const used = cipher[0] ?? 0;
      if (!known.includes(used)) throw new Error(`cannot decrypt ${cipher.toString()}`);
      const result = Buffer.from(
        cipher.subarray(1).map((byte) => byte ^ 0x55),
      ).toString();
      return { result, shouldReEncrypt: used !== key };
    },
  };
  return {
    storage,
    rotate() {
      key += 1;
      known.push(key);
    },
    lose() {
      key += 1;
      known = [key];
    },
  };
}

function open(safeStorage: SafeStorage, platform: NodeJS.Platform = 'linux') {
  return openVault({
    path,
    files: diskOperations(),
    now: () => 99,
    platform,
    safeStorage,
  });
}

test('a secret survives a restart and is not in the file in the clear', async () => {
  const { storage } = keychain();
  const { vault } = await open(storage);
  expect(await vault.put(A, SECRET, { allowUnprotected: false })).toEqual({
    protected: true,
  });
  expect(await (await open(storage)).vault.get(A)).toBe(SECRET);
  const file = await readFile(path, 'utf8');
  expect(file).not.toContain(SECRET);
  expect(JSON.parse(file)).toMatchObject({
    secrets: { a: { backend: 'gnome_libsecret' } },
  });
});

test('each system names its back end', async () => {
  const { storage } = keychain('kwallet6');
  const names = await Promise.all(
    (['darwin', 'win32', 'linux'] as const).map(async (platform) =>
      (await open(storage, platform)).vault.status(),
    ),
  );
  expect(names).toEqual([
    { protected: true, backend: 'Keychain' },
    { protected: true, backend: 'DPAPI' },
    { protected: true, backend: 'kwallet6' },
  ]);
});

for (const [backend, available] of [
  ['basic_text', true],
  ['unknown', true],
  ['gnome_libsecret', false],
] as const) {
  test(`${backend}, ${available ? 'available' : 'not available'}, is not a keychain`, async () => {
    const { vault } = await open(keychain(backend, available).storage);
    expect((await vault.status()).protected).toBe(false);
    await expect(vault.put(A, SECRET, { allowUnprotected: false })).rejects.toMatchObject(
      { code: 'vault.unavailable' },
    );
    expect(await vault.get(A)).toBeNull();
    await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' });

    expect(await vault.put(A, SECRET, { allowUnprotected: true })).toEqual({
      protected: false,
    });
    expect(await vault.get(A)).toBe(SECRET);
  });
}

test('a secret of an old key is encrypted anew when it is read', async () => {
  const keys = keychain();
  const { vault } = await open(keys.storage);
  await vault.put(A, SECRET, { allowUnprotected: false });
  const before = await readFile(path, 'utf8');
  keys.rotate();
  expect(await vault.get(A)).toBe(SECRET);
  expect(await readFile(path, 'utf8')).not.toBe(before);
  expect(await vault.get(A)).toBe(SECRET);
});

test('a secret the keychain cannot open throws vault.unreadable without its cipher', async () => {
  const keys = keychain();
  const { vault } = await open(keys.storage);
  await vault.put(A, SECRET, { allowUnprotected: false });
  keys.lose();
  const error: unknown = await vault.get(A).catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    code: 'vault.unreadable',
    params: { backend: 'gnome_libsecret' },
  });
  expect((error as Error).cause).toBeUndefined();
});

test('taken secrets are gone until they are put back', async () => {
  const { vault } = await open(keychain().storage);
  await vault.put(A, SECRET, { allowUnprotected: false });
  const taken = await vault.take([A, B]);
  expect(await vault.get(A)).toBeNull();
  for (const file of [path, `${path}.bak`]) {
    expect(await readFile(file, 'utf8')).not.toContain('cipher');
  }
  await vault.restore(taken);
  expect(await vault.get(A)).toBe(SECRET);
});

test('a copy needs no decryption', async () => {
  const keys = keychain();
  const { vault } = await open(keys.storage);
  await vault.put(A, SECRET, { allowUnprotected: false });
  expect([await vault.copy(A, B), await vault.copy('x' as BookmarkId, B)]).toEqual([
    true,
    false,
  ]);
  expect(await vault.get(B)).toBe(SECRET);
});

test('names of Object.prototype are no entries', async () => {
  const { vault } = await open(keychain().storage);
  expect(await vault.get('constructor' as BookmarkId)).toBeNull();
  expect(await vault.get('__proto__' as BookmarkId)).toBeNull();
});

test('a corrupt file is put aside and told', async () => {
  await writeFile(path, '{"version":1,"secrets":{"a":{"cipher":5}}}');
  const { vault, notice } = await open(keychain().storage);
  expect(notice).toMatchObject({ code: 'storage.corrupt' });
  expect(await vault.get(A)).toBeNull();
});

test('a locked keychain loses nothing, and works again once it is open', async () => {
  const { storage } = keychain();
  let locked = false;
  const lockable: SafeStorage = {
    ...storage,
    encryptStringAsync: (plain) =>
      locked ? Promise.reject(new Error(plain)) : storage.encryptStringAsync(plain),
    decryptStringAsync: (cipher) =>
      locked ? Promise.reject(new Error('locked')) : storage.decryptStringAsync(cipher),
  };
  const { vault } = await open(lockable);
  await vault.put(A, SECRET, { allowUnprotected: false });
  locked = true;
  await expect(vault.get(A)).rejects.toMatchObject({ code: 'vault.unreadable' });
  const refused = await vault.put(A, 'new', { allowUnprotected: true }).catch(String);
  expect(refused).toBe('AppError: vault.unavailable');
  locked = false;
  expect(await vault.get(A)).toBe(SECRET);
});

test('a keychain that cannot say whether it is there counts as none', async () => {
  const { storage } = keychain();
  const { vault } = await open({
    ...storage,
    isAsyncEncryptionAvailable: () => Promise.reject(new Error('no bus')),
  });
  expect(await vault.status()).toEqual({ protected: false, backend: 'plain' });
});

test('garbage from the keychain is a secret that cannot be read, not one', async () => {
  const { storage } = keychain();
  const garbage = ['', 'null', '[]', '{"secretAccessKey":""}', '\u0000', '{"a":1}'];
  for (const result of garbage) {
    const { vault } = await open({
      ...storage,
      decryptStringAsync: () => Promise.resolve({ result, shouldReEncrypt: false }),
    });
    await vault.put(A, SECRET, { allowUnprotected: false });
    await expect(createSecretStore(vault).get(A)).rejects.toMatchObject({
      code: 'vault.unreadable',
    });
  }
});

test('a secret that cannot be read can be replaced and removed', async () => {
  const chain = keychain();
  const { vault } = await open(chain.storage);
  await vault.put(A, SECRET, { allowUnprotected: false });
  await vault.put(B, SECRET, { allowUnprotected: false });
  chain.lose();
  await vault.put(A, 'new', { allowUnprotected: false });
  expect(await vault.get(A)).toBe('new');
  await vault.take([B]);
  expect(await vault.get(B)).toBeNull();
});

test('an undo after other secrets changed brings back its own and leaves theirs', async () => {
  const chain = keychain();
  const { vault } = await open(chain.storage);
  await vault.put(A, SECRET, { allowUnprotected: false });
  await vault.put(B, 'old', { allowUnprotected: false });
  const taken = await vault.take([A]);
  chain.rotate();
  await vault.put(B, 'new', { allowUnprotected: false });
  await vault.restore(taken);
  expect([await vault.get(A), await vault.get(B)]).toEqual([SECRET, 'new']);
  chain.lose();
  await vault.restore(taken);
  await expect(vault.get(A)).rejects.toMatchObject({ code: 'vault.unreadable' });
});

test('secrets that are taken leave the backup too, or at least the file', async () => {
  const { storage } = keychain();
  const files = diskOperations();
  let writes = 0;
  let limit = Number.POSITIVE_INFINITY;
  const { vault } = await openVault({
    path,
    files: {
      ...files,
      writeSynced: async (file, text) => {
        writes += 1;
        if (writes > limit) throw new Error('ENOSPC');
        await files.writeSynced(file, text);
      },
    },
    now: () => 99,
    platform: 'linux',
    safeStorage: storage,
  });
  await vault.put(A, SECRET, { allowUnprotected: false });
  limit = writes + 1;
  const taken = await vault.take([A]);
  expect([taken.entries.has(A), await vault.get(A)]).toEqual([true, null]);
  // Nothing can be written at all: nothing is taken.
  await expect(vault.restore(taken)).rejects.toMatchObject({
    code: 'storage.write-failed',
  });
  limit = Number.POSITIVE_INFINITY;
  await vault.restore(taken);
  limit = writes;
  await expect(vault.take([A])).rejects.toMatchObject({ code: 'storage.write-failed' });
  expect(await vault.get(A)).toBe(SECRET);
});

test('folders of their own keep vaults apart', async () => {
  const { storage } = keychain();
  const { vault } = await open(storage);
  await vault.put(A, SECRET, { allowUnprotected: false });
  const other = await openVault({
    path: join(folder, 'other', 'vault.json'),
    files: diskOperations(),
    now: () => 99,
    platform: 'linux',
    safeStorage: storage,
  });
  expect(await other.vault.get(A)).toBeNull();
  await other.vault.put(B, 'theirs', { allowUnprotected: false });
  expect([await vault.get(A), await vault.get(B)]).toEqual([SECRET, null]);
});
