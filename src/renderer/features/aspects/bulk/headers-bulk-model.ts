import type { BulkChange } from '../../../../shared/domain/aspects.ts';
import type { ChangeLine, Problem } from '../aspect-editor.ts';
import {
  bareName,
  HEADER_FIELDS,
  type HeaderField,
  headerProblem,
  METADATA_PREFIX,
  metadataProblems,
  nameProblem,
} from '../headers/headers-model.ts';
import { type NamedLine, usedLines } from './named-lines.ts';

/** What is done with a header. */
export type HeaderOp = 'keep' | 'set' | 'remove' | 'by-name';

/** A header and what is done with it. */
export interface HeaderChoice {
  readonly op: HeaderOp;
  readonly value: string;
}

/** Headers and metadata to set and remove on each object. */
export interface HeadersBulk {
  readonly headers: Readonly<Record<HeaderField, HeaderChoice>>;
  readonly metadata: readonly NamedLine[];
  /** Other metadata is removed. */
  readonly replace: boolean;
  /** Objects whose permissions cannot be read become their owner's alone. */
  readonly mayResetAcl: boolean;
}

const KEEP: HeaderChoice = { op: 'keep', value: '' };

/** Nothing is changed. */
export const NO_HEADERS: HeadersBulk = {
  headers: {
    contentType: KEEP,
    contentDisposition: KEEP,
    cacheControl: KEEP,
    contentEncoding: KEEP,
    contentLanguage: KEEP,
    expires: KEEP,
  },
  metadata: [],
  replace: false,
  mayResetAcl: false,
};

/** What is wrong with it. */
export function headersBulkProblems(draft: HeadersBulk): readonly Problem[] {
  const metadata = usedLines(draft.metadata);
  const removed = metadata.filter(({ op }) => op === 'remove');
  return [
    ...HEADER_FIELDS.flatMap(({ field }): Problem[] => {
      const { op, value } = draft.headers[field];
      if (op !== 'set') return [];
      if (value === '') {
        const message = 'Enter a value, or choose Remove.';
        return [{ field, message, missing: true }];
      }
      const message = headerProblem(field, value);
      return message === null ? [] : [{ field, message }];
    }),
    ...metadataProblems(metadata.filter(({ op }) => op === 'set')),
    ...removed.flatMap(({ id, name }): Problem[] => {
      const message =
        nameProblem(name) ??
        (metadata.some(
          (other) => other.id !== id && bareName(other.name) === bareName(name),
        )
          ? 'There is a line for this name already.'
          : null);
      return message === null
        ? []
        : [{ field: `name:${id}`, message, missing: name === '' }];
    }),
  ];
}

/** The change of a draft. */
export function headersChange(draft: HeadersBulk): BulkChange {
  const { headers, metadata, replace, mayResetAcl } = draft;
  const set: Record<string, string> = {};
  for (const { field, key } of HEADER_FIELDS) {
    const { op, value } = headers[field];
    if (op === 'set') set[key] = value;
    if (op === 'remove') set[key] = '';
  }
  const lines = usedLines(metadata);
  return {
    aspect: 'headers',
    set,
    typeByExtension: headers.contentType.op === 'by-name',
    setMetadata: Object.fromEntries(
      lines
        .filter(({ op }) => op === 'set')
        .map((line) => [bareName(line.name), line.value]),
    ),
    removeMetadata: replace
      ? []
      : lines.filter(({ op }) => op === 'remove').map((line) => bareName(line.name)),
    replaceMetadata: replace,
    ...(mayResetAcl ? { mayResetAcl } : {}),
  };
}

/** What it does to each object, as HTTP writes it. */
export function headersBulkChanges(draft: HeadersBulk): readonly ChangeLine[] {
  const { headers, metadata, replace } = draft;
  return [
    ...HEADER_FIELDS.flatMap(({ field, header }): ChangeLine[] => {
      const { op, value } = headers[field];
      if (op === 'set') return [{ kind: 'added', label: header, after: value }];
      if (op === 'remove') return [{ kind: 'removed', label: header, before: '' }];
      if (op === 'keep') return [];
      return [{ kind: 'added', label: header, after: 'by the extension of each name' }];
    }),
    ...(replace
      ? [{ kind: 'removed', label: `All other ${METADATA_PREFIX}*`, before: '' } as const]
      : []),
    ...usedLines(metadata).flatMap((line): ChangeLine[] => {
      const label = METADATA_PREFIX + bareName(line.name);
      if (line.op === 'set') return [{ kind: 'added', label, after: line.value }];
      return replace ? [] : [{ kind: 'removed', label, before: '' }];
    }),
  ];
}
