import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { selfSigned } from '../../tools/s3-server/testing/self-signed.ts';
import { type BenchCase, BUCKET, createCases } from '../cases/cases.ts';
import { hasProc } from '../measure/proc.ts';
import { launchNullServer, type NullServerProcess } from '../null-server/launch.ts';
import { Pattern } from '../null-server/pattern.ts';
import { startEngine } from './engine.ts';
import { runEngineTask } from './run-task.ts';

const script = resolve(import.meta.dirname, '../../src/main/engine/process.ts');
const { key, cert } = selfSigned();
let scratch: string;
let server: NullServerProcess;
let cases: readonly BenchCase[];

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'dipper-bench-'));
  server = await launchNullServer({ key, cert, cpus: null });
  cases = createCases({
    control: server.control,
    pattern: new Pattern(),
    sources: join(scratch, 'sources'),
    sizes: {
      big: 20 * 2 ** 20,
      smallFiles: 5,
      farFiles: 4,
      mixedFiles: 9,
      listKeys: 2_100,
      deleteKeys: 30,
      queuedFiles: 6,
      modelKeys: 0,
      windowFiles: 0,
    },
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true, force: true });
});

test.skipIf(!hasProc())(
  'the engine passes the check of every case over https',
  async () => {
    await using engine = await startEngine(
      { script, scratch, cpus: null },
      {
        endpoint: server.endpoint(true),
        accessKeyId: 'id',
        secretAccessKey: 'secret',
        certificate: cert,
        providerId: 'generic',
      },
    );
    await server.control.setVerify(true);
    for (const benchCase of cases) {
      const place = { prefix: 'run/', folder: join(scratch, 'run') };
      await mkdir(place.folder, { recursive: true });
      await benchCase.prepare();
      const task = await benchCase.begin(place);
      const run = await runEngineTask(engine, BUCKET, task);
      await benchCase.check(place, run.names, true);
      expect(run.wallS).toBeGreaterThan(0);
      await rm(place.folder, { recursive: true });
      await server.control.clear(BUCKET, place.prefix);
    }
  },
);

test.skipIf(!hasProc())(
  'a task that did not work is a failure, not a figure',
  async () => {
    await using engine = await startEngine(
      { script, scratch, cpus: null },
      {
        endpoint: server.endpoint(false),
        accessKeyId: 'id',
        secretAccessKey: 'secret',
        certificate: '',
        providerId: 'generic',
      },
    );
    const task = { kind: 'get', key: 'none/x', file: join(scratch, 'x') } as const;
    await expect(runEngineTask(engine, BUCKET, task)).rejects.toThrow(/^1 failed, .*: /);
  },
);
