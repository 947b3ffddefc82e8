import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { BUCKET } from '../cases/cases.ts';
import { writeFiles } from '../cases/files.ts';
import { CONNECTION, type RunningEngine, startEngine } from '../dipper/engine.ts';
import { type AloneContext, type Figures, rounded } from './context.ts';

/** Long enough that no upload is answered while the queue fills. */
const NEVER_MS = 3_600_000;
const SOURCE_BYTES = 16;
/**
 * Files in one folder, and so in one group: several groups are planned at once, which takes
 * more memory than one long one, and none may have more than 100,000 rows waiting.
 */
const FOLDER_FILES = 1_000;
const POLL_MS = 50;
/** A queue that grows no more for so long never will, milliseconds. */
const PATIENCE_MS = 30_000;

/** Queues many small files on a server that does not answer: planning and storing only. */
export async function measureQueue(context: AloneContext): Promise<Figures> {
  const { setting, control, pattern, sizes, script } = context;
  const files = join(setting.scratch, 'queue');
  await mkdir(files, { recursive: true });
  const count = sizes.queuedFiles;
  await writeFiles(
    files,
    Array.from({ length: count }, (_, index) => ({
      name: `${Math.floor(index / FOLDER_FILES)}/${index}.txt`,
      size: SOURCE_BYTES,
    })),
    pattern,
  );
  try {
    await using engine = await startEngine(
      { script, scratch: setting.scratch, cpus: setting.cpus },
      {
        endpoint: setting.server.endpoint(false),
        certificate: '',
        accessKeyId: 'BENCHKEY',
        secretAccessKey: 'bench/secret/key',
        providerId: 'generic',
      },
    );
    await control.setDelay(NEVER_MS);
    const before = engine.use();
    const start = performance.now();
    for (let folder = 0; folder * FOLDER_FILES < count; folder++) {
      await engine.client.call('transfers.upload', {
        connectionId: CONNECTION,
        bucket: BUCKET,
        prefix: 'queue/',
        paths: [join(files, String(folder))],
        conflict: 'overwrite',
      });
    }
    const rows = await planned(engine, count);
    const wallS = (performance.now() - start) / 1_000;
    const after = engine.use();
    const grown = (after.rssMiB - before.rssMiB) * 2 ** 20;
    return {
      'stored rows': rows,
      'wall s': rounded(wallS),
      'CPU s': rounded(after.cpuS - before.cpuS),
      'peak RSS MiB': Math.round(after.rssMiB),
      'RSS grown, bytes a file': Math.round(grown / count),
    };
  } finally {
    await control.setDelay(0);
    await control.clear(BUCKET, 'queue/');
    await rm(files, { recursive: true, force: true });
  }
}

/** Waits until every file has its row. Throws when the queue stops growing before. */
async function planned(engine: RunningEngine, count: number): Promise<number> {
  let last = 0;
  let grownAt = performance.now();
  for (;;) {
    const { totals } = await engine.client.call('transfers.totals', undefined);
    const rows = totals.queued + totals.running + totals.waiting;
    if (totals.planning === 0 && rows >= count) return rows;
    if (rows > last) grownAt = performance.now();
    if (performance.now() - grownAt > PATIENCE_MS) {
      throw new Error(`The queue stays at ${rows} of ${count} files.`);
    }
    last = rows;
    await setTimeout(POLL_MS);
  }
}
