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
/** Files in one folder. */
const FOLDER_FILES = 1_000;
const POLL_MS = 50;

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
    await engine.client.call('transfers.upload', {
      connectionId: CONNECTION,
      bucket: BUCKET,
      prefix: 'queue/',
      paths: [files],
      conflict: 'overwrite',
    });
    const rows = await planned(engine);
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

/** Waits until the folder is walked; resolves with the rows in the queue. */
async function planned(engine: RunningEngine): Promise<number> {
  for (;;) {
    const { totals } = await engine.client.call('transfers.totals', undefined);
    const rows = totals.queued + totals.running + totals.waiting;
    if (totals.planning === 0 && rows > 0) return rows;
    await setTimeout(POLL_MS);
  }
}
