import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { GroupId } from '../../../shared/domain/ids.ts';
import type { RemoteItem } from '../../../shared/domain/listing.ts';
import { MIB } from '../../../shared/domain/part-plan.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { localError } from '../files/local-error.ts';
import { openTemp, prepareParent, removeTemp, tempPath } from '../files/local-target.ts';
import { publish } from '../files/publish.ts';
import type { NameRules } from '../files/safe-name.ts';
import type { S3Connection } from '../s3/s3-connection.ts';
import { compareObject } from './compare-object.ts';
import { writeBody } from './download-body.ts';
import { LocalNames } from './local-names.ts';
import { relativeKey } from './plan-download.ts';
import { runPool } from './pool.ts';
import { walkRemote } from './remote-walk.ts';
import type { RequestGate } from './request-gate.ts';
import { withPartRetries } from './run-context.ts';

const AT_ONCE = 4;
/** A stream holds no more than this in memory however long it is, bytes. */
const MAX_WEIGHT = 32 * MIB;

/** What to fetch and where to. */
export interface StageInput {
  readonly connection: S3Connection;
  readonly gate: RequestGate;
  readonly bucket: string;
  readonly basePrefix: string;
  readonly items: readonly RemoteItem[];
  readonly folder: string;
  /** Most bytes in all; beyond is `transfer.too-large`. */
  readonly maxBytes: number;
  readonly rules: NameRules;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

interface Wanted {
  readonly key: string;
  readonly size: number;
}

/**
 * Downloads items into a folder at once, outside the queue. Returns the paths of the
 * top-level files and folders. Throws `AppError`; what was fetched until then stays.
 */
export async function stage(input: StageInput): Promise<readonly string[]> {
  const wanted = await list(input);
  // Nothing is planned in the table: the names given out are all kept in memory.
  const planned = { foldTaken: () => false, foldIsFile: () => false };
  const names = new LocalNames(planned, 0 as GroupId, input.folder, input.rules);
  const tops = new Set<string>();
  const jobs = wanted.map((object) => {
    const relative = relativeKey(input.basePrefix, object.key);
    const target = names.name(relative, object.size === 0).path;
    const first = path.relative(input.folder, target).split(path.sep)[0] ?? '';
    tops.add(path.join(input.folder, first));
    return { ...object, target };
  });
  await runPool(
    jobs.entries(),
    () => AT_ONCE,
    input.signal,
    ([index, job], inner) =>
      withPartRetries(input, inner, () => fetchOne(input, job, job.target, index, inner)),
  );
  return [...tops];
}

async function list(input: StageInput): Promise<readonly Wanted[]> {
  const { connection, gate, bucket, signal, maxBytes } = input;
  const wanted: Wanted[] = [];
  let bytes = 0;
  const add = (object: Wanted): void => {
    bytes += object.size;
    if (bytes > maxBytes) {
      throw new AppError('transfer.too-large', {
        params: { size: bytes, limit: maxBytes },
      });
    }
    wanted.push({ key: object.key, size: object.size });
  };
  for (const item of input.items) {
    if (!item.folder) {
      const head = await gate.request(0, signal, () =>
        connection.headObject({ bucket, key: item.key, signal }),
      );
      add({ key: item.key, size: head.size });
      continue;
    }
    const prefix = item.key;
    for await (const page of walkRemote({ connection, gate, bucket, prefix, signal })) {
      for (const object of page) add(object);
    }
  }
  return wanted;
}

async function fetchOne(
  input: StageInput,
  object: Wanted,
  target: string,
  index: number,
  signal: AbortSignal,
): Promise<void> {
  const { connection, gate, bucket, folder } = input;
  await prepareParent(folder, target);
  if (object.key.endsWith('/') && object.size === 0) {
    await mkdir(target, { recursive: true }).catch((error: unknown) => {
      throw localError(error, target);
    });
    return;
  }
  const temp = tempPath(target, `stage-${index}`);
  const handle = await openTemp(temp, true);
  let open = true;
  try {
    const { modified, etag, size } = await gate.request(
      Math.min(object.size, MAX_WEIGHT),
      signal,
      async () => {
        const body = await connection.getObject({ bucket, key: object.key, signal });
        await writeBody(
          body,
          { handle, path: temp, position: 0, onProgress: ignore },
          signal,
        );
        return { modified: body.modified, etag: body.etag, size: body.totalSize };
      },
    );
    const { key } = object;
    const fetched = { connection, gate, bucket, key, etag, size, signal };
    const compared = await compareObject(fetched, temp);
    const { kind } = compared;
    if (kind === 'unclear' && compared.reason === 'object-changed') {
      throw new AppError('object.changed', { params: { bucket, key } });
    }
    if (kind === 'different' || kind === 'unmatched') {
      throw new AppError('transfer.checksum-mismatch', { params: { key } });
    }
    open = false;
    const { rules } = input;
    await publish(handle, temp, target, {
      modified,
      rules,
      durable: true,
      claim: { kind: 'replace' },
    });
  } catch (error) {
    if (open) await handle.close();
    await removeTemp(temp);
    throw error;
  }
}

function ignore(): void {}
