import { type FileHandle, mkdir } from 'node:fs/promises';
import { MIB, partRange } from '../../../shared/domain/part-plan.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { asksForSums } from '../checksums/compare-content.ts';
import { choosePassing, PassingSum } from '../checksums/passing-sum.ts';
import type { StoredDownload } from '../database/part-store.ts';
import type { FileIdentity } from '../files/file-identity.ts';
import { localError } from '../files/local-error.ts';
import { lookAt, openTemp, removeTemp, tempPath } from '../files/local-target.ts';
import { publish } from '../files/publish.ts';
import { prepareParentFor } from '../files/small-target.ts';
import type { NameClaim } from '../files/take-name.ts';
import type { ObjectBody, SaveTarget } from '../s3/s3-connection.ts';
import { writeBody } from './download-body.ts';
import { decideDownloadTarget, startFromBeginning } from './download-target.ts';
import { NOTES } from './notes.ts';
import { runPool } from './pool.ts';
import { noteStream, RangeJournal, startOfComputer } from './range-journal.ts';
import { RANGED_THRESHOLD, rangeSize } from './ranges.ts';
import { type RemoteFacts, remoteFacts } from './remote-facts.ts';
import { type RunContext, type RunOutcome, withPartRetries } from './run-context.ts';
import { runSmallDownload } from './run-small-download.ts';
import { verifyContent } from './verify-download.ts';

/** Below this size an interrupted download begins again: a journal entry costs more. */
const RESUMABLE_SIZE = MIB;
/**
 * From this size on a file's content is forced to the disk before it gets its name. Doing
 * so for every small one would take longer than fetching it.
 */
const DURABLE_SIZE = MIB;

/** How often a download decides anew because its target changed under its hands. */
const MAX_ROUNDS = 5;

/** Downloads an object to its local path. Throws `AppError`. */
export async function runDownload(context: RunContext): Promise<RunOutcome> {
  const { row, group } = context;
  if (row.localPath === null) {
    throw new AppError('internal', { params: { missing: 'localPath' } });
  }
  await prepareParentFor(group.folder, row.localPath, context.disk);
  if (row.key.endsWith('/') && row.bytesTotal === 0) return makeFolder(row.localPath);
  for (let round = 1; ; round += 1) {
    const decision = await decideDownloadTarget(context);
    if (decision.kind === 'skipped' || decision.kind === 'done') {
      await dropTemp(context, decision.kind);
    }
    if (decision.kind !== 'go') return decision;
    const { claim, beginning } = decision;
    try {
      if (beginning !== undefined) await startFromBeginning(context, beginning);
      const small = await runSmallDownload(context, row.localPath, claim);
      return small ?? (await fetchToFile(context, row.localPath, claim));
    } catch (error) {
      // Somebody was faster: what is there now is looked at anew.
      const conflict = error instanceof AppError && error.code === 'conflict.exists';
      if (!conflict || round >= MAX_ROUNDS) throw error;
    }
  }
}

/** What an earlier attempt left is of no use any more. */
async function dropTemp(
  { row, parts }: RunContext,
  end: 'skipped' | 'done',
): Promise<void> {
  const known = parts.download(row.id);
  if (known !== undefined) await removeTemp(known.tempPath);
  // An engine that died may have left one that it had not noted yet.
  else if (row.attempt > 0) await removeTemp(tempPath(row.localPath ?? '', row.id));
  // What makes the file known as its own is kept until the row says that it is done.
  const kept = end === 'done' && parts.publication(row.id) !== undefined;
  if (known !== undefined && !kept) parts.forget(row.id);
}

async function makeFolder(folder: string): Promise<RunOutcome> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw localError(error, folder);
  }
  return { kind: 'done', integrity: '' };
}

async function fetchToFile(
  context: RunContext,
  target: string,
  claim: NameClaim,
): Promise<RunOutcome> {
  const { row, parts, store } = context;
  const known = parts.download(row.id);
  try {
    return await fetchOnce(context, row.localPath ?? target, known, claim);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'object.changed') throw error;
    // What we have belongs to an object that is no more.
    const stale = parts.download(row.id) ?? known;
    if (stale !== undefined) await removeTemp(stale.tempPath);
    parts.forget(row.id);
    store.update(row, { note: NOTES.objectChanged, bytesDone: 0 });
    context.meter.bytes = 0;
    if (row.attempt > 0) throw error;
    return fetchOnce(context, row.localPath ?? target, undefined, claim);
  }
}

