import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type S3Server, startS3Server } from '../../../tools/s3-server/index.ts';
import type { Envelope } from '../../shared/contract/define.ts';
import type { AppRequest, AppResponse, CallName } from '../../shared/contract/index.ts';
import { openVault, type SafeStorage } from '../electron/vault.ts';
import { openWindowState } from '../settings/window-state.ts';
import { diskOperations } from '../storage/file-operations.ts';
import { createApp, type DipperApp } from './create-app.ts';
import { testDraft, testSave } from './testing/drafts.ts';
import {
  createRealEngineLauncher,
  type RealEngineLauncher,
} from './testing/engine-launcher.ts';
import {
  createFakeDesktop,
  type FakeDesktop,
  noEngine,
} from './testing/fake-platform.ts';

/** Signs nothing right, but is recognisable wherever it turns up. */
const WRONG = {
  secretAccessKey: 'WRONGsecret/Xq+1==',
  sessionToken: 'TOKENtoken/Zz+2==',
};

let server: S3Server;
let desktop: FakeDesktop;
let launcher: RealEngineLauncher;
let app: DipperApp;
let answers: unknown[];

beforeEach(async () => {
  server = await startS3Server();
  server.seed('photos', [{ key: 'a/b.txt', body: 'x'.repeat(100) }]);
  answers = [];
  desktop = await createFakeDesktop(noEngine());
  launcher = createRealEngineLauncher(desktop.folder);
  const { vault } = await openVault({
    path: join(desktop.folder, 'vault.json'),
    files: diskOperations(),
    now: Date.now,
    platform: 'darwin',
    safeStorage: turningBytes(),
  });
  app = await createApp(
    { ...desktop.platform, vault, engine: launcher },
    { logger: desktop.logger, files: diskOperations(), parseResponses: true },
  );
});
afterEach(async () => {
  await app.stop();
  await launcher.dispose();
  await desktop.dispose();
  await server.close();
});

function turn(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte) => byte ^ 0x5a));
}

/** A keychain that is none, but whose ciphers do not show the text. */
function turningBytes(): SafeStorage {
  return {
    isAsyncEncryptionAvailable: () => Promise.resolve(true),
    getSelectedStorageBackend: () => 'unused',
    encryptStringAsync: (plain) => Promise.resolve(turn(Buffer.from(plain))),
    decryptStringAsync: (cipher) =>
      Promise.resolve({ result: turn(cipher).toString(), shouldReEncrypt: false }),
  };
}

async function ask<N extends CallName>(
  name: N,
  request: AppRequest<N>,
): Promise<Envelope<AppResponse<N>>> {
  const answer = (await app.dispatch(name, request)) as Envelope<AppResponse<N>>;
  answers.push(answer);
  return answer;
}

async function get<N extends CallName>(
  name: N,
  request: AppRequest<N>,
): Promise<AppResponse<N>> {
  const envelope = await ask(name, request);
  if (!envelope.ok) throw new Error(`${name}: ${envelope.error.code}`);
  return envelope.value;
}

/** Every way in which a text may be written down. */
function spellings(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  return [
    text,
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
    // Base64 of something that contains it, whatever stands before.
    ...[0, 1, 2].map((before) =>
      Buffer.concat([Buffer.alloc(before), bytes])
        .toString('base64')
        .slice(before === 0 ? 0 : 4, -6),
    ),
    bytes.toString('hex'),
  ];
}

/** Everything that is on the disk, was sent to the window, or said by the engine. */
async function everything(): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  const entries = await readdir(desktop.folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) {
      found.set(path.slice(desktop.folder.length + 1), await readFile(path));
    }
  }
  const add = (name: string, value: unknown): void => {
    found.set(name, Buffer.from(JSON.stringify(value)));
  };
  add('(answers)', answers);
  add('(events)', desktop.events);
  add('(from the engine)', launcher.heard);
  add('(engine output)', launcher.output);
  return found;
}

