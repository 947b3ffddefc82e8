import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Envelope } from '../../shared/contract/define.ts';
import type { AppRequest, AppResponse, CallName } from '../../shared/contract/index.ts';
import {
  createForkLauncher,
  type ForkLauncher,
} from '../engine-client/testing/fork-launcher.ts';
import { diskOperations } from '../storage/file-operations.ts';
import { createApp, type DipperApp } from './create-app.ts';
import { testDraft, testSave } from './testing/drafts.ts';
import { createFakeDesktop, type FakeDesktop } from './testing/fake-platform.ts';

let launcher: ForkLauncher;
let desktop: FakeDesktop;
let app: DipperApp;

beforeEach(() => start());
afterEach(async () => {
  await app.stop();
  await launcher.dispose();
  await desktop.dispose();
});

async function start(pending = ''): Promise<void> {
  launcher = createForkLauncher(pending);
  desktop = await createFakeDesktop(launcher);
  app = await open();
}

function open(): Promise<DipperApp> {
  return createApp(desktop.platform, {
    logger: desktop.logger,
    files: diskOperations(),
    parseResponses: true,
  });
}

/** What the window gets. */
async function ask<N extends CallName>(
  name: N,
  request: AppRequest<N>,
): Promise<Envelope<AppResponse<N>>> {
  return (await app.dispatch(name, request)) as Envelope<AppResponse<N>>;
}

/** The value of an answer that must be good. */
async function get<N extends CallName>(
  name: N,
  request: AppRequest<N>,
): Promise<AppResponse<N>> {
  const envelope = await ask(name, request);
  if (!envelope.ok) throw new Error(envelope.error.code);
  return envelope.value;
}

function eventsOf(topic: string): unknown[] {
  return desktop.events
    .filter((event) => event.topic === topic)
    .map((event) => event.payload);
}

describe('connections', () => {
  test('open without asking the server, with what the bookmark says', async () => {
    const draft = testDraft({
      endpoint: 'https://s3.eu-central-1.amazonaws.com',
      root: 'iup-usa/123/xxx',
      nickname: '',
    });
    const { id } = await get('bookmarks.save', testSave({ draft }));
    expect(await get('connections.open', { bookmarkId: id })).toEqual({
      connectionId: id,
      bookmarkId: id,
      title: 's3.eu-central-1.amazonaws.com',
      endpoint: 'https://s3.eu-central-1.amazonaws.com',
      region: 'eu-central-1',
      rootBucket: 'iup-usa',
      rootPrefix: '123/xxx/',
      anonymous: false,
    });
  });

  test('ask for the secret when there is none', async () => {
    const { id } = await get('bookmarks.save', testSave({ secret: null }));
    expect(await ask('connections.open', { bookmarkId: id })).toMatchObject({
      ok: false,
      error: { code: 'auth.missing-secret' },
    });
  });

  test('show the root bucket and those added by name beside what the server lists', async () => {
    const draft = testDraft({ root: 'root-bucket/a/' });
    const { id } = await get('bookmarks.save', testSave({ draft }));
    const { connectionId } = await get('connections.open', { bookmarkId: id });
    await get('connections.addBucket', { connectionId, bucket: 'added' });
    await get('connections.addBucket', { connectionId, bucket: 'added' });
    await get('connections.addBucket', { connectionId, bucket: 'limits-8-4' });
    const { buckets } = await get('browse.buckets', { connectionId });
    expect(buckets.filter((each) => each.added).map((each) => each.name)).toEqual([
      'root-bucket',
      'added',
    ]);
    await get('connections.forgetBucket', { connectionId, bucket: 'added' });
    const { bookmarks } = await get('bookmarks.snapshot', undefined);
    expect(bookmarks[0]?.extraBuckets).toEqual(['limits-8-4']);
  });

  test('a quick one keeps its added buckets until it is closed', async () => {
    const { connectionId } = await get('connections.quick', {
      draft: testDraft({ signature: 'anonymous', accessKeyId: '' }),
      secret: null,
    });
    await get('connections.addBucket', { connectionId, bucket: 'public' });
    const { buckets } = await get('browse.buckets', { connectionId });
    expect(buckets.map((each) => each.name)).toContain('public');
    await get('connections.close', { connectionId });
    expect(await ask('browse.buckets', { connectionId })).toMatchObject({
      error: { code: 'connection.not-open' },
    });
  });

  test('are configured again in a restarted engine', async () => {
    const { id } = await get('bookmarks.save', testSave());
    const { connectionId } = await get('connections.open', { bookmarkId: id });
    expect(await ask('transfers.clear', { ids: null })).toMatchObject({
      error: { code: 'engine.gone' },
    });
    const { buckets } = await get('browse.buckets', { connectionId });
    expect(buckets.map((each) => each.name)).toContain(`${id}:AKIDEXAMPLE`);
    expect(launcher.launched).toHaveLength(2);
  });

  test('get a changed key while they are open', async () => {
    const { id } = await get('bookmarks.save', testSave());
    const { connectionId } = await get('connections.open', { bookmarkId: id });
    const draft = testDraft({ accessKeyId: 'AKIDOTHER' });
    await get('bookmarks.save', testSave({ id, draft, secret: null }));
    const { buckets } = await get('browse.buckets', { connectionId });
    expect(buckets.map((each) => each.name)).toContain(`${id}:AKIDOTHER`);
    await get('bookmarks.remove', { ids: [id] });
    expect(await ask('browse.buckets', { connectionId })).toMatchObject({
      error: { code: 'connection.not-open' },
    });
  });
});

