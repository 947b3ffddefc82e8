import type { ChangeLine, Problem } from '../aspect-editor.ts';
import { MOST_OBJECT_TAGS, tagProblems } from '../tags/tags-model.ts';
import type { BulkEditor } from './bulk-editor.ts';
import { type NamedLine, usedLines } from './named-lines.ts';
import { TagsBulkForm } from './tags-bulk-form.tsx';

/** Tags to set and remove on each object. */
export interface TagsBulk {
  readonly lines: readonly NamedLine[];
  /** Other tags are removed. */
  readonly replace: boolean;
}

/** Changes the tags of many objects. */
export const TAGS_BULK: BulkEditor<TagsBulk> = {
  title: 'Change Tags',
  initial: { lines: [{ id: 0, op: 'set', name: '', value: '' }], replace: false },
  problems: tagsBulkProblems,
  changeOf: ({ lines, replace }) => ({
    aspect: 'tags',
    set: usedLines(lines)
      .filter(({ op }) => op === 'set')
      .map(({ name, value }) => ({ key: name, value })),
    remove: replace
      ? []
      : usedLines(lines)
          .filter(({ op }) => op === 'remove')
          .map(({ name }) => name),
    replace,
  }),
  changes: ({ lines, replace }): readonly ChangeLine[] => [
    ...(replace
      ? [{ kind: 'removed', label: 'All other tags', before: '' } as const]
      : []),
    ...usedLines(lines).flatMap((line): ChangeLine[] => {
      if (line.op === 'set')
        return [{ kind: 'added', label: line.name, after: line.value }];
      return replace ? [] : [{ kind: 'removed', label: line.name, before: '' }];
    }),
  ],
  consequences: ({ lines, replace }) =>
    replace || usedLines(lines).every(({ op }) => op === 'remove')
      ? []
      : [
          {
            tone: 'info',
            text: `An object has at most ${MOST_OBJECT_TAGS} tags. One that would get more stays as it is, and is listed with the errors.`,
          },
        ],
  Form: TagsBulkForm,
};

/** What is wrong with it. */
function tagsBulkProblems({ lines }: TagsBulk): readonly Problem[] {
  const rows = lines.map(({ id, name, value, op }) => ({
    id,
    key: name,
    value: op === 'set' ? value : '',
    original: null,
  }));
  return tagProblems({ rows }, Number.POSITIVE_INFINITY)
    .map(({ field, ...rest }) => ({ ...rest, field: field.replace('key:', 'name:') }))
    .concat(
      usedLines(lines).filter(({ op }) => op === 'set').length > MOST_OBJECT_TAGS
        ? [
            {
              field: 'tag',
              message: `An object has at most ${MOST_OBJECT_TAGS} tags: set fewer.`,
            },
          ]
        : [],
    );
}
