import type { Place, Tag } from '../../../../shared/domain/aspects.ts';
import type { Problem } from '../aspect-editor.ts';

/** Most tags of an object. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
export const MOST_OBJECT_TAGS = 10;
/** Most tags of a bucket. https://docs.aws.amazon.com/AmazonS3/latest/userguide/CostAllocTagging.html */
export const MOST_BUCKET_TAGS = 50;
/** UTF-16 units of a key. */
const LONGEST_KEY = 128;
/** UTF-16 units of a value. */
const LONGEST_VALUE = 256;
/** What Amazon allows in keys and values, in any script. */
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** A tag as it is typed. */
export interface TagRow {
  /** Tells rows from each other, also while they are equal. */
  readonly id: number;
  readonly key: string;
  readonly value: string;
  /** What it was on the server: that is never complained of. */
  readonly original: Tag | null;
}

/** Tags as they are typed. */
export interface TagsDraft {
  readonly rows: readonly TagRow[];
}

/** Most tags of a place. */
export function mostTags(place: Pick<Place, 'key'>): number {
  return place.key === null ? MOST_BUCKET_TAGS : MOST_OBJECT_TAGS;
}

/** Tags as rows to type in: where there are none, a blank one. */
export function tagsDraft(tags: readonly Tag[]): TagsDraft {
  if (tags.length === 0) return withRow({ rows: [] });
  return { rows: tags.map((tag, id) => ({ id, ...tag, original: tag })) };
}

/** The rows that somebody typed in, or that the server had. */
export function usedRows({ rows }: TagsDraft): readonly TagRow[] {
  return rows.filter((row) => row.key !== '' || row.value !== '');
}

/** The tags of a draft; rows nobody typed in are none. */
export function tagsOf(draft: TagsDraft): Tag[] {
  return usedRows(draft).map(({ key, value }) => ({ key, value }));
}

/** A draft with one more row. */
export function withRow(
  { rows }: TagsDraft,
  tag: Tag = { key: '', value: '' },
): TagsDraft {
  const id = Math.max(-1, ...rows.map((row) => row.id)) + 1;
  return { rows: [...rows, { id, ...tag, original: null }] };
}

/** A draft without a row. */
export function withoutRow({ rows }: TagsDraft, id: number): TagsDraft {
  return { rows: rows.filter((row) => row.id !== id) };
}

/** A draft with a row typed in. */
export function withTyped(
  { rows }: TagsDraft,
  id: number,
  typed: Partial<Tag>,
): TagsDraft {
  return { rows: rows.map((row) => (row.id === id ? { ...row, ...typed } : row)) };
}

/** Whether it is one the cloud itself set: those cannot be changed or removed. */
export function isSystemTag(row: TagRow): boolean {
  return row.original !== null && row.original.key.startsWith('aws:');
}

/** What is wrong with a draft; `most` is how many tags there may be. */
export function tagProblems(draft: TagsDraft, most: number): readonly Problem[] {
  const rows = usedRows(draft);
  const problems = rows.flatMap((row) => rowProblems(row, rows));
  // The system's own do not count. https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
  const own = rows.filter((row) => !isSystemTag(row)).length;
  if (own > most) {
    problems.push({
      field: 'list',
      message: `At most ${most} tags are allowed here: remove ${own - most}.`,
    });
  }
  return problems;
}

function rowProblems(row: TagRow, rows: readonly TagRow[]): Problem[] {
  const problems: Problem[] = [];
  const key = (message: string, missing = false): void => {
    problems.push({ field: `key:${row.id}`, message, missing });
  };
  if (row.key === '') key('Enter a name for this value.', true);
  if (
    rows.some((other) => other.id < row.id && other.key === row.key && row.key !== '')
  ) {
    key('There is a tag of this name already.');
  }
  if (row.key !== row.original?.key) {
    if (/^aws:/i.test(row.key)) key('Names that begin with “aws:” are reserved.');
    if (row.key.length > LONGEST_KEY) {
      key(`At most ${LONGEST_KEY} characters; these are ${row.key.length}.`);
    }
    if (!ALLOWED.test(row.key)) key(notAllowed(row.key));
  }
  if (row.value !== row.original?.value) {
    const value = (message: string): void => {
      problems.push({ field: `value:${row.id}`, message });
    };
    if (row.value.length > LONGEST_VALUE) {
      value(`At most ${LONGEST_VALUE} characters; these are ${row.value.length}.`);
    }
    if (!ALLOWED.test(row.value)) value(notAllowed(row.value));
  }
  return problems;
}

function notAllowed(text: string): string {
  const wrong = Array.from(text).find((character) => !ALLOWED.test(character)) ?? '';
  const shown = /\p{C}/u.test(wrong) ? 'A control character' : `“${wrong}”`;
  return `${shown} is not allowed: use letters, digits, spaces and + - = . _ : / @`;
}

/** Tags as names and values, for comparing. */
export function tagEntries(tags: readonly Tag[]): readonly (readonly [string, string])[] {
  return tags.map(({ key, value }) => [key, value] as const);
}
