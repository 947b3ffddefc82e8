import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BookmarksState } from '../../shared/contract/bookmarks.ts';
import type { BookmarkId, FolderId } from '../../shared/domain/ids.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { testDraft, testSave } from '../app/testing/drafts.ts';
import { createMemoryVault } from '../app/testing/fake-platform.ts';
import { createSecretStore, type SecretStore } from '../credentials/secret-store.ts';
import type { Vault } from '../platform/vault.ts';
import { diskOperations, type FileOperations } from '../storage/file-operations.ts';
import { type BookmarkService, openBookmarks } from './bookmark-service.ts';

let folder: string;
let vault: Vault;
let secrets: SecretStore;
let changes: BookmarksState[];
let endUndo: (() => void)[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dipper-bookmarks-'));
  vault = createMemoryVault();
  secrets = createSecretStore(vault);
  changes = [];
  endUndo = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

let lastId = 0;

function open(files: FileOperations = diskOperations()): Promise<BookmarkService> {
  return openBookmarks({
    path: join(folder, 'bookmarks.json'),
    files,
    secrets,
    clock: {
      now: () => 1,
      sleep: () => new Promise((resolve) => endUndo.push(resolve)),
    },
    ids: {
      next: () => {
        lastId += 1;
        return `id-${lastId}`;
      },
    },
    onChange: (state) => changes.push(state),
  });
}

function names(service: BookmarkService): string[] {
  return service.snapshot().bookmarks.map((each) => each.nickname);
}

async function saveNamed(service: BookmarkService, ...nicknames: string[]) {
  const ids: BookmarkId[] = [];
  for (const nickname of nicknames) {
    const draft = testDraft({ nickname });
    ids.push((await service.save(testSave({ draft }))).id);
  }
  return ids;
}

describe('saving', () => {
  test('a bookmark survives a restart with its secret, but without it in the file', async () => {
    const saved = await (await open()).save(
      testSave({ secret: { secretAccessKey: 'SECRET-1', sessionToken: 'TOKEN-1' } }),
    );
    expect(saved).toMatchObject({ secretStorage: 'keychain', hasSessionToken: true });
    const again = await open();
    expect(again.find(saved.id)).toEqual(saved);
    expect(await secrets.get(saved.id)).toEqual({
      secretAccessKey: 'SECRET-1',
      sessionToken: 'TOKEN-1',
    });
    expect(await readFile(join(folder, 'bookmarks.json'), 'utf8')).not.toMatch(
      /SECRET-1|TOKEN-1/,
    );
  });

  test('no secret keeps what is stored; a new one replaces it', async () => {
    const service = await open();
    const { id } = await service.save(testSave());
    const draft = testDraft({ nickname: 'Renamed' });
    const kept = await service.save(testSave({ id, draft, secret: null }));
    expect(kept).toMatchObject({ nickname: 'Renamed', secretStorage: 'keychain' });
    expect((await secrets.get(id))?.secretAccessKey).toBe('a-long-secret');
    const secret = { secretAccessKey: 'newer', sessionToken: '' };
    await service.save(testSave({ id, secret }));
    expect((await secrets.get(id))?.secretAccessKey).toBe('newer');
  });

  test('anonymous access throws the secret away', async () => {
    const service = await open();
    const { id } = await service.save(testSave());
    const draft = testDraft({ signature: 'anonymous', accessKeyId: '' });
    expect(await service.save(testSave({ id, draft, secret: null }))).toMatchObject({
      secretStorage: 'none',
    });
    expect(await secrets.get(id)).toBeNull();
  });

  test('a secret for the session is forgotten at the next start', async () => {
    const { id } = await (await open()).save(testSave({ secretTarget: 'session' }));
    expect(await vault.get(id)).toBeNull();
    secrets = createSecretStore(vault);
    expect((await open()).find(id)).toMatchObject({
      secretStorage: 'none',
      hasSessionToken: false,
    });
  });

  test('without a keychain nothing is saved', async () => {
    const service = await open();
    vault.put = () => Promise.reject(new AppError('vault.unavailable'));
    await expect(service.save(testSave())).rejects.toMatchObject({
      code: 'vault.unavailable',
    });
    expect({ bookmarks: service.snapshot().bookmarks, changes }).toEqual({
      bookmarks: [],
      changes: [],
    });
  });

  test('a full disk leaves neither bookmark nor secret, and says so to the window', async () => {
    const files = diskOperations();
    const service = await open({
      ...files,
      writeSynced: () => Promise.reject(new Error('ENOSPC')),
    });
    await expect(service.save(testSave())).rejects.toMatchObject({
      code: 'storage.write-failed',
    });
    expect(service.snapshot().bookmarks).toEqual([]);
    expect(changes.at(-1)?.bookmarks).toEqual([]);
    expect(await secrets.get(`id-${lastId}` as BookmarkId)).toBeNull();
  });

  for (const endpoint of [
    'not a url',
    'ftp://s3.example.test',
    'javascript:alert(1)',
    'https://user:password@s3.example.test',
    'https://user@s3.example.test',
  ]) {
    test(`the endpoint ${endpoint} is refused`, async () => {
      const service = await open();
      await expect(
        service.save(testSave({ draft: testDraft({ endpoint }) })),
      ).rejects.toMatchObject({ code: 'input.endpoint' });
      expect(await readdir(folder)).toEqual([]);
    });
  }

  test('an unknown bookmark or folder is refused', async () => {
    const service = await open();
    for (const change of [
      { id: 'nobody' as BookmarkId },
      { folderId: 'nowhere' as FolderId },
    ]) {
      await expect(service.save(testSave(change))).rejects.toMatchObject({
        code: 'bookmark.not-found',
      });
    }
  });
});

test('every change raises the revision by one', async () => {
  const service = await open();
  const [a] = await saveNamed(service, 'a', 'b');
  await service.setColour(a as BookmarkId, 'red');
  expect(changes.map((each) => each.revision)).toEqual([2, 3, 4]);
  expect(service.snapshot()).toEqual(changes.at(-1));
});

test('a duplicate stands behind its original and has the secret too', async () => {
  const service = await open();
  const [a] = await saveNamed(service, 'a', 'b');
  const copy = await service.duplicate(a as BookmarkId);
  await service.duplicate(a as BookmarkId);
  expect(names(service)).toEqual(['a', 'a copy 2', 'a copy', 'b']);
  expect(await secrets.get(copy.id)).toEqual(await secrets.get(a as BookmarkId));
});

describe('removing', () => {
  test('undo brings bookmarks back to their places, secrets included', async () => {
    const service = await open();
    const [a, b, c] = (await saveNamed(service, 'a', 'b', 'c')) as [
      BookmarkId,
      BookmarkId,
      BookmarkId,
    ];
    const { undoToken } = await service.remove([c, a]);
    expect(names(service)).toEqual(['b']);
    expect([await secrets.get(a), await secrets.get(c)]).toEqual([null, null]);
    expect(await service.undoRemove(undoToken)).toEqual([a, c]);
    expect(names(service)).toEqual(['a', 'b', 'c']);
    expect((await secrets.get(a))?.secretAccessKey).toBe('a-long-secret');
    expect(service.find(b).nickname).toBe('b');
  });

  test('a token works once and not after its time', async () => {
    const service = await open();
    const [a, b] = (await saveNamed(service, 'a', 'b')) as [BookmarkId, BookmarkId];
    const first = await service.remove([a]);
    await service.undoRemove(first.undoToken);
    const second = await service.remove([b]);
    for (const end of endUndo) end();
    await Promise.resolve();
    await Promise.resolve();
    for (const { undoToken } of [first, second]) {
      await expect(service.undoRemove(undoToken)).rejects.toMatchObject({
        code: 'bookmark.not-found',
      });
    }
  });

  test('a bookmark whose folder is gone comes back outside of it', async () => {
    const service = await open();
    const { id: folderId } = await service.createFolder('Work');
    const { id } = await service.save(testSave({ folderId }));
    const { undoToken } = await service.remove([id]);
    await service.removeFolder(folderId);
    await service.undoRemove(undoToken);
    expect(service.find(id).folderId).toBeNull();
  });
});

describe('moving', () => {
  for (const [moving, before, result] of [
    [['a'], null, 'b c d a'],
    [['d'], 'a', 'd a b c'],
    [['c', 'a'], 'd', 'b a c d'],
    [['b'], 'b', 'a b c d'],
    [['b', 'c'], 'b', 'a b c d'],
    [['a', 'b', 'c', 'd'], 'b', 'a b c d'],
  ] as const) {
    test(`${moving.join()} before ${before ?? 'the end'}`, async () => {
      const service = await open();
      const ids = await saveNamed(service, 'a', 'b', 'c', 'd');
      const idOf = (name: string) => ids['abcd'.indexOf(name)] as BookmarkId;
      await service.move(moving.map(idOf), null, before === null ? null : idOf(before));
      expect(names(service).join(' ')).toBe(result);
    });
  }

  test('into a folder, and out when the folder is removed', async () => {
    const service = await open();
    const [a] = (await saveNamed(service, 'a')) as [BookmarkId];
    const { id: work } = await service.createFolder('Work');
    await service.move([a], work, null);
    await service.changeFolder({ id: work, collapsed: true });
    expect(service.snapshot().folders).toEqual([
      { id: work, name: 'Work', collapsed: true },
    ]);
    expect(service.find(a).folderId).toBe(work);
    await service.removeFolder(work);
    expect(service.find(a).folderId).toBeNull();
  });
});

describe('export and import', () => {
  test('another computer gets everything but the secrets', async () => {
    const service = await open();
    const { id: folderId } = await service.createFolder('Work');
    const secret = { secretAccessKey: 'SECRET-2', sessionToken: 'TOKEN-2' };
    const saved = await service.save(testSave({ folderId, colour: 'green', secret }));
    await service.setExtraBuckets(saved.id, ['hidden-bucket']);
    const text = service.exportText();
    expect(text).not.toMatch(/SECRET-2|TOKEN-2|secret|token/i);

    await rm(folder, { recursive: true, force: true });
    const other = await open();
    expect(await other.importText(text)).toBe(1);
    const [imported] = other.snapshot().bookmarks;
    expect(imported).toEqual({
      ...saved,
      id: imported?.id,
      folderId: other.snapshot().folders[0]?.id,
      extraBuckets: ['hidden-bucket'],
      secretStorage: 'none',
      hasSessionToken: false,
    });
  });

  test('importing twice joins folders of one name', async () => {
    const service = await open();
    await service.save(testSave({ folderId: (await service.createFolder('Work')).id }));
    await service.importText(service.exportText());
    const { folders, bookmarks } = service.snapshot();
    expect(folders).toHaveLength(1);
    expect(new Set(bookmarks.map((each) => each.folderId)).size).toBe(1);
  });

  for (const [title, text, field] of [
    ['no JSON', 'hello', 'file'],
    ['other JSON', '{"a":1}', 'format'],
    [
      'a newer format',
      '{"format":"dipper-bookmarks","version":9,"folders":[],"bookmarks":[]}',
      'version',
    ],
    [
      'a broken bookmark',
      '{"format":"dipper-bookmarks","version":1,"folders":[],"bookmarks":[{}]}',
      'bookmarks.0.providerId',
    ],
  ] as const) {
    test(`${title} is refused with the place of the mistake`, async () => {
      const service = await open();
      await expect(service.importText(text)).rejects.toMatchObject({
        code: 'input.invalid',
        params: { field },
      });
      expect(changes).toEqual([]);
    });
  }

  test('an endpoint with a password in it is refused', async () => {
    const service = await open();
    await service.save(testSave());
    const text = service.exportText().replace('https://', 'https://me:pw@');
    await expect(service.importText(text)).rejects.toMatchObject({
      code: 'input.endpoint',
    });
  });
});
