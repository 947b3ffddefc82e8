import { closeSync, openSync, writeSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import type { AccessSetting } from './acl.ts';
import type {
  BucketStart,
  SeedRow,
  StoredObject,
  UploadedPart,
  UploadStart,
} from './model.ts';
import type { BucketSettings } from './settings.ts';

/** One change of the store. */
export type JournalEntry =
  | { readonly op: 'createBucket'; readonly bucket: BucketStart }
  | { readonly op: 'deleteBucket'; readonly bucket: string }
  | {
      readonly op: 'bucketAccess';
      readonly bucket: string;
      readonly access: AccessSetting;
    }
  | {
      readonly op: 'bucketSettings';
      readonly bucket: string;
      readonly settings: BucketSettings;
    }
  | { readonly op: 'put'; readonly bucket: string; readonly object: StoredObject }
  | { readonly op: 'seed'; readonly bucket: string; readonly rows: readonly SeedRow[] }
  | { readonly op: 'delete'; readonly bucket: string; readonly key: string }
  | { readonly op: 'upload'; readonly bucket: string; readonly upload: UploadStart }
  | {
      readonly op: 'part';
      readonly bucket: string;
      readonly uploadId: string;
      readonly part: UploadedPart;
    }
  | {
      /** Ends an upload: with its object, or aborted without. */
      readonly op: 'endUpload';
      readonly bucket: string;
      readonly uploadId: string;
      readonly object: StoredObject | null;
    };

const OPERATIONS: ReadonlySet<unknown> = new Set<JournalEntry['op']>([
  'createBucket',
  'deleteBucket',
  'bucketAccess',
  'bucketSettings',
  'put',
  'seed',
  'delete',
  'upload',
  'part',
  'endUpload',
]);

/** Where a store writes its changes down. */
export interface Journal {
  append(entry: JournalEntry): void;
  close(): void;
}

/** A journal that forgets, for servers without a data folder of their own. */
export const NO_JOURNAL: Journal = {
  append: () => undefined,
  close: () => undefined,
};

/** What reading a journal gave. */
interface JournalReport {
  readonly entries: number;
  /** Whether the last line was cut short, as by a kill, and dropped. */
  readonly torn: boolean;
}

/**
 * Feeds every entry of a journal to `apply`, in order; a missing file has none.
 *
 * @throws Error when a line other than the last cannot be read
 */
export async function readJournal(
  path: string,
  apply: (entry: JournalEntry) => void,
): Promise<JournalReport> {
  let handle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return { entries: 0, torn: false };
    }
    throw error;
  }
  let entries = 0;
  let broken: number | undefined;
  for await (const line of handle.readLines({ encoding: 'utf8' })) {
    if (broken !== undefined) {
      throw new Error(`line ${broken} of the journal ${path} is damaged`);
    }
    const entry = parseEntry(line);
    if (entry) apply(entry);
    else broken = entries + 1;
    entries += 1;
  }
  return { entries, torn: broken !== undefined };
}

function parseEntry(line: string): JournalEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const known =
      typeof value === 'object' &&
      value !== null &&
      'op' in value &&
      OPERATIONS.has(value.op);
    return known ? (value as JournalEntry) : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces a journal by one with just these entries. */
export async function writeJournal(
  path: string,
  entries: Iterable<JournalEntry>,
): Promise<void> {
  const temporary = `${path}.new`;
  const handle = await open(temporary, 'w');
  try {
    for (const entry of entries) await handle.write(`${JSON.stringify(entry)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
}

/**
 * Opens a journal for appending. Each entry is written before its change is answered;
 * it survives the death of the process, though not of the machine.
 */
export function openJournal(path: string): Journal {
  let descriptor: number | undefined = openSync(path, 'a');
  return {
    append: (entry) => {
      if (descriptor === undefined) throw new Error('the journal is closed');
      writeSync(descriptor, `${JSON.stringify(entry)}\n`);
    },
    close: () => {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}
