import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { launchApp } from '../../e2e/fixtures/launch.ts';
import { AdvancedSettings } from '../../src/shared/domain/bookmark.ts';
import { createSampleBuckets } from '../s3-server/sample-data.ts';
import { startS3Server } from '../s3-server/server.ts';
import { callApp } from './bridge-call.ts';
import { buildIfNeeded } from './build.ts';
import { describeHost, resolveHost } from './launch.ts';
import { makeScratch, removeAtExit } from './scratch.ts';
import { runTour } from './tour.ts';

const USAGE = `npm run demo                  opens Dipper with a demo server and sample files
npm run demo -- --tour DIR    drives the window by itself and writes pictures to DIR`;

function log(line: string): void {
  console.log(line);
}

/** Whether a window can be shown to a person. */
function hasDisplay(): boolean {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  return process.platform !== 'linux' || Boolean(DISPLAY) || Boolean(WAYLAND_DISPLAY);
}

async function tour(folder: string): Promise<number> {
  const report = await runTour(folder, log);
  log(`${report.ok ? 'The tour went well' : 'The tour failed'}: ${folder}/tour.json`);
  return report.ok ? 0 : 1;
}

/** Opens the app for a person, with a bookmark to a server full of sample files. */
async function demo(): Promise<number> {
  await buildIfNeeded(log);
  log(describeHost(await resolveHost({ mayDownload: true, log })));
  const folder = await makeScratch('dipper-demo-');
  const server = await startS3Server();
  removeAtExit(server.dataDir);
  try {
    createSampleBuckets(server);
    const { full, limited } = server.users;
    const places = { userData: join(folder, 'profile'), home: homedir() };
    const { app, page } = await launchApp(places, {
      HOST_TEST: '',
      HOST_HEADLESS: process.env['HOST_HEADLESS'] ?? '',
    });
    // The window saves the bookmarks itself, as its dialog would: a secret has no other
    // way into the app. It is kept for this session only.
    for (const [nickname, user, root] of [
      ['Demo server', full, ''],
      ['Limited key', limited, 'shared/team/'],
    ] as const) {
      await callApp(page, 'bookmarks.save', {
        id: null,
        draft: {
          providerId: 'generic',
          nickname,
          endpoint: server.endpoint,
          accessKeyId: user.accessKeyId,
          root,
          region: server.region,
          signature: 'v4',
          addressing: 'path',
          uploadAcl: 'none',
          advanced: AdvancedSettings.parse({}),
        },
        folderId: null,
        colour: root === '' ? 'green' : 'orange',
        secret: { secretAccessKey: user.secretAccessKey, sessionToken: '' },
        secretTarget: 'session',
      });
    }
    log(`
Dipper is open. Double-click a bookmark in its sidebar.
To connect by hand: New Bookmark, Other S3 server, and

  Endpoint    ${server.endpoint}
  Access key  ${full.accessKeyId}
  Secret key  ${full.secretAccessKey}

All of it is gone when you quit Dipper.`);
    const closed = new Promise<void>((done) => {
      app.on('close', () => done());
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => void app.close());
    }
    await closed;
    return 0;
  } finally {
    await server.close();
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { tour: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    log(USAGE);
    return 0;
  }
  if (values.tour !== undefined) return tour(resolve(values.tour));
  if (hasDisplay()) return demo();
  const folder = join(tmpdir(), 'dipper-tour');
  log(`There is no display here: running the tour instead, with pictures in ${folder}.`);
  return tour(folder);
}

const code = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
// A window that did not open properly would keep this process alive.
process.exit(code);
