import path from 'node:path';
import type { GroupId } from '../../../shared/domain/ids.ts';
import type { PlannedRows } from '../database/planned-rows.ts';
import { foldPath, type NameRules, numberedName, safeName } from '../files/safe-name.ts';

/** Where an object goes on this computer. */
export interface LocalName {
  readonly path: string;
  /** The path as the file system compares it; `undefined` for a folder. */
  readonly fold: string | undefined;
  /** The name differs from the object's own. */
  readonly changed: boolean;
}

/** What naming asks of the rows planned so far. */
export type PlannedNames = Pick<PlannedRows, 'foldTaken' | 'foldIsFile'>;

const MAX_FOLDERS = 1_000;
/** Names kept in memory, twice so many: far more than wait for being inserted. */
const MAX_NAMES = 10_000;

/**
 * Gives every key of a download its own local path inside the root. Names that this
 * system cannot have are escaped; names that would meet get a number: `A.txt` and `a.txt`
 * where case does not count, or the object `a` and the folder `a/`.
 */
export class LocalNames {
  readonly #planned: PlannedNames;
  readonly #groupId: GroupId;
  readonly #root: string;
  readonly #rules: NameRules;
  readonly #folders = new Map<string, string>();
  /** Paths given out lately, and their folders; before them, those that came earlier. */
  #files = new Set<string>();
  #parents = new Set<string>();
  #earlierFiles: ReadonlySet<string> = new Set();
  #earlierParents: ReadonlySet<string> = new Set();
  /** Nothing was given out but what is in memory: the table need not be asked. */
  #all: boolean;

  /** `fresh`: nothing of the group is planned yet. */
  constructor(
    planned: PlannedNames,
    groupId: GroupId,
    root: string,
    rules: NameRules,
    fresh = false,
  ) {
    this.#planned = planned;
    this.#groupId = groupId;
    this.#root = path.normalize(root);
    this.#rules = rules;
    this.#all = fresh;
  }

  /** The path for a key relative to the download's base. `empty`: it has no bytes. */
  name(key: string, empty: boolean): LocalName {
    const segments = key.split('/');
    const last = segments.pop() ?? '';
    const folder = this.#folder(segments);
    if (last === '' && empty && segments.length > 0) {
      return { path: folder, fold: undefined, changed: false };
    }
    const safe = safeName(last, this.#rules);
    let name = safe;
    let place = this.#in(folder, name);
    let fold = foldPath(place, this.#rules);
    for (let number = 2; this.#isTaken(fold); number += 1) {
      name = numberedName(safe, number);
      place = this.#in(folder, name);
      fold = foldPath(place, this.#rules);
    }
    this.#makeRoom();
    this.#files.add(fold);
    for (
      let up = path.dirname(fold);
      up.length > this.#root.length;
      up = path.dirname(up)
    ) {
      if (this.#parents.has(up)) break;
      this.#parents.add(up);
    }
    return { path: place, fold, changed: name !== last };
  }

  /** Forgets names that were given out so long ago that they are in the table now. */
  #makeRoom(): void {
    if (this.#files.size < MAX_NAMES) return;
    if (this.#earlierFiles.size > 0) this.#all = false;
    this.#earlierFiles = this.#files;
    this.#earlierParents = this.#parents;
    this.#files = new Set();
    this.#parents = new Set();
  }

  /** A safe name in a folder of ours: nothing is left for `path.join` to put in order. */
  #in(folder: string, name: string): string {
    return folder.endsWith(path.sep) ? folder + name : folder + path.sep + name;
  }

  #isTaken(fold: string): boolean {
    return (
      this.#files.has(fold) ||
      this.#parents.has(fold) ||
      this.#earlierFiles.has(fold) ||
      this.#earlierParents.has(fold) ||
      (!this.#all && this.#planned.foldTaken(this.#groupId, fold, this.#rules.separator))
    );
  }

  #folder(segments: readonly string[]): string {
    if (segments.length === 0) return this.#root;
    const id = segments.join('/');
    const known = this.#folders.get(id);
    if (known !== undefined) return known;
    const parent = this.#folder(segments.slice(0, -1));
    const safe = safeName(segments.at(-1) ?? '', this.#rules);
    let name = safe;
    for (let number = 2; this.#isFile(path.join(parent, name)); number += 1) {
      name = numberedName(safe, number);
    }
    const folder = path.join(parent, name);
    if (this.#folders.size >= MAX_FOLDERS) this.#folders.clear();
    this.#folders.set(id, folder);
    return folder;
  }

  #isFile(place: string): boolean {
    const fold = foldPath(place, this.#rules);
    return (
      this.#files.has(fold) ||
      this.#earlierFiles.has(fold) ||
      (!this.#all && this.#planned.foldIsFile(this.#groupId, fold))
    );
  }
}