async function fetchOnce(
  context: RunContext,
  target: string,
  known: StoredDownload | undefined,
  claim: NameClaim,
): Promise<RunOutcome> {
  const { row } = context;
  // Its beginning is not what we fetched but what somebody left.
  const foreign = row.note.includes(NOTES.continued) && known !== undefined;
  const temp = known?.tempPath ?? tempPath(target, row.id);
  const resumable = known !== undefined && (await lookAt(temp))?.kind === 'file';
  if (!resumable) context.parts.forget(row.id);
  const handle = await openTemp(temp, !resumable);
  let open = true;
  try {
    const filled = await fill(context, handle, temp, resumable ? known : undefined);
    const { facts } = filled;
    const integrity = await verify(context, temp, filled, foreign && resumable);
    open = false;
    const name = row.localPath ?? target;
    const { modified, size } = facts;
    const durable = size >= DURABLE_SIZE;
    const { rules, parts } = context;
    const { etag } = facts;
    const onReady = (file: FileIdentity): void =>
      parts.savePublication(row.id, { file, integrity, etag });
    await publish(handle, temp, name, { modified, rules, durable, claim, onReady });
    context.receipt.etag = etag;
    context.receipt.modified = modified;
    return { kind: 'done', integrity };
  } finally {
    if (open) await handle.close().catch(ignore);
    // A file too small to be gone on with must not be left behind.
    if (context.parts.download(row.id) === undefined) {
      await removeTemp(temp).catch(ignore);
    }
  }
}

/** An object whose bytes are all there. */
interface Filled {
  readonly facts: RemoteFacts;
  /** The sum that proved them on their way; `null`: the file is to be looked at. */
  readonly proof: string | null;
}

/** Fetches what the temporary file lacks. */
async function fill(
  context: RunContext,
  handle: FileHandle,
  temp: string,
  known: StoredDownload | undefined,
): Promise<Filled> {
  const { row, connection, gate, parts, clock, signal } = context;
  if (known !== undefined) {
    const facts = { size: known.size, etag: known.etag, modified: row.modified };
    await fillParts(context, handle, temp, known);
    return { facts, proof: null };
  }
  return gate
    .request(Math.min(row.bytesTotal ?? 0, RANGED_THRESHOLD), signal, async () => {
      const body = await connection.getObject({
        bucket: row.bucket,
        key: row.key,
        sums: asksForSums(connection.quirks()),
        signal,
      });
      const facts = remoteFacts(context, body);
      const ranged = facts.size >= RANGED_THRESHOLD && facts.etag !== '';
      const partSize = ranged ? rangeSize(facts.size) : Math.max(1, facts.size);
      const download = { tempPath: temp, etag: facts.etag, size: facts.size, partSize };
      if (facts.size >= RESUMABLE_SIZE && facts.etag !== '') {
        parts.saveDownload(row.id, download);
        if (!ranged) noteStream(parts, row.id, startOfComputer(clock.now()));
      }
      const passing = passingSum(context, body, ranged);
      if (ranged) {
        body.discard();
        return { facts, download, passing };
      }
      const hash = passing?.start();
      await fillFrom(context, handle, temp, { body, position: 0, hash });
      if (hash !== undefined) passing?.passed(1, facts.size, hash);
      return { facts, download, passing };
    })
    .then(async ({ facts, download, passing }) => {
      const { size, partSize } = download;
      if (partSize < size) await fillParts(context, handle, temp, download, passing);
      const count = Math.max(1, Math.ceil(size / partSize));
      return { facts, proof: passing?.holds(count) ?? null };
    });
}

/** What takes the sum of bytes on their way to the file: to read them again costs more. */
function passingSum(
  { connection }: RunContext,
  { etag, checksums: stated = [] }: ObjectBody,
  ranged: boolean,
): PassingSum | undefined {
  const check = choosePassing(connection.quirks(), { etag, stated }, ranged);
  return check === null ? undefined : new PassingSum(check);
}

/** A body that goes to the file's end. */
interface Tail {
  readonly body: ObjectBody;
  /** Where it begins in the file. */
  readonly position: number;
  readonly hash?: SaveTarget['hash'];
}

