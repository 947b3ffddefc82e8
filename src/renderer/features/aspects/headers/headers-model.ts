import type { ObjectHeaders } from '../../../../shared/domain/aspects.ts';
import type { Problem } from '../aspect-editor.ts';

/** Most bytes of all names and values together. https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html */
export const MOST_METADATA_BYTES = 2_048;
/** What the names of metadata begin with in HTTP. */
export const METADATA_PREFIX = 'x-amz-meta-';

/** A header the sheet has a field for. */
export type HeaderField = Exclude<keyof ObjectHeaders, 'metadata'>;

/** The headers in their order, as HTTP calls them. */
export const HEADER_FIELDS: readonly {
  readonly field: HeaderField;
  readonly header: string;
  /** In small letters, as a change of many objects names it. */
  readonly key: string;
  readonly placeholder: string;
}[] = [
  {
    field: 'contentType',
    header: 'Content-Type',
    key: 'content-type',
    placeholder: 'text/html; charset=utf-8',
  },
  {
    field: 'contentDisposition',
    header: 'Content-Disposition',
    key: 'content-disposition',
    placeholder: 'attachment; filename="report.pdf"',
  },
  {
    field: 'cacheControl',
    header: 'Cache-Control',
    key: 'cache-control',
    placeholder: 'max-age=3600',
  },
  {
    field: 'contentEncoding',
    header: 'Content-Encoding',
    key: 'content-encoding',
    placeholder: 'gzip',
  },
  {
    field: 'contentLanguage',
    header: 'Content-Language',
    key: 'content-language',
    placeholder: 'en',
  },
  {
    field: 'expires',
    header: 'Expires',
    key: 'expires',
    placeholder: 'Wed, 21 Oct 2026 07:28:00 GMT',
  },
];

/** A line of user metadata as it is typed. */
export interface MetadataRow {
  readonly id: number;
  /** Without `x-amz-meta-`. */
  readonly name: string;
  readonly value: string;
}

/** Headers as they are typed. */
export interface HeadersDraft {
  readonly headers: Readonly<Record<HeaderField, string>>;
  readonly metadata: readonly MetadataRow[];
}

/** Headers to type in. */
export function headersDraft({ metadata, ...headers }: ObjectHeaders): HeadersDraft {
  return { headers, metadata: metadata.map((entry, id) => ({ id, ...entry })) };
}

/** The headers of a draft; lines nobody typed in are none. */
export function headersOf({ headers, metadata }: HeadersDraft): ObjectHeaders {
  return {
    ...headers,
    metadata: metadata
      .filter(({ name, value }) => name !== '' || value !== '')
      .map(({ name, value }) => ({ name: bareName(name), value })),
  };
}

/** A name without the prefix that people paste with it, in small letters as S3 keeps it. */
export function bareName(name: string): string {
  const small = name.trim().toLowerCase();
  return small.startsWith(METADATA_PREFIX) ? small.slice(METADATA_PREFIX.length) : small;
}

/** A draft with a header typed in. */
export function withHeader(
  draft: HeadersDraft,
  field: HeaderField,
  value: string,
): HeadersDraft {
  return { ...draft, headers: { ...draft.headers, [field]: value } };
}

/** A draft with a line of metadata typed in. */
export function withMetadata(
  draft: HeadersDraft,
  id: number,
  typed: { readonly name?: string; readonly value?: string },
): HeadersDraft {
  return {
    ...draft,
    metadata: draft.metadata.map((row) => (row.id === id ? { ...row, ...typed } : row)),
  };
}

/** A draft with one more line of metadata. */
export function withMetadataRow(draft: HeadersDraft): HeadersDraft {
  const id = Math.max(-1, ...draft.metadata.map((row) => row.id)) + 1;
  return { ...draft, metadata: [...draft.metadata, { id, name: '', value: '' }] };
}

/** A draft without a line of metadata. */
export function withoutMetadata(draft: HeadersDraft, id: number): HeadersDraft {
  return { ...draft, metadata: draft.metadata.filter((row) => row.id !== id) };
}

/** A date as HTTP writes it, out of what people write; unreadable text stays as it is. */
export function settledDate(typed: string): string {
  const text = typed.trim();
  // A date without a time zone is meant as in the headers: in UTC.
  const plain = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?$/.test(text);
  const time = Date.parse(
    plain && text.length > 10 ? `${text.replace(' ', 'T')}Z` : text,
  );
  return Number.isNaN(time) ? typed : new Date(time).toUTCString();
}

