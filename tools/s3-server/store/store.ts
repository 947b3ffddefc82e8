import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ContentStore } from './content.ts';
import {
  type Journal,
  type JournalEntry,
  NO_JOURNAL,
  openJournal,
  readJournal,
  writeJournal,
} from './journal.ts';
import { Bucket, SeededObject, type SeedRow, type StoredObject } from './model.ts';

const SEED_ROWS_PER_ENTRY = 10_000;

/**
 * Buckets, objects and uploads: an index in memory, contents in files, every change in
 * a journal. Changes happen at once (no awaits), so requests cannot see half of one.
 */
export class Store {
  readonly contents: ContentStore;
  readonly #buckets = new Map<string, Bucket>();
  #journal: Journal;

  private constructor(contents: ContentStore, journal: Journal) {
    this.contents = contents;
    this.#journal = journal;
  }

  /**
   * Opens the store of a folder, making it if need be.
   *
   * @param options.persistent whether to keep a journal, so that opening the folder
   *   again finds everything
   */
  static async open(
    folder: string,
    options: { readonly persistent: boolean },
  ): Promise<Store> {
    await mkdir(folder, { recursive: true });
    const contents = new ContentStore(join(folder, 'content'));
    await contents.open();
    const store = new Store(contents, NO_JOURNAL);
    if (!options.persistent) return store;
    const path = join(folder, 'journal.jsonl');
    const report = await readJournal(path, (entry) => store.#apply(entry));
    await contents.sweep();
    if (report.torn || report.entries > 2 * store.#entryCount() + 1000) {
      await writeJournal(path, store.#entries());
    }
    store.#journal = openJournal(path);
    return store;
  }

  /** All buckets by name. */
  buckets(): readonly Bucket[] {
    return [...this.#buckets.values()].sort((a, b) =>
      a.start.name < b.start.name ? -1 : 1,
    );
  }

  /** The bucket of that name. */
  bucket(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  /** Makes a change and writes it down. */
  commit(entry: JournalEntry): void {
    this.#journal.append(entry);
    this.#apply(entry);
  }

  /** Adds seeded objects, replacing any of the same keys. */
  seed(bucket: string, rows: readonly SeedRow[]): void {
    if (this.#journal !== NO_JOURNAL) {
      for (const entry of seedEntries(bucket, rows)) this.#journal.append(entry);
    }
    this.#apply({ op: 'seed', bucket, rows });
  }

  /** Closes the journal and waits for the last removals. */
  async close(): Promise<void> {
    this.#journal.close();
    await this.contents.close();
  }

  #apply(entry: JournalEntry): void {
    if (entry.op === 'createBucket') {
      this.#buckets.set(entry.bucket.name, new Bucket(entry.bucket));
      return;
    }
    const bucket = this.#buckets.get(entry.bucket);
    if (!bucket) throw new Error(`no bucket "${entry.bucket}"`);
    switch (entry.op) {
      case 'deleteBucket':
        this.#clear(bucket);
        this.#buckets.delete(entry.bucket);
        return;
      case 'bucketAccess':
        bucket.access = entry.access;
        return;
      case 'bucketSettings':
        bucket.settings = entry.settings;
        return;
      case 'put':
        this.#put(bucket, entry.object);
        return;
      case 'seed':
        this.#seed(bucket, entry.rows);
        return;
      case 'delete':
        this.#delete(bucket, entry.key);
        return;
      case 'upload':
        bucket.uploads.set(entry.upload.id, { start: entry.upload, parts: new Map() });
        return;
      case 'part': {
        const parts = bucket.uploads.get(entry.uploadId)?.parts;
        if (!parts) throw new Error(`no upload "${entry.uploadId}"`);
        this.contents.retain(entry.part.content);
        const old = parts.get(entry.part.number);
        parts.set(entry.part.number, entry.part);
        if (old) this.contents.release(old.content);
        return;
      }
      case 'endUpload':
        if (entry.object) this.#put(bucket, entry.object);
        this.#endUpload(bucket, entry.uploadId);
    }
  }

  #put(bucket: Bucket, object: StoredObject): void {
    this.contents.retain(object.content);
    const old = bucket.objects.get(object.key);
    bucket.objects.set(object.key, object);
    if (old) this.contents.release(old.content);
    else bucket.keys.insert(object.key);
  }

  #seed(bucket: Bucket, rows: readonly SeedRow[]): void {
    const fresh: string[] = [];
    for (const row of rows) {
      const object = new SeededObject(bucket.start.name, row);
      const old = bucket.objects.get(object.key);
      if (old) this.contents.release(old.content);
      else fresh.push(object.key);
      bucket.objects.set(object.key, object);
    }
    bucket.keys.insertMany(fresh);
  }

  #delete(bucket: Bucket, key: string): void {
    const old = bucket.objects.get(key);
    if (!old) return;
    bucket.objects.delete(key);
    bucket.keys.delete(key);
    this.contents.release(old.content);
  }

  #endUpload(bucket: Bucket, uploadId: string): void {
    const upload = bucket.uploads.get(uploadId);
    if (!upload) return;
    bucket.uploads.delete(uploadId);
    for (const part of upload.parts.values()) this.contents.release(part.content);
  }

  #clear(bucket: Bucket): void {
    for (const object of bucket.objects.values()) this.contents.release(object.content);
    for (const id of bucket.uploads.keys()) this.#endUpload(bucket, id);
  }

  #entryCount(): number {
    let count = 0;
    for (const bucket of this.#buckets.values()) {
      count += 1 + bucket.objects.size + bucket.uploads.size;
    }
    return count;
  }

  *#entries(): Generator<JournalEntry> {
    for (const bucket of this.#buckets.values()) {
      const { start, access, settings, objects, uploads } = bucket;
      yield { op: 'createBucket', bucket: start };
      if (access.acl !== undefined || access.grants !== undefined) {
        yield { op: 'bucketAccess', bucket: start.name, access };
      }
      if (Object.keys(settings).length > 0) {
        yield { op: 'bucketSettings', bucket: start.name, settings };
      }
      const rows: SeedRow[] = [];
      for (const object of objects.values()) {
        if (object instanceof SeededObject) rows.push(object.row);
        else yield { op: 'put', bucket: start.name, object };
      }
      yield* seedEntries(start.name, rows);
      for (const upload of uploads.values()) {
        yield { op: 'upload', bucket: start.name, upload: upload.start };
        for (const part of upload.parts.values()) {
          yield { op: 'part', bucket: start.name, uploadId: upload.start.id, part };
        }
      }
    }
  }
}

function* seedEntries(bucket: string, rows: readonly SeedRow[]): Generator<JournalEntry> {
  for (let at = 0; at < rows.length; at += SEED_ROWS_PER_ENTRY) {
    yield { op: 'seed', bucket, rows: rows.slice(at, at + SEED_ROWS_PER_ENTRY) };
  }
}
