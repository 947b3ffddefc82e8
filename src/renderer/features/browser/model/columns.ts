import type { BucketEntry, ListingPage } from '../../../../shared/domain/listing.ts';
import { assertNever } from '../../../../shared/lib/assert-never.ts';
import { displayName, FOLDER_OBJECT } from './display-name.ts';
import { describeKind, extensionOf, type RowKind } from './kind.ts';
import type { CompareRows } from './order.ts';
import { searchable } from './searchable.ts';

/** Columns the list can be sorted by. */
export type SortColumn = 'name' | 'size' | 'modified' | 'class' | 'kind';

/** How the list is sorted. Folders come first in both directions. */
export interface Sort {
  readonly column: SortColumn;
  readonly descending: boolean;
}

/** A row as the list shows it. */
export interface Row {
  /** Position in arrival order: stable for the life of the listing. */
  readonly id: number;
  /** Whole key, prefix or bucket name: what operations use. */
  readonly key: string;
  readonly kind: RowKind;
  /** The name as shown. */
  readonly name: string;
  /** Bytes; `null` for folders and buckets. */
  readonly size: number | null;
  /** ms since 1970; `null`: not known. */
  readonly modified: number | null;
  readonly storageClass: string;
  /** Words of the kind column. */
  readonly kindText: string;
}

const KINDS: readonly RowKind[] = ['folder', 'bucket', 'folder-object', 'file'];
/** From this kind on, rows sort after the folders. */
const FIRST_FILE_KIND = 2;
/** Stands for "not known" among the sizes; sorts before everything. */
const UNKNOWN = -1;
/** The same among the times, where those before 1970 are below zero. */
const NEVER = Number.NEGATIVE_INFINITY;

/** Twice the room, same content. */
function grown<T extends Float64Array | Uint8Array | Uint16Array>(
  array: T,
  copy: (length: number) => T,
): T {
  const larger = copy(array.length * 2);
  larger.set(array);
  return larger;
}

/**
 * The rows of a listing in columns that grow: a million rows are a dozen arrays rather
 * than a million objects.
 */
export class RowColumns {
  readonly prefix: string;
  readonly #naturalKey: (name: string) => string;
  readonly #keys: string[] = [];
  readonly #sortKeys: string[] = [];
  readonly #classes: string[] = [''];
  readonly #types: string[] = [];
  #sizes = new Float64Array(1_024);
  #modified = new Float64Array(1_024);
  #classOf = new Uint8Array(1_024);
  #typeOf = new Uint16Array(1_024);
  #kindOf = new Uint8Array(1_024);

  constructor(prefix: string, naturalKey: (name: string) => string) {
    this.prefix = prefix;
    this.#naturalKey = naturalKey;
  }

  /** Rows held. */
  get count(): number {
    return this.#keys.length;
  }