test('no secret leaves memory: real engine, debug log, a crash, wrong keys, an export', async () => {
  const { full } = server.users;
  const secret = { secretAccessKey: full.secretAccessKey, sessionToken: '' };
  const draft = testDraft({ endpoint: server.endpoint, accessKeyId: full.accessKeyId });
  const good = await get('bookmarks.save', testSave({ draft, secret }));
  const bad = await get('bookmarks.save', testSave({ draft, secret: WRONG }));
  await get('bookmarks.duplicate', { id: bad.id });

  // All that works, and the addresses it gives out.
  const { connectionId } = await get('connections.open', { bookmarkId: good.id });
  const place = { connectionId, bucket: 'photos' };
  await get('browse.buckets', { connectionId });
  await get('browse.details', { ...place, key: 'a/b.txt' });
  await get('browse.urls', { ...place, key: 'a/b.txt' });
  await mkdir(join(desktop.folder, 'up'));
  await writeFile(join(desktop.folder, 'up', 'f.txt'), 'content');
  app.grantDropped([join(desktop.folder, 'up')]);
  const upload = { ...place, prefix: '', paths: [join(desktop.folder, 'up')] };
  await get('transfers.upload', { ...upload, conflict: 'overwrite' });
  await expect.poll(() => server.peek('photos', 'up/f.txt')?.size).toBe(7);

  // All that fails.
  server.faults.add({ action: { kind: 'reset', when: 'before' }, times: 2 });
  await ask('browse.list', listing(place, 't1'));
  const wrong = await get('connections.open', { bookmarkId: bad.id });
  const wrongPlace = { connectionId: wrong.connectionId, bucket: 'photos' };
  await ask('browse.list', listing(wrongPlace, 't2'));
  await ask('connections.test', {
    testId: 't',
    draft,
    secret: WRONG,
    bookmarkId: null,
  });
  await ask('transfers.upload', { ...upload, ...wrongPlace, conflict: 'overwrite' });
  await expect.poll(async () => refusedRows()).toBeGreaterThan(0);
  await app.dispatch('bookmarks.save', {
    ...testSave({ secret: WRONG }),
    colour: 'pink',
  });
  await app.dispatch('connections.quick', {
    draft: { ...draft, root: 1 },
    secret: WRONG,
  });
  await app.dispatch(JSON.stringify(WRONG), WRONG);

  // A crash in the middle of a call, and what the next engine is told.
  const [first] = launcher.launched;
  server.faults.clear();
  server.faults.add({
    match: { operation: 'ListObjectsV2' },
    action: { kind: 'delay', ms: 3_600_000 },
  });
  const hanging = ask('browse.list', listing(place, 't3'));
  await expect.poll(() => server.faults.hits.length).toBeGreaterThan(0);
  process.kill(first?.pid ?? 0, 'SIGABRT');
  expect(await hanging).toMatchObject({ ok: false, error: { code: 'engine.gone' } });
  server.faults.clear();
  await get('browse.buckets', { connectionId });
  expect(launcher.launched).toHaveLength(2);

  // The files that people pass on.
  desktop.answers.path = join(desktop.folder, 'export.json');
  await get('bookmarks.exportAll', undefined);
  await get('settings.change', { theme: 'dark' });
  const state = await openWindowState({
    path: join(desktop.folder, 'window.json'),
    files: diskOperations(),
    now: Date.now,
  });
  await state.remember({ x: 1, y: 1, width: 900, height: 600, maximized: false });
  await app.stop();

  const texts = await everything();
  expect([...texts.keys()]).toEqual(
    expect.arrayContaining([
      'bookmarks.json',
      'bookmarks.json.bak',
      'export.json',
      'logs/dipper.log',
      'settings.json',
      'transfers.db',
      'vault.json',
      'window.json',
    ]),
  );
  const leaks: string[] = [];
  for (const [name, bytes] of texts) {
    for (const text of [full.secretAccessKey, ...Object.values(WRONG)]) {
      for (const spelling of spellings(text)) {
        if (bytes.includes(spelling)) leaks.push(`${name}: ${spelling}`);
      }
      if (bytes.includes(Buffer.from(text, 'utf16le'))) leaks.push(`${name}: utf16`);
    }
    if (name.startsWith('logs/') || name === '(engine output)') {
      const access =
        /AWS4-HMAC-SHA256|X-Amz-Signature=(?!\[)|Authorization["']?:\s*(?!\[)/i;
      const found = access.exec(bytes.toString());
      if (found !== null) leaks.push(`${name}: ${found[0]}`);
    }
  }
  expect(leaks).toEqual([]);
  // The log was at its most talkative, and did hear of all this.
  const log = texts.get('logs/dipper.log')?.toString() ?? '';
  expect(log).toMatch(/engine exited/);
  expect(log).toMatch(/auth\.invalid-key/);
});

test('the search finds a secret however it is written down', () => {
  const text = WRONG.secretAccessKey;
  for (const written of [
    Buffer.from(`key=${encodeURIComponent(text)}&x`),
    Buffer.from(JSON.stringify(JSON.stringify({ text }))),
    ...['', 'a', 'ab', 'abc'].map((before) =>
      Buffer.from(Buffer.from(`${before}${text} and more`).toString('base64')),
    ),
    Buffer.from(Buffer.from(`x${text}`).toString('hex')),
  ]) {
    const found = spellings(text).some((spelling) => written.includes(spelling));
    expect({ written: written.toString(), found }).toMatchObject({ found: true });
  }
});

function listing(
  place: { readonly connectionId: never; readonly bucket: string } | object,
  taskId: string,
): AppRequest<'browse.list'> {
  return { ...place, prefix: '', cursor: null, fresh: true, taskId } as never;
}

/** Rows that wait for other keys because the server refused these. */
async function refusedRows(): Promise<number> {
  const page = { filter: 'active', offset: 0, limit: 100 } as const;
  const { rows } = await get('transfers.page', page);
  return rows.filter(
    ({ waitReason, error }) =>
      waitReason === 'credentials' && error?.code === 'auth.invalid-key',
  ).length;
}
