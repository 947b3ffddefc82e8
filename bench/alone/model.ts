import { setImmediate } from 'node:timers/promises';
import { ListingModel } from '../../src/renderer/features/browser/model/listing-model.ts';
import type { ListingPage } from '../../src/shared/domain/listing.ts';
import { naturalKey, surelyBefore } from '../../src/shared/lib/natural-sort.ts';
import { BUCKET } from '../cases/cases.ts';
import { CONNECTION, startEngine } from '../dipper/engine.ts';
import { percentile } from '../measure/statistics.ts';
import { type AloneContext, type Figures, rounded } from './context.ts';

/** As many as 100,000 keys are. */
const FIRST_PAGES = 100;

/** Lists many keys through the engine into the window's own model of sorted rows. */
export async function measureModel(context: AloneContext): Promise<Figures> {
  const { setting, control, sizes, script } = context;
  const prefix = 'model/';
  const count = sizes.modelKeys;
  await control.generate({ bucket: BUCKET, prefix, count, size: 7, etag: 'opaque' });
  const model = new ListingModel({
    prefix,
    sort: { column: 'name', descending: false },
    filter: { text: '', showHidden: true },
    slicer: { now: () => performance.now(), pause: () => setImmediate() },
    naturalKey,
    surelyBefore,
    onChange: () => {},
  });
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
    const before = engine.use();
    const start = performance.now();
    const pagesMs: number[] = [];
    const messagesMs: number[] = [];
    let cursor: string | null = null;
    do {
      const page: ListingPage = await engine.client.call('browse.list', {
        connectionId: CONNECTION,
        bucket: BUCKET,
        prefix,
        cursor,
        fresh: true,
        taskId: 'bench',
      });
      const arrived = performance.now();
      structuredClone(page);
      const cloned = performance.now();
      model.addPage(page);
      pagesMs.push(performance.now() - cloned);
      messagesMs.push(cloned - arrived);
      cursor = page.cursor;
    } while (cursor !== null);
    const listedS = (performance.now() - start) / 1_000;
    await model.settled();
    const wallS = (performance.now() - start) / 1_000;
    const after = engine.use();
    for (let index = 0; index < count; index++) {
      if (model.at(index)?.key !== `${prefix}${String(index).padStart(7, '0')}`) {
        throw new Error(`Row ${index} is not the one it should be.`);
      }
    }
    return {
      rows: model.length,
      'listed after s': rounded(listedS),
      'sorted after s': rounded(wallS),
      'engine CPU s': rounded(after.cpuS - before.cpuS),
      'engine peak RSS MiB': Math.round(after.rssMiB),
      'taking a page ms, median': rounded(percentile(pagesMs, 50)),
      'taking a page ms, longest': rounded(Math.max(...pagesMs)),
      [`taking ${FIRST_PAGES} pages ms`]: rounded(sum(pagesMs.slice(0, FIRST_PAGES))),
      [`messages of ${FIRST_PAGES} pages ms, both ends`]: rounded(
        sum(messagesMs.slice(0, FIRST_PAGES)),
      ),
      'the longest of these ms': rounded(Math.max(...messagesMs.slice(0, FIRST_PAGES))),
      'a message ms, 99 %': rounded(percentile(messagesMs, 99)),
    };
  } finally {
    model.dispose();
    await control.clear(BUCKET, prefix);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