async function fillFrom(
  context: RunContext,
  handle: FileHandle,
  temp: string,
  { body, position, hash }: Tail,
): Promise<void> {
  const { row, meter, store, signal } = context;
  meter.bytes = position;
  const onProgress = (bytes: number): void => {
    meter.bytes += bytes;
  };
  try {
    const { disk: pace } = context;
    const into = { handle, path: temp, position, hash, onProgress, pace };
    await writeBody(body, into, signal);
  } finally {
    store.update(row, { bytesDone: meter.bytes });
  }
}

/** Goes on with a file that has its journal entry: one stream, or the missing ranges. */
async function fillParts(
  context: RunContext,
  handle: FileHandle,
  temp: string,
  download: StoredDownload,
  passing?: PassingSum,
): Promise<void> {
  const { row, connection, gate, parts, meter, store, clock, signal } = context;
  const { size, etag, partSize } = download;
  const ref = { bucket: row.bucket, key: row.key, ifMatch: etag };
  const startedAt = startOfComputer(clock.now());
  const good = RangeJournal.good(parts.parts(row.id), startedAt);
  if (partSize >= size) {
    // After the power failed the length of a file says nothing of its content.
    const have = good.length === 0 ? 0 : Math.min(size, (await handle.stat()).size);
    if (have === size) return;
    if (have === 0) noteStream(parts, row.id, startedAt);
    await gate.request(size - have, signal, async () => {
      const body = await connection.getObject({ ...ref, range: { start: have }, signal });
      await fillFrom(context, handle, temp, { body, position: have });
    });
    return;
  }
  const plan = { partSize, partCount: Math.ceil(size / partSize) };
  const { size: there } = await handle.stat();
  const finished = new Set<number>();
  for (const { number } of good) {
    const range = partRange(number, plan, size);
    // Somebody may have cut the file off behind our back.
    if (range.start + range.length <= there) finished.add(number);
  }
  let done = 0;
  for (const number of finished) done += partRange(number, plan, size).length;
  meter.bytes = done;
  store.update(row, { bytesDone: done });
  const sync = (): Promise<void> => handle.datasync();
  const now = (): number => clock.now();
  const journal = new RangeJournal({ parts, id: row.id, sync, now, startedAt });
  try {
    await runPool(
      missing(plan.partCount, finished),
      context.partsAtOnce,
      signal,
      (number, inner) =>
        withPartRetries(context, inner, async () => {
          const { start, length } = partRange(number, plan, size);
          const progress = meter.request();
          try {
            await gate.request(length, inner, async () => {
              const range = { start, end: start + length - 1 };
              const body = await connection.getObject({ ...ref, range, signal: inner });
              const hash = passing?.start();
              const { onProgress } = progress;
              const into = { handle, path: temp, position: start, hash, onProgress };
              await writeBody(body, { ...into, pace: context.disk }, inner);
              if (hash !== undefined) passing?.passed(number, length, hash);
            });
            journal.wrote(number, length);
            store.update(row, { bytesDone: row.bytesDone + length });
          } catch (error) {
            progress.undo();
            throw error;
          }
        }),
    );
  } finally {
    await journal.settle();
  }
}

function* missing(count: number, finished: ReadonlySet<number>): Generator<number> {
  for (let number = 1; number <= count; number += 1) {
    if (!finished.has(number)) yield number;
  }
}

/**
 * Checks the finished file; what turns out wrong is not gone on with. Nor is what begins
 * with `foreign` bytes that nothing on the server vouches for: its size proves nothing.
 */
async function verify(
  context: RunContext,
  temp: string,
  { facts, proof }: Filled,
  foreign: boolean,
): Promise<string> {
  const { row, parts, store } = context;
  try {
    if ((await lookAt(temp))?.size !== facts.size) {
      throw new AppError('transfer.checksum-mismatch', { params: { key: row.key } });
    }
    if (proof !== null) return proof;
    const integrity = await verifyContent(context, temp, facts);
    if (!foreign || integrity !== 'size') return integrity;
    store.update(row, { note: NOTES.unproven });
    throw new AppError('transfer.checksum-mismatch', { params: { key: row.key } });
  } catch (error) {
    if (error instanceof AppError && error.code === 'transfer.checksum-mismatch') {
      parts.forget(row.id);
      store.update(row, { bytesDone: 0 });
    }
    throw error;
  }
}

function ignore(): void {}
