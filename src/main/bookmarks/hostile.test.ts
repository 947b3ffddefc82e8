import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BookmarkId } from '../../shared/domain/ids.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { testDraft, testSave } from '../app/testing/drafts.ts';
import { createMemoryVault } from '../app/testing/fake-platform.ts';
import { createSecretStore, type SecretStore } from '../credentials/secret-store.ts';
import { diskOperations, type FileOperations } from '../storage/file-operations.ts';
import { type BookmarkService, openBookmarks } from './bookmark-service.ts';

let folder: string;
let secrets: SecretStore;
let lastId = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dipper-hostile-'));
  secrets = createSecretStore(createMemoryVault());
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function open(files: FileOperations = diskOperations()): Promise<BookmarkService> {
  return openBookmarks({
    path: join(folder, 'bookmarks.json'),
    files,
    secrets,
    clock: { now: () => 1, sleep: () => new Promise(() => undefined) },
    ids: {
      next: () => {
        lastId += 1;
        return `id-${lastId}`;
      },
    },
    onChange: () => undefined,
  });
}

/** A disk that can be filled. */
function fillable() {
  const files = diskOperations();
  const disk = { full: false };
  return {
    disk,
    files: {
      ...files,
      writeSynced: (path: string, text: string) =>
        disk.full ? Promise.reject(new Error('ENOSPC')) : files.writeSynced(path, text),
    },
  };
}

function exported(bookmark: object = {}, file: object = {}): string {
  const one = {
    ...testDraft(),
    folder: null,
    colour: 'none',
    extraBuckets: [],
    ...bookmark,
  };
  const whole = { format: 'dipper-bookmarks', version: 1, folders: [], bookmarks: [one] };
  return JSON.stringify({ ...whole, ...file });
}

function refusal(action: Promise<unknown>): Promise<string> {
  return action.then(
    () => 'accepted',
    (error: unknown) =>
      error instanceof AppError ? error.code : `not expected: ${String(error)}`,
  );
}

