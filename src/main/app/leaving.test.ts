import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Envelope } from '../../shared/contract/define.ts';
import type { AppRequest, AppResponse, CallName } from '../../shared/contract/index.ts';
import type { ConnectionId } from '../../shared/domain/ids.ts';
import {
  createForkLauncher,
  type ForkLauncher,
} from '../engine-client/testing/fork-launcher.ts';
import { diskOperations } from '../storage/file-operations.ts';
import { createApp, type DipperApp } from './create-app.ts';
import { testDraft, testSave } from './testing/drafts.ts';
import { createFakeDesktop, type FakeDesktop } from './testing/fake-platform.ts';

const secret = { secretAccessKey: 'SECRET', sessionToken: '' };

let launcher: ForkLauncher;
let desktop: FakeDesktop;
let app: DipperApp;

beforeEach(async () => {
  launcher = createForkLauncher();
  desktop = await createFakeDesktop(launcher);
  app = await open();
});
afterEach(async () => {
  await app.stop();
  await launcher.dispose();
  await desktop.dispose();
});

function open(): Promise<DipperApp> {
  return createApp(
    { ...desktop.platform, engine: launcher },
    { logger: desktop.logger, files: diskOperations(), parseResponses: true },
  );
}

/** The value of an answer that must be good. */
async function get<N extends CallName>(
  name: N,
  request: AppRequest<N>,
): Promise<AppResponse<N>> {
  const envelope = (await app.dispatch(name, request)) as Envelope<AppResponse<N>>;
  if (!envelope.ok) throw new Error(envelope.error.code);
  return envelope.value;
}

describe('what the window alone knows of', () => {
  test('is asked about before the window goes, and forgotten with it', async () => {
    await get('app.setUnfinished', { what: 'start' });
    expect(app.hasUnfinished).toBe(true);
    desktop.answers.button = 0;
    expect([await app.confirmQuit(), await app.confirmClose()]).toEqual([false, false]);
    await get('app.setUnfinished', { what: 'edit' });
    desktop.answers.button = 1;
    expect([await app.confirmQuit(), await app.confirmClose()]).toEqual([true, true]);
    expect(desktop.questions.map(({ message }) => message)).toEqual([
      'A transfer has not started yet.',
      'A transfer has not started yet.',
      'Changes have not been saved.',
      'Changes have not been saved.',
    ]);
    app.windowGone();
    expect([app.hasUnfinished, await app.confirmQuit()]).toEqual([false, true]);
    expect(desktop.questions).toHaveLength(4);
  });
});

describe('what the engine was asked for and has not answered', () => {
  test('is asked about before it is gone, until there is an answer', async () => {
    const place = { connectionId: 'c' as ConnectionId, bucket: 'photos' };
    const copy = app.dispatch('transfers.copy', {
      ...place,
      items: [{ item: { key: 'a', folder: false }, targetKey: 'b' }],
      targetConnectionId: place.connectionId,
      targetBucket: place.bucket,
      conflict: 'ask',
    });
    expect(app.busy).toBe(true);
    expect(await app.confirmQuit()).toBe(false);
    expect(desktop.questions.map(({ message }) => message)).toEqual([
      'A transfer has not started yet.',
    ]);
    // The window may be closed where Dipper stays: main has it.
    expect([app.hasUnfinished, await app.confirmClose()]).toEqual([false, true]);
    await app.dispatch('transfers.clear', { ids: null });
    expect(await copy).toMatchObject({ ok: false, error: { code: 'engine.gone' } });
    expect([app.busy, await app.confirmQuit()]).toEqual([false, true]);
  });
});

/** What is said of transfers that run when one wants to quit. */
async function detail(): Promise<string | undefined> {
  await get('transfers.pause', { ids: null });
  await expect.poll(() => app.busy).toBe(true);
  await app.confirmQuit();
  return desktop.questions.at(-1)?.detail;
}

