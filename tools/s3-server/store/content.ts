import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { GeneratedBytes } from './generated.ts';

const READ_BYTES = 256 * 1024;
const WRITE_BYTES = 512 * 1024;

/** A run of bytes in one place. */
type Slice =
  | {
      readonly kind: 'file';
      readonly id: string;
      readonly offset: number;
      readonly length: number;
    }
  | {
      readonly kind: 'generated';
      readonly seed: string;
      readonly offset: number;
      readonly length: number;
    }
  | {
      readonly kind: 'inline';
      readonly base64: string;
      readonly offset: number;
      readonly length: number;
    };

/** An object's bytes: slices one after the other. Copies share them. */
export type Content = readonly Slice[];

/** The part `[start, end)` of some content. */
export function sliceContent(content: Content, start: number, end: number): Content {
  const out: Slice[] = [];
  let at = 0;
  for (const slice of content) {
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, slice.length);
    if (from < to) out.push({ ...slice, offset: slice.offset + from, length: to - from });
    at += slice.length;
  }
  return out;
}

/** A place to write new content; call `finish` or `discard` exactly once. */
interface ContentWriter {
  write(chunk: Buffer): Promise<void>;
  finish(): Promise<Content>;
  discard(): Promise<void>;
}

/**
 * The files that hold contents, in one folder, counted by who uses them: a file goes
 * when its last object, part or reader has let go.
 */
export class ContentStore {
  readonly #folder: string;
  readonly #uses = new Map<string, number>();
  readonly #generated = new GeneratedBytes();
  readonly #removals = new Set<Promise<void>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes the folder. */
  async open(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
  }

  /** Starts new content; the file is made with the first byte. */
  create(): ContentWriter {
    return new FileWriter(this.#folder);
  }

  /** Counts one more user of this content's files. */
  retain(content: Content): void {
    for (const slice of content) {
      if (slice.kind !== 'file') continue;
      this.#uses.set(slice.id, (this.#uses.get(slice.id) ?? 0) + 1);
    }
  }

  /** Counts one user less and removes files nobody uses. */
  release(content: Content): void {
    for (const slice of content) {
      if (slice.kind !== 'file') continue;
      const uses = (this.#uses.get(slice.id) ?? 0) - 1;
      if (uses > 0) {
        this.#uses.set(slice.id, uses);
        continue;
      }
      this.#uses.delete(slice.id);
      const removal = unlink(join(this.#folder, slice.id)).catch(() => undefined);
      this.#removals.add(removal);
      void removal.then(() => this.#removals.delete(removal));
    }
  }

  /**
   * Reads content in pieces of at most 256 KiB. Hold it with {@link retain} meanwhile.
   */
  async *read(content: Content): AsyncGenerator<Buffer, void, undefined> {
    for (const slice of content) {
      if (slice.kind === 'file') {
        yield* this.#readFile(slice.id, slice.offset, slice.length);
      } else if (slice.kind === 'inline') {
        yield Buffer.from(slice.base64, 'base64').subarray(
          slice.offset,
          slice.offset + slice.length,
        );
      } else {
        for (let at = 0; at < slice.length; at += READ_BYTES) {
          const count = Math.min(READ_BYTES, slice.length - at);
          yield this.#generated.read(slice.seed, slice.offset + at, count);
        }
      }
    }
  }

  async *#readFile(
    id: string,
    offset: number,
    length: number,
  ): AsyncGenerator<Buffer, void, undefined> {
    const handle = await open(join(this.#folder, id), 'r');
    try {
      for (let done = 0; done < length; ) {
        const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, length - done));
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset + done);
        if (bytesRead === 0) throw new Error(`content file ${id} is too short`);
        done += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await handle.close();
    }
  }

  /** Removes files that no object or part names, left by a server that was killed. */
  async sweep(): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      if (!this.#uses.has(name)) await unlink(join(this.#folder, name));
    }
  }

  /** Waits for removals under way. */
  async close(): Promise<void> {
    await Promise.all(this.#removals);
  }
}

class FileWriter implements ContentWriter {
  readonly #folder: string;
  readonly #id: string = randomUUID();
  #handle: FileHandle | undefined;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #size = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async write(chunk: Buffer): Promise<void> {
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    if (this.#pendingBytes >= WRITE_BYTES) await this.#flush();
  }

  async finish(): Promise<Content> {
    try {
      await this.#flush();
    } finally {
      await this.#handle?.close();
    }
    if (this.#size === 0) return [];
    return [{ kind: 'file', id: this.#id, offset: 0, length: this.#size }];
  }

  async discard(): Promise<void> {
    const handle = this.#handle;
    if (!handle) return;
    this.#handle = undefined;
    await handle.close().catch(() => undefined);
    await unlink(join(this.#folder, this.#id)).catch(() => undefined);
  }

  async #flush(): Promise<void> {
    if (this.#pendingBytes === 0) return;
    this.#handle ??= await open(join(this.#folder, this.#id), 'wx');
    const pending = this.#pending;
    this.#pending = [];
    let left = this.#pendingBytes;
    this.#pendingBytes = 0;
    const { bytesWritten } = await this.#handle.writev(pending);
    left -= bytesWritten;
    this.#size += bytesWritten;
    if (left > 0) throw new Error('the disk took fewer bytes than given');
  }
}