describe('a hostile file', () => {
  test.each([
    ['an endless text', ' '.repeat(10_000_001)],
    ['endless depth', '['.repeat(1_000_000)],
    ['closed depth', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
    ['depth in a field', exported().replace('"Photos"', deep(100_000))],
    ['a prototype', exported().replace('"folder":null', '"__proto__":{"x":1}')],
    ['a constructor', exported({ constructor: { prototype: { x: 1 } } })],
    ['a secret', exported({ secretAccessKey: 'x' })],
    ['an id', exported({ id: 'id-1' })],
    ['a stored secret of somebody else', exported({ secretStorage: 'keychain' })],
    ['a bucket list without end', exported({ extraBuckets: Array(1_001).fill('b') })],
    ['a name without end', exported({ nickname: 'x'.repeat(201) })],
    ['a key with a line break', exported({ accessKeyId: 'AK\r\nX-Evil: 1' })],
    ['a script for an address', exported({ endpoint: 'javascript:alert(1)' })],
    [
      'a private key',
      exported({
        advanced: {
          ...testDraft().advanced,
          caCertificate: '-----BEGIN PRIVATE KEY-----',
        },
      }),
    ],
  ])('with %s is refused as a whole', async (_, text) => {
    const service = await open();
    expect(await refusal(service.importText(text))).toMatch(/^input\./);
    expect(service.snapshot().bookmarks).toEqual([]);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  test('an address with a password in it is refused', async () => {
    const service = await open();
    const text = exported({ endpoint: 'https://key:secret@host' });
    expect(await refusal(service.importText(text))).toBe('input.endpoint');
  });

  test('ids that repeat, or name nothing, do no harm', async () => {
    const service = await open();
    const twice = { id: 'same', name: 'One', collapsed: false };
    const text = exported(
      { folder: 'nowhere' },
      { folders: [twice, { ...twice, name: 'Two' }, { ...twice, name: '\u0000\n' }] },
    );
    await service.importText(text);
    await service.importText(text);
    const { folders, bookmarks } = service.snapshot();
    const ids = [...folders, ...bookmarks].map((each) => each.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(folders.map((each) => each.name)).toEqual(['One', 'Two', 'Folder']);
    expect(bookmarks.map((each) => each.folderId)).toEqual([null, null]);
  });

  test('names lose what would mislead the eye', async () => {
    const service = await open();
    await service.importText(exported({ nickname: ' safe\u202Egpj.exe\r\n\u0007x ' }));
    expect(service.snapshot().bookmarks[0]?.nickname).toBe('safe gpj.exe x');
  });

  test('no text at all makes an import throw anything but a refusal', async () => {
    const service = await open();
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
        expect(await refusal(service.importText(text))).toMatch(/^input\./);
      }),
      { numRuns: 200 },
    );
  });
});

function deep(levels: number): string {
  return `${'['.repeat(levels)}${']'.repeat(levels)}`;
}

async function withBookmark() {
  const { disk, files } = fillable();
  const service = await open(files);
  const { id } = await service.save(testSave());
  const before = service.snapshot().bookmarks;
  disk.full = true;
  return { disk, service, id, before };
}

describe('a full disk', () => {
  const secret = { secretAccessKey: 'new', sessionToken: '' };
  const old = { secretAccessKey: 'a-long-secret', sessionToken: '' };

  test.each([
    ['a new secret', { secret }],
    ['a secret for the session', { secret, secretTarget: 'session' as const }],
    ['no change of the secret', { secret: null }],
    [
      'anonymous access',
      { secret: null, draft: testDraft({ signature: 'anonymous', accessKeyId: '' }) },
    ],
  ])('while saving %s keeps the old bookmark with the old secret', async (_, change) => {
    const { service, id, before } = await withBookmark();
    const save = service.save({ ...testSave(), ...change, id });
    expect(await refusal(save)).toBe('storage.write-failed');
    expect(service.snapshot().bookmarks).toEqual(before);
    expect(await secrets.get(id)).toEqual(old);
    expect((await open()).snapshot().bookmarks).toEqual(before);
  });

  test('while removing keeps bookmark and secret', async () => {
    const { service, id, before } = await withBookmark();
    expect(await refusal(service.remove([id]))).toBe('storage.write-failed');
    expect(service.snapshot().bookmarks).toEqual(before);
    expect(await secrets.get(id)).toEqual(old);
  });

  test('while duplicating leaves no secret behind', async () => {
    const { service, id } = await withBookmark();
    expect(await refusal(service.duplicate(id))).toBe('storage.write-failed');
    expect(await secrets.get(`id-${lastId}` as BookmarkId)).toBeNull();
  });

  test('while undoing leaves the undo for another try', async () => {
    const { disk, service, id } = await withBookmark();
    disk.full = false;
    const { undoToken } = await service.remove([id]);
    disk.full = true;
    expect(await refusal(service.undoRemove(undoToken))).toBe('storage.write-failed');
    disk.full = false;
    await service.undoRemove(undoToken);
    expect(await secrets.get(id)).toEqual(old);
    expect(service.find(id).id).toBe(id);
  });
});

test('a bookmark removed while it is being saved stays removed, without a secret', async () => {
  const service = await open();
  const { id } = await service.save(testSave());
  const saving = refusal(service.save({ ...testSave(), id }));
  const removing = service.remove([id]);
  const outcome = await saving;
  await removing;
  expect(['accepted', 'bookmark.not-found']).toContain(outcome);
  expect(service.snapshot().bookmarks).toEqual([]);
  expect(await secrets.get(id)).toBeNull();
});

test('1,000 bookmarks are saved at once, found again and exported', async () => {
  const service = await open();
  const names = Array.from({ length: 1_000 }, (_, n) => `Bookmark ${n}`);
  await Promise.all(
    names.map((nickname) => service.save(testSave({ draft: testDraft({ nickname }) }))),
  );
  const again = await open();
  const found = again.snapshot().bookmarks.map((each) => each.nickname);
  expect(found.sort()).toEqual(names.sort());
  const copy = await open();
  expect(await copy.importText(again.exportText())).toBe(1_000);
  expect(copy.snapshot().bookmarks).toHaveLength(2_000);
  await expect(readFile(join(folder, 'bookmarks.json'), 'utf8')).resolves.toContain(
    '999',
  );
});