describe('the question before transfers are left', () => {
  test('says of keys that nobody keeps that they are needed again', async () => {
    const again = /as soon as you connect to its server again/;
    const kept = await get('bookmarks.save', testSave({ secret }));
    await get('connections.open', { bookmarkId: kept.id });
    expect(await detail()).not.toMatch(again);
    const session = testSave({ secret, secretTarget: 'session' });
    const { id } = await get('bookmarks.save', session);
    await get('connections.open', { bookmarkId: id });
    expect(await detail()).toMatch(again);
  });

  test('comes also while it is not sure that they were cancelled', async () => {
    const cancelled = app.dispatch('transfers.cancel', { ids: null });
    expect([app.busy, await app.confirmQuit()]).toEqual([true, false]);
    expect(desktop.questions.at(-1)?.message).toMatch(/not have been stopped/);
    await app.dispatch('transfers.clear', { ids: null });
    expect(await cancelled).toMatchObject({ error: { code: 'engine.gone' } });
    expect(app.busy).toBe(false);
  });
});

describe('a bookmark whose transfers are not done', () => {
  test('is deleted only after a question', async () => {
    const { id } = await get('bookmarks.save', testSave({ secret }));
    await startAgain(id);
    desktop.answers.button = 0;
    expect(await app.dispatch('bookmarks.remove', { ids: [id] })).toMatchObject({
      error: { code: 'transfer.cancelled' },
    });
    expect((await get('bookmarks.snapshot', undefined)).bookmarks).toHaveLength(1);
    desktop.answers.button = 1;
    await get('bookmarks.remove', { ids: [id] });
    expect((await get('bookmarks.snapshot', undefined)).bookmarks).toEqual([]);
    expect(desktop.questions).toHaveLength(2);
  });
});

async function startAgain(pending: string): Promise<void> {
  await app.stop();
  await launcher.dispose();
  launcher = createForkLauncher(pending);
  app = await open();
}

/** What the engine has, asked over a connection to somewhere else. */
async function configured(): Promise<readonly string[]> {
  const { connectionId } = await get('connections.quick', {
    draft: testDraft({ signature: 'anonymous' }),
    secret: null,
  });
  const { buckets } = await get('browse.buckets', { connectionId });
  return buckets.map((each) => each.name).filter((name) => name.endsWith(':AKIDEXAMPLE'));
}

async function idOf(change: Parameters<typeof testDraft>[0]): Promise<string> {
  const request = { draft: testDraft(change), secret };
  return (await get('connections.quick', request)).connectionId;
}

describe('another address for a bookmark whose transfers are not done', () => {
  test('is saved only after a question: they would go on at another server', async () => {
    const { id } = await get('bookmarks.save', testSave({ secret }));
    const moved = testSave({ id, draft: testDraft({ endpoint: 'https://b.example' }) });
    const endpoint = async () =>
      (await get('bookmarks.snapshot', undefined)).bookmarks[0]?.endpoint;
    await startAgain(id);
    const renamed = testSave({ id, draft: testDraft({ nickname: 'Other' }) });
    await get('bookmarks.save', renamed);
    expect(desktop.questions).toEqual([]);
    desktop.answers.button = 0;
    expect(await app.dispatch('bookmarks.save', moved)).toMatchObject({
      error: { code: 'transfer.cancelled' },
    });
    expect(await endpoint()).toBe(renamed.draft.endpoint);
    desktop.answers.button = 1;
    await get('bookmarks.save', moved);
    expect(await endpoint()).toBe('https://b.example');
    expect(desktop.questions).toHaveLength(2);
    await startAgain('');
    await get('bookmarks.save', renamed);
    expect(desktop.questions).toHaveLength(2);
  });
});

describe('a connection without a bookmark', () => {
  test('is the same again for the same server and key, whatever else is chosen', async () => {
    const id = await idOf({ root: 'photos', nickname: 'One' });
    expect(await idOf({ root: 'other/p/', nickname: 'Two', region: 'eu' })).toBe(id);
    const others = [
      await idOf({ accessKeyId: 'AKIDOTHER' }),
      await idOf({ endpoint: 'https://other.example.com' }),
      await idOf({ signature: 'anonymous' }),
    ];
    expect(new Set([id, ...others]).size).toBe(4);
  });

  test('that left something to do gets the keys of a bookmark for the same place', async () => {
    const { connectionId } = await get('connections.quick', {
      draft: testDraft(),
      secret,
    });
    await startAgain(connectionId);
    const { id } = await get('bookmarks.save', testSave({ secret }));
    await get('connections.open', { bookmarkId: id });
    const lent = `${connectionId}:AKIDEXAMPLE`;
    expect(await configured()).toEqual([`${id}:AKIDEXAMPLE`, lent]);
    // Now that there is a bookmark, nobody has to open anything.
    await startAgain(connectionId);
    expect(await configured()).toEqual([lent]);
  });
});
