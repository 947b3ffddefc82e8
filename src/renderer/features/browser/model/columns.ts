import type { BucketEntry, ListingPage } from '../../../../shared/domain/listing.ts';
import { assertNever } from '../../../../shared/lib/assert-never.ts';
import { displayName, FOLDER_OBJECT } from './display-name.ts';
import { describeKind, type RowKind } from './kind.ts';
import type { CompareRows } from './order.ts';
import { searchable } from './searchable.ts';

/** Columns the list can be sorted by. */
export type SortColumn = 'name' | 'size' | 'modified' | 'class' | 'kind';

/** How the list is sorted. Folders come first in both directions. */
export interface Sort {
  readonly column: SortColumn;
  readonly descending: boolean;
}

/** How names are ordered. */
export interface NameOrder {
  /** Turns a name into a text whose plain order is the natural one. */
  readonly naturalKey: (name: string) => string;
  /** Quickly, without keys: whether `a` comes before `b`, both without `from` characters. */
  readonly surelyBefore?: ((a: string, b: string, from: number) => boolean) | undefined;
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
const FOLDER_KIND = 0;
const BUCKET_KIND = 1;
const FOLDER_OBJECT_KIND = 2;
const FILE_KIND = 3;
/** From this kind on, rows sort after the folders. */
const FIRST_FILE_KIND = FOLDER_OBJECT_KIND;
/** Endings of names whose types are remembered. */
const MAX_ENDINGS = 1_000;
const DOT = 0x2e;
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
  readonly #names: NameOrder;
  readonly #keys: string[] = [];
  /** Empty until somebody compares the row by its name. */
  readonly #sortKeys: string[] = [];
  readonly #classes = new Table(255);
  readonly #types = new Table(65_535);
  /** Index of the type by how a name ends, of the endings met first. */
  readonly #typeOfEnding = new Map<string, number>();
  #sizes = new Float64Array(1_024);
  #modified = new Float64Array(1_024);
  #classOf = new Uint8Array(1_024);
  #typeOf = new Uint16Array(1_024);
  #kindOf = new Uint8Array(1_024);

  constructor(prefix: string, names: NameOrder) {
    this.prefix = prefix;
    this.#names = names;
    this.#classes.indexOf('');
  }

  /** Rows held. */
  get count(): number {
    return this.#keys.length;
  }

  /** Adds the rows of a page and returns how many there are now. */
  addPage(page: ListingPage): number {
    for (const prefix of page.prefixes) {
      this.#add(prefix, FOLDER_KIND, UNKNOWN, NEVER, 0);
    }
    const classes = page.classes.map((name) => this.#classes.indexOf(name));
    for (let i = 0; i < page.keys.length; i += 1) {
      const key = page.keys[i] as string;
      const size = page.sizes[i] ?? UNKNOWN;
      const marker = key === this.prefix;
      // The empty marker of this very folder is not something in it.
      if (marker && size <= 0) continue;
      const modified = page.modified[i] ?? Number.NaN;
      this.#add(
        key,
        marker ? FOLDER_OBJECT_KIND : FILE_KIND,
        size,
        Number.isNaN(modified) ? NEVER : modified,
        classes[page.classIndex[i] ?? 0] ?? 0,
      );
    }
    return this.count;
  }

  /** Adds buckets as rows. */
  addBuckets(buckets: readonly BucketEntry[]): number {
    for (const bucket of buckets) {
      this.#add(bucket.name, BUCKET_KIND, UNKNOWN, bucket.createdAt ?? NEVER, 0);
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
      storageClass: this.#classes.at(this.#classOf[id] ?? 0),
      kindText: this.#types.at(this.#typeOf[id] ?? 0),
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

  /**
   * Whether two files stand in this order when sorted by name, as far as a glance tells:
   * most listings come sorted, and then nobody needs their keys.
   */
  surelyBefore(a: number, b: number): boolean {
    const { surelyBefore } = this.#names;
    if (surelyBefore === undefined) return false;
    if (this.#kindOf[a] !== FILE_KIND || this.#kindOf[b] !== FILE_KIND) return false;
    return surelyBefore(this.#keys[a] ?? '', this.#keys[b] ?? '', this.prefix.length);
  }

  /** Whether the row sorts among the files rather than the folders. */
  isFile(row: number): boolean {
    return (this.#kindOf[row] as number) >= FIRST_FILE_KIND;
  }

  /** Whether the name contains `needle` (as {@link searchable} has it) and, if hidden, may be shown. */
  passes(row: number, needle: string, showHidden: boolean): boolean {
    const start = this.kindOf(row) === 'bucket' ? 0 : this.prefix.length;
    const key = this.#keys[row] as string;
    if (!showHidden && key.charCodeAt(start) === DOT) {
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
    const x = this.#sortKeys[a] || this.#makeSortKey(a);
    const y = this.#sortKeys[b] || this.#makeSortKey(b);
    return x < y ? -1 : x > y ? 1 : 0;
  };

  #makeSortKey(row: number): string {
    const key = this.#names.naturalKey(this.nameOf(row));
    this.#sortKeys[row] = key;
    return key;
  }

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
            this.#classes.at(this.#classOf[a] as number),
            this.#classes.at(this.#classOf[b] as number),
          );
      case 'kind':
        return (a, b) =>
          compareText(
            this.#types.at(this.#typeOf[a] as number),
            this.#types.at(this.#typeOf[b] as number),
          );
      default:
        return assertNever(column);
    }
  }

  #add(
    key: string,
    kind: number,
    size: number,
    modified: number,
    storageClass: number,
  ): void {
    const row = this.#keys.length;
    if (row === this.#sizes.length) this.#grow();
    this.#keys.push(key);
    this.#sortKeys.push('');
    this.#kindOf[row] = kind;
    this.#sizes[row] = size;
    this.#modified[row] = modified;
    this.#classOf[row] = storageClass;
    this.#typeOf[row] =
      kind === FILE_KIND
        ? this.#typeOfFile(key)
        : this.#types.indexOf(describeKind(KINDS[kind] ?? 'file', ''));
  }

  #typeOfFile(key: string): number {
    const dot = key.lastIndexOf('.');
    const ending = dot <= this.prefix.length ? '' : key.slice(dot);
    const known = this.#typeOfEnding.get(ending);
    if (known !== undefined) return known;
    const type = this.#types.indexOf(describeKind('file', `x${ending}`));
    if (this.#typeOfEnding.size < MAX_ENDINGS) this.#typeOfEnding.set(ending, type);
    return type;
  }

  #grow(): void {
    this.#sizes = grown(this.#sizes, (length) => new Float64Array(length));
    this.#modified = grown(this.#modified, (length) => new Float64Array(length));
    this.#classOf = grown(this.#classOf, (length) => new Uint8Array(length));
    this.#typeOf = grown(this.#typeOf, (length) => new Uint16Array(length));
    this.#kindOf = grown(this.#kindOf, (length) => new Uint8Array(length));
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Texts by small numbers. */
class Table {
  readonly #most: number;
  readonly #texts: string[] = [];
  readonly #places = new Map<string, number>();

  /** The highest number. */
  constructor(most: number) {
    this.#most = most;
  }

  at(place: number): string {
    return this.#texts[place] ?? '';
  }

  /** The number of a text, which is added when new. A full table answers with 0. */
  indexOf(text: string): number {
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    if (this.#texts.length > this.#most) return 0;
    this.#places.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }
}