/** What is wrong with a header's value; `null`: nothing. */
export function headerProblem(field: HeaderField, value: string): string | null {
  if (value === '') return null;
  const controls = controlProblem(value);
  if (controls !== null) return controls;
  if (!/^[\x20-\x7e]*$/.test(value)) {
    return field === 'contentDisposition'
      ? "Only ASCII is allowed: write other letters as filename*=UTF-8''na%C3%AFve.txt."
      : 'Only ASCII is allowed here: no accents, no typographic quotes.';
  }
  switch (field) {
    case 'contentType':
      return /^[\w!#$&^.+-]+\/[\w!#$&^.+*-]+\s*(?:;.*)?$/.test(value)
        ? null
        : 'Write a type and a subtype, such as image/png or text/html; charset=utf-8.';
    case 'contentDisposition':
      return /^[\w!#$%&'*+.^`|~-]+\s*(?:;.*)?$/.test(value)
        ? null
        : 'Begin with attachment or inline, such as attachment; filename="report.pdf".';
    case 'expires':
      return Number.isNaN(Date.parse(value))
        ? 'Write a date, such as 2026-10-21 or Wed, 21 Oct 2026 07:28:00 GMT.'
        : null;
    default:
      return null;
  }
}

/** Line breaks would begin another header; no header takes other control characters. */
function controlProblem(value: string): string | null {
  if (/[\r\n]/.test(value)) return 'A header is one line: remove the line break.';
  // oxlint-disable-next-line no-control-regex -- control characters are the point
  return /[\u0000-\u001f\u007f]/.test(value)
    ? 'Remove the control character, such as a tab.'
    : null;
}

/** What is wrong with a name of metadata; `null`: nothing. */
export function nameProblem(name: string): string | null {
  const bare = bareName(name);
  if (bare === '') return 'Enter a name.';
  const wrong = Array.from(bare).find(
    (letter) => !/[!#$%&'*+\-.^_`|~0-9a-z]/.test(letter),
  );
  if (wrong === undefined) return null;
  const shown = /[\p{C}\p{Z}]/u.test(wrong) ? 'A space' : `“${wrong}”`;
  return `${shown} cannot be in a name: use letters, digits, hyphens and underscores.`;
}

/** Bytes that user metadata counts: names and values in UTF-8. */
export function metadataBytes(
  metadata: readonly { readonly name: string; readonly value: string }[],
): number {
  const encoder = new TextEncoder();
  return metadata.reduce(
    (sum, { name, value }) =>
      sum + encoder.encode(bareName(name)).length + encoder.encode(value).length,
    0,
  );
}

/** What is wrong with lines of metadata. */
export function metadataProblems(rows: readonly MetadataRow[]): readonly Problem[] {
  const used = rows.filter(({ name, value }) => name !== '' || value !== '');
  const problems = used.flatMap((row): Problem[] => {
    const name = nameProblem(row.name);
    const value = controlProblem(row.value);
    const twice = used.some(
      (other) => other.id < row.id && bareName(other.name) === bareName(row.name),
    );
    return [
      ...(name === null
        ? []
        : [{ field: `name:${row.id}`, message: name, missing: row.name === '' }]),
      ...(name === null && twice
        ? [
            {
              field: `name:${row.id}`,
              message: 'There is metadata of this name already.',
            },
          ]
        : []),
      ...(value === null ? [] : [{ field: `value:${row.id}`, message: value }]),
    ];
  });
  const bytes = metadataBytes(used);
  if (bytes > MOST_METADATA_BYTES) {
    problems.push({
      field: 'metadata',
      message: `All names and values together have at most 2,048 bytes; these have ${bytes}.`,
    });
  }
  return problems;
}

/** What is wrong with a draft. */
export function headersProblems(draft: HeadersDraft): readonly Problem[] {
  return [
    ...HEADER_FIELDS.flatMap(({ field }): Problem[] => {
      const message = headerProblem(field, draft.headers[field]);
      return message === null ? [] : [{ field, message }];
    }),
    ...metadataProblems(draft.metadata),
  ];
}

/** Headers as HTTP writes them, name and value; those that are not set are left out. */
export function headerEntries(
  value: ObjectHeaders,
): readonly (readonly [string, string])[] {
  return [
    ...HEADER_FIELDS.flatMap(({ field, header }) =>
      value[field] === '' ? [] : [[header, value[field]] as const],
    ),
    ...value.metadata.map(
      (entry) => [`${METADATA_PREFIX}${entry.name}`, entry.value] as const,
    ),
  ];
}
