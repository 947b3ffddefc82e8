import { createHash } from 'node:crypto';

/** A part of an upload, or a whole object put at once, as it came in verify mode. */
export interface ReceivedPart {
  /** Bytes. */
  readonly size: number;
  /** Hex; empty outside verify mode. */
  readonly sha256: string;
}

/** An object. Its bytes are generated: nothing of an upload is kept but its size. */
export interface NullObject {
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** ms since 1970. */
  readonly modified: number;
  /** User metadata by header name. */
  readonly metadata: ReadonlyMap<string, string>;
  /** What came, in order; empty for generated objects. */
  readonly received: readonly ReceivedPart[];
}

/** An upload in parts that is under way. */
export interface NullUpload {
  readonly bucket: string;
  readonly key: string;
  readonly metadata: ReadonlyMap<string, string>;
  readonly parts: Map<number, ReceivedPart & { readonly etag: string }>;
}

/** All objects of a bucket; every bucket name exists. */
export class NullStore {
  readonly uploads = new Map<string, NullUpload>();
  readonly #buckets = new Map<string, Map<string, NullObject>>();
  readonly #sorted = new Map<string, readonly string[]>();
  #lastUpload = 0;

  get(bucket: string, key: string): NullObject | undefined {
    return this.#buckets.get(bucket)?.get(key);
  }

  put(bucket: string, key: string, object: NullObject): void {
    let objects = this.#buckets.get(bucket);
    if (objects === undefined) {
      objects = new Map();
      this.#buckets.set(bucket, objects);
    }
    if (!objects.has(key)) this.#sorted.delete(bucket);
    objects.set(key, object);
  }

  remove(bucket: string, key: string): void {
    if (this.#buckets.get(bucket)?.delete(key) === true) this.#sorted.delete(bucket);
  }

  /** Keys of a bucket in S3's order: by code point, that is by UTF-8 bytes. */
  keys(bucket: string): readonly string[] {
    let sorted = this.#sorted.get(bucket);
    if (sorted === undefined) {
      sorted = [...(this.#buckets.get(bucket)?.keys() ?? [])].sort();
      this.#sorted.set(bucket, sorted);
    }
    return sorted;
  }

  /** Keys that start with `prefix`. */
  under(bucket: string, prefix: string): readonly string[] {
    const keys = this.keys(bucket);
    const from = lowerBound(keys, prefix);
    let to = from;
    while (keys[to]?.startsWith(prefix) === true) to += 1;
    return keys.slice(from, to);
  }

  beginUpload(upload: Omit<NullUpload, 'parts'>): string {
    this.#lastUpload += 1;
    const id = `upload-${this.#lastUpload}`;
    this.uploads.set(id, { ...upload, parts: new Map() });
    return id;
  }

  /** Makes an object of an upload's parts; `undefined` for an unknown upload. */
  completeUpload(id: string, now: number): NullObject | undefined {
    const upload = this.uploads.get(id);
    if (upload === undefined) return undefined;
    this.uploads.delete(id);
    const parts = [...upload.parts].sort(([a], [b]) => a - b).map(([, part]) => part);
    const object: NullObject = {
      size: parts.reduce((sum, { size }) => sum + size, 0),
      etag: uploadEtag(parts.map(({ etag }) => etag)),
      modified: now,
      metadata: upload.metadata,
      received: parts.map(({ size, sha256 }) => ({ size, sha256 })),
    };
    this.put(upload.bucket, upload.key, object);
    return object;
  }
}

/**
 * The ETag S3 gives an upload in parts: MD5 over the parts' MD5s. Where a part's own is
 * no MD5 the outcome is none either, as with encryption by KMS.
 */
function uploadEtag(parts: readonly string[]): string {
  const hash = createHash('md5');
  const known = parts.every((etag) => /^[0-9a-f]{32}$/.test(etag));
  for (const etag of parts) hash.update(etag, known ? 'hex' : 'latin1');
  return `${hash.digest('hex')}-${parts.length}`;
}

/** Index of the first text that is not below `text`. */
export function lowerBound(sorted: readonly string[], text: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