test('transfers of an earlier run get their credentials at the start', async () => {
  const { id } = await get('bookmarks.save', testSave());
  await app.stop();
  await launcher.dispose();
  const { platform } = desktop;
  launcher = createForkLauncher(id);
  app = await createApp(
    { ...platform, engine: launcher },
    { logger: desktop.logger, files: diskOperations(), parseResponses: true },
  );
  // Opened under another id, to look at what the engine has.
  const { connectionId } = await get('connections.quick', {
    draft: testDraft({ signature: 'anonymous' }),
    secret: null,
  });
  const { buckets } = await get('browse.buckets', { connectionId });
  expect(buckets.map((each) => each.name)).toContain(`${id}:AKIDEXAMPLE`);
});

describe('no secret', () => {
  test('gets into any file, event or answer', async () => {
    const secret = { secretAccessKey: 'SECRET/Xq+1', sessionToken: 'TOKEN/Zz+2' };
    const { id } = await get('bookmarks.save', testSave({ secret }));
    await get('connections.open', { bookmarkId: id });
    await ask('connections.test', {
      testId: 't',
      draft: testDraft(),
      secret,
      bookmarkId: null,
    });
    await get('connections.quick', { draft: testDraft(), secret });
    // Refused requests are logged too.
    await app.dispatch('bookmarks.save', { ...testSave({ secret }), colour: 'pink' });
    await app.dispatch('bookmarks.save', { ...testSave({ secret }), id: 'nobody' });
    await get('bookmarks.duplicate', { id });
    desktop.answers.path = join(desktop.folder, 'export.json');
    await get('bookmarks.exportAll', undefined);
    desktop.logger.error('a careless line', {
      secret,
      nested: { list: [{ secretAccessKey: secret.secretAccessKey }] },
      error: new Error('failed', { cause: { sessionToken: secret.sessionToken } }),
    });
    await app.stop();

    const names = await readdir(desktop.folder, { recursive: true });
    const texts = new Map<string, string>();
    for (const name of names) {
      const path = join(desktop.folder, name);
      if ((await stat(path)).isFile()) texts.set(name, await readFile(path, 'utf8'));
    }
    expect([...texts.keys()].sort()).toEqual([
      'bookmarks.json',
      'bookmarks.json.bak',
      'export.json',
      'logs/dipper.log',
    ]);
    texts.set('events', JSON.stringify(desktop.events));
    texts.set('snapshot', JSON.stringify(await ask('bookmarks.snapshot', undefined)));
    for (const [name, text] of texts) {
      const leaks = /SECRET.{0,2}Xq|TOKEN.{0,2}Zz/.exec(text);
      expect({ name, leaks }).toEqual({ name, leaks: null });
    }
    expect(texts.get('logs/dipper.log')).toContain('a careless line');
  });
});

describe('while transfers run', () => {
  test('the computer stays awake and quitting asks', async () => {
    expect(await app.confirmQuit()).toBe(true);
    await get('transfers.pause', { ids: null });
    await expect.poll(() => app.busy).toBe(true);
    desktop.answers.button = 1;
    expect(await app.confirmQuit()).toBe(false);
    desktop.answers.button = 0;
    expect(await app.confirmQuit()).toBe(true);
    expect(desktop.questions).toHaveLength(2);
    await get('transfers.resume', { ids: null });
    await expect.poll(() => app.busy).toBe(false);
    expect(desktop.power).toEqual([true, false]);
    expect(eventsOf('transfers.changed')).toHaveLength(2);
  });

  test('an engine that died is not busy', async () => {
    await get('transfers.pause', { ids: null });
    await expect.poll(() => app.busy).toBe(true);
    await ask('transfers.clear', { ids: null });
    await get('transfers.totals', undefined);
    expect(app.busy).toBe(false);
  });
});

