import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { RequestOf } from '../../../shared/contract/define.ts';
import type { EngineCalls } from '../../../shared/contract/engine.ts';
import type { TransferPreview } from '../../../shared/contract/transfers.ts';
import type { GroupId } from '../../../shared/domain/ids.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { foldPath, type NameRules } from '../files/safe-name.ts';
import { walk } from '../files/walk.ts';
import type { S3Connection } from '../s3/s3-connection.ts';
import { isAbsent } from './existing-keys.ts';
import { LocalNames } from './local-names.ts';
import { relativeKey } from './plan-download.ts';
import { hiddenFilter, uploadRoots } from './planner.ts';
import { rulesOf } from './queue-additions.ts';

type PreviewRequest = RequestOf<EngineCalls, 'transfers.preview'>;

/** Counting ends after so long, ms: nobody should have to wait for it. */
const DEADLINE_MS = 1_700;
/** Files asked about one by one before their folder is listed. */
const MAX_HEADS = 8;
/** Most keys of one folder that are held at once. */
const MAX_KEYS = 200_000;

/** What counting needs. */
export interface PreviewInput {
  readonly request: PreviewRequest;
  readonly connection: S3Connection;
  readonly rules: NameRules;
  readonly signal: AbortSignal;
  /** For tests; the usual one unless told. */
  readonly deadlineMs?: number;
}

interface Counter {
  files: number;
  readonly folders: Set<string>;
  bytes: number;
  conflicts: number;
  first: string | null;
  hidden: number;
  complete: boolean;
}

/**
 * Counts what an upload or download would move and what is there already, as far as that
 * can be done in a moment. What goes wrong meanwhile only makes it incomplete: the
 * transfer itself will say what. Nothing is changed.
 */
export async function previewTransfer(input: PreviewInput): Promise<TransferPreview> {
  const { request, deadlineMs = DEADLINE_MS } = input;
  const counter: Counter = {
    files: 0,
    folders: new Set(),
    bytes: 0,
    conflicts: 0,
    first: null,
    hidden: 0,
    complete: true,
  };
  const deadline = AbortSignal.timeout(deadlineMs);
  const signal = AbortSignal.any([input.signal, deadline]);
  try {
    if (request.kind === 'upload') {
      await countUpload({ ...input, signal }, request, counter);
    } else {
      await countDownload({ ...input, signal }, request, counter);
    }
  } catch (error) {
    if (!signal.aborted && !(error instanceof AppError)) throw error;
    if (input.signal.aborted) throw new AppError('transfer.cancelled');
    counter.complete = false;
  }
  return { ...counter, folders: counter.folders.size };
}

function conflict(counter: Counter, name: string): void {
  counter.conflicts += 1;
  counter.first ??= name;
}

async function countUpload(
  input: PreviewInput,
  request: Extract<PreviewRequest, { kind: 'upload' }>,
  counter: Counter,
): Promise<void> {
  const { connection, signal } = input;
  const { bucket, prefix } = request;
  const hidden = hiddenFilter(rulesOf(connection));
  /** Files that were chosen themselves. */
  const loose: string[] = [];
  for (const [place, name] of uploadRoots(request.paths)) {
    let there: ReadonlySet<string> | null = null;
    for await (const entry of walk(path.resolve(place), name, signal, hidden.leaveOut)) {
      counter.hidden = hidden.count();
      if (entry.kind === 'empty-folder') counter.folders.add(entry.relative);
      if (entry.kind !== 'file') continue;
      counter.files += 1;
      counter.bytes += entry.size;
      if (entry.relative === name) {
        loose.push(name);
        continue;
      }
      addFolders(counter, entry.relative);
      there ??= await keysUnder(input, bucket, `${prefix}${name}/`, '', counter);
      if (there.has(prefix + entry.relative)) {
        conflict(counter, path.posix.basename(entry.relative));
      }
    }
    counter.hidden = hidden.count();
  }
  if (loose.length > MAX_HEADS) {
    const there = await keysUnder(input, bucket, prefix, '/', counter);
    for (const name of loose) if (there.has(prefix + name)) conflict(counter, name);
    return;
  }
  const found = await Promise.all(
    loose.map((name) => isThere(connection, bucket, prefix + name, signal)),
  );
  for (const [index, name] of loose.entries()) if (found[index]) conflict(counter, name);
}