  /** Adds the rows of a page and returns how many there are now. */
  addPage(page: ListingPage): number {
    for (const prefix of page.prefixes) {
      this.#add(prefix, 'folder', UNKNOWN, NEVER, '');
    }
    for (let i = 0; i < page.keys.length; i += 1) {
      const key = page.keys[i] as string;
      const size = page.sizes[i] ?? UNKNOWN;
      const marker = key === this.prefix;
      // The empty marker of this very folder is not something in it.
      if (marker && size <= 0) continue;
      const modified = page.modified[i] ?? Number.NaN;
      this.#add(
        key,
        marker ? 'folder-object' : 'file',
        size,
        Number.isNaN(modified) ? NEVER : modified,
        page.classes[page.classIndex[i] ?? 0] ?? '',
      );
    }
    return this.count;
  }

  /** Adds buckets as rows. */
  addBuckets(buckets: readonly BucketEntry[]): number {
    for (const bucket of buckets) {
      this.#add(bucket.name, 'bucket', UNKNOWN, bucket.createdAt ?? NEVER, '');
    }
    return this.count;
  }

  keyOf(row: number): string {
    return this.#keys[row] ?? '';
  }

  kindOf(row: number): RowKind {
    return KINDS[this.#kindOf[row] ?? 3] ?? 'file';
  }

  /** Bytes; -1 where there is no size. */
  sizeOf(row: number): number {
    return this.#sizes[row] ?? UNKNOWN;
  }

  /** The bare name: key without prefix and trailing slash. Not made fit to show. */
  nameOf(row: number): string {
    const key = this.keyOf(row);
    const kind = this.kindOf(row);
    if (kind === 'bucket') return key;
    return kind === 'folder'
      ? key.slice(this.prefix.length, -1)
      : key.slice(this.prefix.length);
  }

  row(id: number): Row {
    const kind = this.kindOf(id);
    const name = this.nameOf(id);
    const size = this.sizeOf(id);
    const modified = this.#modified[id] ?? NEVER;
    return {
      id,
      key: this.keyOf(id),
      kind,
      name: kind === 'folder-object' ? FOLDER_OBJECT : displayName(name),
      size: size < 0 ? null : size,
      modified: modified === NEVER ? null : modified,
      storageClass: this.#classes[this.#classOf[id] ?? 0] ?? '',
      kindText: this.#types[this.#typeOf[id] ?? 0] ?? '',
    };
  }

  /** A total order of the rows for a sort: folders first, ties by natural name. */
  compare(sort: Sort): CompareRows {
    const sign = sort.descending ? -1 : 1;
    const primary = this.#primary(sort.column);
    return (a, b) => {
      const aFile = (this.#kindOf[a] as number) >= FIRST_FILE_KIND;
      const bFile = (this.#kindOf[b] as number) >= FIRST_FILE_KIND;
      if (aFile !== bFile) return aFile ? 1 : -1;
      return sign * (primary(a, b) || this.#byName(a, b) || a - b);
    };
  }

  /** Whether the row sorts among the files rather than the folders. */
  isFile(row: number): boolean {
    return (this.#kindOf[row] as number) >= FIRST_FILE_KIND;
  }

  /** Whether the name contains `needle` (as {@link searchable} has it) and, if hidden, may be shown. */
  passes(row: number, needle: string, showHidden: boolean): boolean {
    const start = this.kindOf(row) === 'bucket' ? 0 : this.prefix.length;
    const key = this.#keys[row] as string;
    if (!showHidden && key[start] === '.') {
      // These two are odd, not hidden: whoever made them ought to see them.
      const name = this.nameOf(row);
      if (name !== '.' && name !== '..') return false;
    }
    return needle === '' || searchable(this.nameOf(row)).includes(needle);
  }

  /** Whether the name starts with `start`, which is {@link searchable}. */
  startsWith(row: number, start: string): boolean {
    const from = this.kindOf(row) === 'bucket' ? 0 : this.prefix.length;
    // A stored letter may take several characters where a typed one is one.
    const name = this.keyOf(row).slice(from, from + 3 * start.length);
    return searchable(name).startsWith(start);
  }

  #byName = (a: number, b: number): number => {
    const x = this.#sortKeys[a] as string;
    const y = this.#sortKeys[b] as string;
    return x < y ? -1 : x > y ? 1 : 0;
  };

  #primary(column: SortColumn): CompareRows {
    switch (column) {
      case 'name':
        return this.#byName;
      case 'size':
        return (a, b) => (this.#sizes[a] as number) - (this.#sizes[b] as number);
      case 'modified':
        // Two unknown times differ by NaN, which counts as none.
        return (a, b) =>
          (this.#modified[a] as number) - (this.#modified[b] as number) || 0;
      case 'class':
        return (a, b) =>
          compareText(
            this.#classes[this.#classOf[a] as number],
            this.#classes[this.#classOf[b] as number],
          );
      case 'kind':
        return (a, b) =>
          compareText(
            this.#types[this.#typeOf[a] as number],
            this.#types[this.#typeOf[b] as number],
          );
      default:
        return assertNever(column);
    }
  }

  #add(
    key: string,
    kind: RowKind,
    size: number,
    modified: number,
    storageClass: string,
  ): void {
    const row = this.#keys.length;
    if (row === this.#sizes.length) this.#grow();
    this.#keys.push(key);
    this.#kindOf[row] = KINDS.indexOf(kind);
    this.#sizes[row] = size;
    this.#modified[row] = modified;
    const name = this.nameOf(row);
    this.#sortKeys.push(this.#naturalKey(name));
    this.#classOf[row] = indexIn(this.#classes, storageClass, 255);
    const type = describeKind(kind, kind === 'file' ? `x.${extensionOf(name)}` : name);
    this.#typeOf[row] = indexIn(this.#types, type, 65_535);
  }

  #grow(): void {
    this.#sizes = grown(this.#sizes, (length) => new Float64Array(length));
    this.#modified = grown(this.#modified, (length) => new Float64Array(length));
    this.#classOf = grown(this.#classOf, (length) => new Uint8Array(length));
    this.#typeOf = grown(this.#typeOf, (length) => new Uint16Array(length));
    this.#kindOf = grown(this.#kindOf, (length) => new Uint8Array(length));
  }
}

function compareText(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Index of a text in a table, added when new. A full table answers with its first entry. */
function indexIn(table: string[], text: string, most: number): number {
  const at = table.indexOf(text);
  if (at >= 0) return at;
  if (table.length > most) return 0;
  table.push(text);
  return table.length - 1;
}