describe('the end of a batch', () => {
  const upload = {
    connectionId: 'c' as never,
    bucket: 'photos',
    prefix: '',
    paths: ['/tmp/x'],
    conflict: 'ask',
  } as const;

  test('is announced when nobody looks', async () => {
    desktop.answers.focused = false;
    app.grantDropped(upload.paths);
    await get('transfers.upload', { ...upload, paths: [...upload.paths] });
    await get('transfers.retry', { ids: null });
    await expect
      .poll(() => desktop.notified)
      .toEqual([
        {
          title: 'Transfers finished with errors',
          body: '3 items uploaded to photos, 1 failed',
        },
      ]);
  });

  test('is not announced when it was quick and the window is in front', async () => {
    app.grantDropped(upload.paths);
    await get('transfers.upload', { ...upload, paths: [...upload.paths] });
    await get('transfers.retry', { ids: null });
    await expect.poll(() => eventsOf('transfers.groupFinished')).toHaveLength(1);
    expect(desktop.notified).toEqual([]);
  });

  test('is not announced when that is switched off', async () => {
    desktop.answers.focused = false;
    await get('settings.change', { notifyWhenDone: false });
    await get('transfers.retry', { ids: null });
    await expect.poll(() => eventsOf('transfers.groupFinished')).toHaveLength(1);
    expect(desktop.notified).toEqual([]);
  });
});

test('changed limits reach the engine', async () => {
  const { connectionId } = await get('connections.quick', {
    draft: testDraft({ signature: 'anonymous' }),
    secret: null,
  });
  await get('settings.change', { maxTransfers: 3, partsPerTransfer: 2 });
  const { buckets } = await get('browse.buckets', { connectionId });
  expect(buckets.map((each) => each.name)).toContain('limits-3-2');
});

/** What the engine heard of the network. */
async function heard(): Promise<readonly string[]> {
  const { connectionId } = await get('connections.quick', {
    draft: testDraft({ signature: 'anonymous' }),
    secret: null,
  });
  const { buckets } = await get('browse.buckets', { connectionId });
  const words = ['online', 'offline', 'resumed'];
  return buckets.map((each) => each.name).filter((name) => words.includes(name));
}

describe('the network', () => {
  test('that is gone, and is back, reaches the engine when the window hears of it', async () => {
    expect(await heard()).toEqual(['online']);
    desktop.network.online = false;
    await get('app.networkChanged', undefined);
    await get('app.networkChanged', undefined);
    desktop.network.online = true;
    await get('app.networkChanged', undefined);
    expect(await heard()).toEqual(['online', 'offline', 'online']);
  });

  test('is watched while something is to be transferred', async () => {
    await get('transfers.pause', { ids: null });
    await expect.poll(() => app.busy).toBe(true);
    desktop.network.online = false;
    await expect.poll(heard).toEqual(['online', 'offline']);
  });

  test('that is gone before the engine starts is the first thing it hears', async () => {
    desktop.network.online = false;
    expect(await heard()).toEqual(['offline']);
  });

  test('after sleep the engine hears so', async () => {
    expect(await heard()).toEqual(['online']);
    desktop.wakeUp();
    expect(await heard()).toEqual(['online', 'resumed']);
  });
});

test('a file that could not be read is told in app.info', async () => {
  await app.stop();
  await writeFile(join(desktop.folder, 'settings.json'), '{{{');
  app = await open();
  const { notices, version } = await get('app.info', undefined);
  expect({ version, codes: notices.map((each) => each.code) }).toEqual({
    version: '1.2.3',
    codes: ['storage.corrupt'],
  });
  expect((await get('settings.snapshot', undefined)).theme).toBe('system');
});

test('an import that cannot be read says so', async () => {
  desktop.answers.path = join(desktop.folder, 'missing.json');
  expect(await ask('bookmarks.importFile', undefined)).toMatchObject({
    error: { code: 'local.not-found' },
  });
  desktop.answers.path = null;
  expect(await get('bookmarks.importFile', undefined)).toEqual({ added: 0 });
});

test('documents go to and come from the file the user points at, and nothing else', async () => {
  const path = join(desktop.folder, 'cors.json');
  desktop.answers.path = path;
  const document = { kind: 'cors', format: 'json', text: '{"CORSRules": []}\n' } as const;
  expect(await get('documents.save', document)).toEqual({ path });
  expect(await readFile(path, 'utf8')).toBe(document.text);
  expect(await get('documents.open', { kind: 'cors' })).toEqual({
    name: 'cors.json',
    text: document.text,
  });

  for (const bytes of [Buffer.alloc(1_000_001, 'x'), Buffer.from([0xff, 0xfe, 0x00])]) {
    await writeFile(path, bytes);
    expect(await ask('documents.open', { kind: 'cors' })).toMatchObject({
      error: { code: 'input.invalid' },
    });
  }
  desktop.answers.path = join(desktop.folder, 'nowhere', 'cors.json');
  expect(await ask('documents.save', document)).toMatchObject({
    error: { code: 'storage.write-failed' },
  });
  desktop.answers.path = null;
  expect(await get('documents.save', document)).toEqual({ path: null });
  expect(await get('documents.open', { kind: 'cors' })).toBeNull();
});
