import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AppRequest, CallName } from '../../shared/contract/index.ts';
import {
  createForkLauncher,
  type ForkLauncher,
} from '../engine-client/testing/fork-launcher.ts';
import { diskOperations } from '../storage/file-operations.ts';
import { createApp, type DipperApp } from './create-app.ts';
import { createFakeDesktop, type FakeDesktop } from './testing/fake-platform.ts';

let launcher: ForkLauncher;
let desktop: FakeDesktop;
let app: DipperApp;
let elsewhere: string;

beforeEach(async () => {
  launcher = createForkLauncher('');
  desktop = await createFakeDesktop(launcher);
  const downloads = join(desktop.folder, 'Downloads');
  elsewhere = join(desktop.folder, 'elsewhere');
  await mkdir(downloads);
  await mkdir(elsewhere);
  const paths = { ...desktop.platform.paths, downloads };
  app = await createApp(
    { ...desktop.platform, paths },
    { logger: desktop.logger, files: diskOperations(), parseResponses: true },
  );
});
afterEach(async () => {
  await app.stop();
  await launcher.dispose();
  await desktop.dispose();
});

/** `ok`, or the code of the refusal. */
async function ask<N extends CallName>(name: N, request: AppRequest<N>): Promise<string> {
  const envelope = await app.dispatch(name, request);
  return envelope.ok ? 'ok' : envelope.error.code;
}

const UPLOAD = {
  connectionId: 'c' as never,
  bucket: 'photos',
  prefix: '',
  conflict: 'ask',
} as const;

function download(folder: string): Promise<string> {
  const items = [{ key: 'a', folder: false }];
  const { connectionId, bucket, conflict } = UPLOAD;
  return ask('transfers.download', {
    connectionId,
    bucket,
    conflict,
    folder,
    items,
    basePrefix: '',
  });
}

describe('addresses and paths from the window', () => {
  test('only https pages of known hosts are opened', async () => {
    for (const url of [
      'https://docs.aws.amazon.com/s3/',
      'http://docs.aws.amazon.com/s3/',
      'https://docs.aws.amazon.com.evil.example/',
      'https://user@docs.aws.amazon.com/',
      'https://docs.aws.amazon.com:8443/',
      'file:///etc/passwd',
      'javascript:alert(1)',
    ]) {
      await ask('app.openExternal', { url });
    }
    expect(desktop.opened).toEqual(['https://docs.aws.amazon.com/s3/']);
  });

  test('only an existing path that the user handed over is revealed', async () => {
    const path = join(desktop.folder, 'Downloads', 'a.txt');
    await writeFile(path, '');
    const foreign = join(elsewhere, 'a.txt');
    await writeFile(foreign, '');
    for (const each of [path, `${path}x`, 'a.txt', './a.txt', `${path}\0`, foreign]) {
      await ask('app.revealPath', { path: each });
    }
    expect(desktop.revealed).toEqual([path]);
  });

  test('nothing is uploaded but what was dropped or chosen in a dialog', async () => {
    const paths = [join(elsewhere, 'a'), join(elsewhere, 'b')];
    const upload = () => ask('transfers.upload', { ...UPLOAD, paths });
    const first = await upload();
    app.grantDropped(paths.slice(0, 1));
    const half = await upload();
    desktop.answers.path = elsewhere;
    await ask('app.chooseFiles', { kind: 'folders' });
    expect([first, half, await upload()]).toEqual([
      'ipc.forbidden',
      'ipc.forbidden',
      'ok',
    ]);
  });

  test('nothing is written but to the usual folder or one chosen in a dialog', async () => {
    // The engine of these tests cannot download: what matters is that it was asked.
    const usual = await download(join(desktop.folder, 'Downloads'));
    const before = await download(elsewhere);
    desktop.answers.path = elsewhere;
    await ask('app.chooseFolder', { title: 'Download to' });
    const after = await download(join(elsewhere, 'new'));
    const up = await download(join(elsewhere, '..'));
    const asked = 'provider.unsupported';
    expect([usual, before, after, up]).toEqual([
      asked,
      'ipc.forbidden',
      asked,
      'ipc.forbidden',
    ]);
  });

  test('the preference for downloads is a folder chosen in a dialog', async () => {
    const change = () => ask('settings.change', { downloadFolder: elsewhere });
    const before = await change();
    desktop.answers.path = elsewhere;
    await ask('app.chooseFolder', { title: 'Download Into' });
    const after = await change();
    const none = await ask('settings.change', { downloadFolder: '' });
    expect([before, after, none]).toEqual(['ipc.forbidden', 'ok', 'ok']);
  });
});

function locations(): unknown[] {
  return desktop.events.filter(({ topic }) => topic === 'app.openLocation');
}

describe('a link from another program', () => {
  const LINK =
    'dippers3://open?endpoint=https://s3.example.com&bucket=photos&prefix=2024';

  test('is asked about with its server and bucket, then only shows the place', async () => {
    desktop.answers.button = 1;
    await app.openLink(LINK);
    expect(desktop.questions[0]?.detail).toMatch(
      /Server: https:\/\/s3\.example\.com\nBucket: photos\nFolder: 2024\/$/,
    );
    expect(desktop.events).toEqual([
      {
        topic: 'app.openLocation',
        payload: {
          endpoint: 'https://s3.example.com',
          bucket: 'photos',
          prefix: '2024/',
        },
      },
    ]);
  });

  test('does nothing when the question is closed or answered with the default', async () => {
    desktop.answers.button = 0;
    await app.openLink(LINK);
    const [question] = desktop.questions;
    expect([question?.buttons[0], question?.cancel, locations()]).toEqual([
      'Cancel',
      0,
      [],
    ]);
  });

  test('that is none of ours asks nothing, nor do many at once', async () => {
    await app.openLink('dippers3://delete?endpoint=https://s3.example.com');
    await app.openLink('dippers3:');
    expect(desktop.questions).toEqual([]);
    await Promise.all(Array.from({ length: 50 }, () => app.openLink(LINK)));
    expect(desktop.questions).toHaveLength(1);
  });
});
