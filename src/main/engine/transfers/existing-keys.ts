import type { GroupId } from '../../../shared/domain/ids.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { StoredGroup } from '../database/group-store.ts';
import type { RemotePage, S3Connection } from '../s3/s3-connection.ts';
import { KeyClaims, type Written } from './key-claims.ts';
import type { RequestGate } from './request-gate.ts';

/** What is known of an object that stands in the way. */
export interface ExistingObject {
  readonly size: number;
  readonly modified: number | null;
  /** `null`: the server did not say. */
  readonly etag: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** Known from a listing, which tells no metadata. */
  readonly listed: boolean;
}

/** How to ask. */
export interface LookupInput {
  readonly connection: S3Connection;
  readonly gate: RequestGate;
  readonly group: StoredGroup;
  readonly key: string;
  readonly signal: AbortSignal;
}

/** Keys asked one by one in a folder before the whole folder is listed. */
const HEADS_BEFORE_LISTING = 4;
/** A folder with more pages than this is asked key by key after all. */
const MAX_PAGES = 5;
/** Folders remembered per group. */
const MAX_FOLDERS = 16;
/** Keys that are known to have been written to since; with more, all is asked anew. */
const MAX_WRITTEN = 1_000;

type FolderKeys = ReadonlyMap<string, ExistingObject> | 'unknown';

interface FolderMemory {
  asked: number;
  listing: Promise<FolderKeys> | undefined;
}

interface GroupMemory {
  readonly bucket: string;
  readonly prefix: string;
  /** Keys that were perhaps written to since they were asked about. */
  readonly written: Set<string>;
  /** Whether nothing at all lies under a top-level folder of the upload. */
  readonly emptyRoots: Map<string, Promise<boolean>>;
  readonly folders: Map<string, FolderMemory>;
}

/**
 * Tells whether upload targets exist with few requests: a new folder is found empty by one
 * listing, a folder with many files is listed once, and only stray files cost a HEAD each.
 */
export class ExistingKeys {
  /** What is written to right now. */
  readonly claims = new KeyClaims((written) => this.#noteWritten(written));
  readonly #groups = new Map<GroupId, GroupMemory>();

  /** Drops what was learnt for a group. */
  forget(groupId: GroupId): void {
    this.#groups.delete(groupId);
  }

  /** Looks the cheapest way. A limited key's 403 counts as absent. */
  async find(input: LookupInput): Promise<ExistingObject | undefined> {
    const { group, key } = input;
    let memory = this.#groups.get(group.id);
    if (memory === undefined) {
      const { bucket, prefix } = group;
      const written = new Set<string>();
      memory = { bucket, prefix, written, emptyRoots: new Map(), folders: new Map() };
      this.#groups.set(group.id, memory);
    }
    if (memory.written.has(key)) return headIfThere(input);
    const slash = key.indexOf('/', group.prefix.length);
    if (slash > 0 && (await this.#isEmptyRoot(memory, key.slice(0, slash + 1), input))) {
      return undefined;
    }
    const folder = key.slice(0, key.lastIndexOf('/') + 1);
    const known = this.#folder(memory, folder);
    known.asked += 1;
    if (known.asked <= HEADS_BEFORE_LISTING) return headIfThere(input);
    known.listing ??= listFolder(folder, input);
    const keys = await forgetOnFailure(known.listing, () => {
      known.listing = undefined;
    });
    return keys === 'unknown' ? headIfThere(input) : keys.get(key);
  }

  /** What was learnt of a key before it was written to is no longer so. */
  #noteWritten({ bucket, key, groupId, extra }: Written): void {
    for (const [id, memory] of this.#groups) {
      // Its own group asks once for each key that was planned, and has.
      if (id === groupId && !extra) continue;
      if (memory.bucket !== bucket || !key.startsWith(memory.prefix)) continue;
      if (memory.written.size < MAX_WRITTEN) memory.written.add(key);
      else this.#groups.delete(id);
    }
  }

  #folder(memory: GroupMemory, folder: string): FolderMemory {
    let known = memory.folders.get(folder);
    if (known === undefined) {
      known = { asked: 0, listing: undefined };
      memory.folders.set(folder, known);
      const oldest = memory.folders.keys().next().value;
      if (memory.folders.size > MAX_FOLDERS && oldest !== undefined) {
        memory.folders.delete(oldest);
      }
    }
    return known;
  }

  #isEmptyRoot(memory: GroupMemory, root: string, input: LookupInput): Promise<boolean> {
    let answer = memory.emptyRoots.get(root);
    if (answer === undefined) {
      answer = isEmptyPrefix(root, input);
      memory.emptyRoots.set(root, answer);
    }
    return forgetOnFailure(answer, () => memory.emptyRoots.delete(root));
  }
}

/** HEAD; `undefined` when there is nothing, or nothing this key may see. */
export async function headIfThere(
  input: Pick<LookupInput, 'connection' | 'gate' | 'group' | 'key' | 'signal'>,
): Promise<ExistingObject | undefined> {
  const { connection, gate, group, key, signal } = input;
  try {
    const head = await gate.request(0, signal, () =>
      connection.headObject({
        bucket: group.bucket,
        key,
        forbiddenIsAbsent: true,
        signal,
      }),
    );
    return {
      size: head.size,
      modified: head.modified,
      etag: head.etag,
      metadata: head.metadata,
      listed: false,
    };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Whether an error of HEAD means "nothing there", as far as this key may know. */
export function isAbsent(error: unknown): boolean {
  return (
    error instanceof AppError &&
    // S3 answers 403 for a missing key to those who may not list.
    (error.code === 'object.not-found' || error.code === 'access.denied')
  );
}

async function isEmptyPrefix(prefix: string, input: LookupInput): Promise<boolean> {
  const { connection, gate, group, signal } = input;
  try {
    const page = await gate.request(0, signal, () =>
      connection.listPage({
        bucket: group.bucket,
        prefix,
        delimiter: '',
        cursor: null,
        maxKeys: 1,
        signal,
      }),
    );
    return page.keys.length === 0 && page.cursor === null;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

async function listFolder(folder: string, input: LookupInput): Promise<FolderKeys> {
  const { connection, gate, group, signal } = input;
  const found = new Map<string, ExistingObject>();
  let cursor: string | null = null;
  try {
    for (let pages = 0; pages < MAX_PAGES; pages += 1) {
      const at: string | null = cursor;
      const page: RemotePage = await gate.request(0, signal, () =>
        connection.listPage({
          bucket: group.bucket,
          prefix: folder,
          delimiter: '/',
          cursor: at,
          signal,
        }),
      );
      for (const [index, key] of page.keys.entries()) {
        const modified = page.modified[index] ?? Number.NaN;
        found.set(key, {
          size: page.sizes[index] ?? 0,
          modified: Number.isNaN(modified) ? null : modified,
          etag: page.etags[index] || null,
          metadata: {},
          listed: true,
        });
      }
      cursor = page.cursor;
      if (cursor === null) return found;
    }
    return 'unknown';
  } catch (error) {
    if (isAbsent(error)) return 'unknown';
    throw error;
  }
}

/** A shared question that failed must be asked again by the next one who needs it. */
async function forgetOnFailure<T>(answer: Promise<T>, forget: () => void): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    forget();
    // Whoever asked first may have been cancelled; that is not our cancellation.
    if (error instanceof AppError && error.code === 'transfer.cancelled') {
      throw new AppError('network.reset', { cause: error });
    }
    throw error;
  }
}
