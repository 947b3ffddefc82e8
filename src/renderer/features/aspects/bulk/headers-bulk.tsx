import { Checkbox } from '../../../components/checkbox.tsx';
import { Field } from '../../../components/field.tsx';
import { Select, type SelectOption } from '../../../components/select.tsx';
import { SuggestInput } from '../../../components/suggest-input.tsx';
import table from '../editor-table.module.css';
import { headerSuggestions } from '../headers/header-suggestions.ts';
import { useOneLinePaste } from '../headers/headers-form.tsx';
import { HEADER_FIELDS, settledDate } from '../headers/headers-model.ts';
import styles from './bulk.module.css';
import type { BulkEditor, BulkFormProps } from './bulk-editor.ts';
import {
  type HeaderOp,
  type HeadersBulk,
  headersBulkChanges,
  headersBulkProblems,
  headersChange,
  NO_HEADERS,
} from './headers-bulk-model.ts';
import { NamedLinesTable } from './named-lines-table.tsx';

const OPS: readonly SelectOption<HeaderOp>[] = [
  { value: 'keep', label: 'Keep' },
  { value: 'set', label: 'Set' },
  { value: 'remove', label: 'Remove' },
];
const TYPE_OPS: readonly SelectOption<HeaderOp>[] = [
  { value: 'keep', label: 'Keep' },
  { value: 'set', label: 'Set' },
  { value: 'by-name', label: 'By extension', hint: 'The usual type of .html, .png, …' },
];

const OP_WORDS: Readonly<Record<Exclude<HeaderOp, 'set'>, string>> = {
  keep: 'Stays as it is',
  remove: 'Removed',
  'by-name': 'By the extension of each name',
};

/** Changes the headers and the metadata of many objects. */
export const HEADERS_BULK: BulkEditor<HeadersBulk> = {
  title: 'Change Headers and Metadata',
  initial: NO_HEADERS,
  problems: headersBulkProblems,
  changeOf: headersChange,
  changes: headersBulkChanges,
  consequences: ({ mayResetAcl }) => [
    ...(mayResetAcl
      ? [
          {
            tone: 'warning',
            text: 'Where these keys may not read who may read an object, only its owner may after the change, unless a policy of the bucket lets others in.',
          } as const,
        ]
      : []),
    {
      tone: 'info',
      text: 'Each object is copied onto itself on the server. Content, permissions, tags, class and encryption stay as they are; the time of the last change becomes today’s.',
    },
  ],
  Form: HeadersBulkForm,
};

function HeadersBulkForm({ draft, onChange, problems }: BulkFormProps<HeadersBulk>) {
  const { notice, onPaste } = useOneLinePaste();
  return (
    <div className={styles.form} onPasteCapture={onPaste}>
      <div className={styles.headers}>
        {HEADER_FIELDS.map(({ field, header, placeholder }) => {
          const choice = draft.headers[field];
          const change = (next: Partial<typeof choice>): void =>
            onChange((now) => ({
              ...now,
              headers: { ...now.headers, [field]: { ...now.headers[field], ...next } },
            }));
          return (
            <div key={field} className={styles.header}>
              <Field label={header} error={problems.get(field)}>
                <SuggestInput
                  value={choice.op === 'set' ? choice.value : ''}
                  placeholder={choice.op === 'set' ? placeholder : OP_WORDS[choice.op]}
                  suggestions={headerSuggestions(field, '')}
                  // Who types a value wants it set.
                  onChange={(value) => change({ op: 'set', value })}
                  {...(field === 'expires' && choice.op === 'set'
                    ? { onBlur: () => change({ value: settledDate(choice.value) }) }
                    : {})}
                />
              </Field>
              <Select
                label={`What is done with ${header}`}
                value={choice.op}
                options={field === 'contentType' ? TYPE_OPS : OPS}
                onChange={(op) => change({ op })}
              />
            </div>
          );
        })}
      </div>
      <div className={styles.block}>
        <h3 className={styles.heading}>Metadata (x-amz-meta-…)</h3>
        <NamedLinesTable
          noun="metadata"
          label="Metadata"
          add="Add Metadata"
          empty="No metadata to set or remove."
          lines={draft.metadata}
          problems={problems}
          onChange={(update) =>
            onChange((now) => ({ ...now, metadata: update(now.metadata) }))
          }
        />
        <Checkbox
          label="Remove all other metadata"
          checked={draft.replace}
          onChange={(replace) => onChange((now) => ({ ...now, replace }))}
        />
        <Checkbox
          label="Also change objects whose permissions these keys may not read"
          checked={draft.mayResetAcl}
          onChange={(mayResetAcl) => onChange((now) => ({ ...now, mayResetAcl }))}
        />
        <div aria-live="polite">
          {notice !== null && <p className={table.error}>{notice}</p>}
        </div>
      </div>
    </div>
  );
}