function addFolders(counter: Counter, relative: string): void {
  const { folders } = counter;
  for (
    let at = relative.lastIndexOf('/');
    at > 0;
    at = relative.lastIndexOf('/', at - 1)
  ) {
    const folder = relative.slice(0, at);
    if (folders.has(folder)) return;
    folders.add(folder);
  }
}

async function isThere(
  connection: S3Connection,
  bucket: string,
  key: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await connection.headObject({ bucket, key, forbiddenIsAbsent: true, signal });
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

/** All keys under a prefix; an incomplete set says so. */
async function keysUnder(
  { connection, signal }: PreviewInput,
  bucket: string,
  prefix: string,
  delimiter: '' | '/',
  counter: Counter,
): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  let cursor: string | null = null;
  try {
    do {
      const at: string | null = cursor;
      const page = await connection.listPage({
        bucket,
        prefix,
        delimiter,
        cursor: at,
        signal,
      });
      for (const key of page.keys) keys.add(key);
      cursor = page.cursor;
    } while (cursor !== null && keys.size < MAX_KEYS);
    if (cursor !== null) counter.complete = false;
  } catch (error) {
    // A limited key may not list, and the bucket may have no more to say in time.
    if (!(error instanceof AppError)) throw error;
    counter.complete = false;
  }
  return keys;
}

async function countDownload(
  input: PreviewInput,
  request: Extract<PreviewRequest, { kind: 'download' }>,
  counter: Counter,
): Promise<void> {
  const { connection, rules, signal } = input;
  const { bucket, basePrefix, folder } = request;
  const nothing = { foldTaken: () => false, foldIsFile: () => false };
  const names = new LocalNames(nothing, 0 as GroupId, path.resolve(folder), rules);
  const taken = new LocalFolders(rules);
  const add = async (key: string, size: number | null): Promise<void> => {
    const relative = relativeKey(basePrefix, key);
    if (relative.endsWith('/') && size === 0) {
      counter.folders.add(relative.slice(0, -1));
      return;
    }
    counter.files += 1;
    counter.bytes += size ?? 0;
    addFolders(counter, relative);
    const local = names.name(relative, false).path;
    if (await taken.has(local)) conflict(counter, path.basename(local));
  };
  for (const item of request.items) {
    signal.throwIfAborted();
    if (!item.folder) {
      await add(item.key, null);
      continue;
    }
    let cursor: string | null = null;
    do {
      const at: string | null = cursor;
      const page = await connection.listPage({
        bucket,
        prefix: item.key,
        delimiter: '',
        cursor: at,
        signal,
      });
      for (const [index, key] of page.keys.entries()) {
        await add(key, page.sizes[index] ?? 0);
      }
      cursor = page.cursor;
    } while (cursor !== null);
  }
}

/** What local folders hold, each read once. */
class LocalFolders {
  readonly #rules: NameRules;
  readonly #folders = new Map<string, ReadonlySet<string>>();

  constructor(rules: NameRules) {
    this.#rules = rules;
  }

  async has(place: string): Promise<boolean> {
    const folder = path.dirname(place);
    let names = this.#folders.get(folder);
    if (names === undefined) {
      names = await this.#read(folder);
      this.#folders.set(folder, names);
    }
    return names.has(foldPath(path.basename(place), this.#rules));
  }

  async #read(folder: string): Promise<ReadonlySet<string>> {
    // What lies in a folder that is not there is not there either.
    const parent = this.#folders.get(path.dirname(folder));
    const isGone =
      parent !== undefined && !parent.has(foldPath(path.basename(folder), this.#rules));
    if (isGone) return new Set();
    try {
      const names = await readdir(folder);
      return new Set(names.map((name) => foldPath(name, this.#rules)));
    } catch {
      return new Set();
    }
  }
}
