import { X } from 'lucide-react';
import { IconButton } from '../../../components/icon-button.tsx';
import { TextInput } from '../../../components/text-input.tsx';
import type { Problems } from '../aspect-editor.ts';
import table from '../editor-table.module.css';
import { EditorRow, EditorTable } from '../editor-table.tsx';
import styles from './headers-form.module.css';
import type { MetadataRow } from './headers-model.ts';

/** User metadata, name and value, one under the other. */
export function MetadataTable(props: {
  readonly rows: readonly MetadataRow[];
  /** Shown before each name. */
  readonly prefix: string;
  readonly problems: Problems;
  readonly readOnly: boolean;
  readonly empty: string;
  readonly count: string;
  readonly onType: (
    id: number,
    typed: { readonly name?: string; readonly value?: string },
  ) => void;
  readonly onRemove: (id: number) => void;
  readonly onAdd: () => void;
}) {
  const { rows, problems, readOnly } = props;
  return (
    <EditorTable
      label="Metadata"
      columns={['Header', 'Value']}
      rows={rows.length}
      empty={props.empty}
      problem={problems.get('metadata')}
      readOnly={readOnly}
      add="Add Metadata"
      count={props.count}
      onAdd={props.onAdd}
    >
      {rows.map((row, index) => {
        const name = problems.get(`name:${row.id}`);
        const value = problems.get(`value:${row.id}`);
        const errorId = `metadata-${row.id}-error`;
        const wrong = { 'aria-invalid': true, 'aria-describedby': errorId } as const;
        return (
          <EditorRow key={row.id} errorId={errorId} problem={name ?? value}>
            <div className={table.cells}>
              <span className={styles.name}>
                <span className={styles.prefix} aria-hidden="true">
                  {props.prefix}
                </span>
                <TextInput
                  {...(name === undefined ? {} : wrong)}
                  data-first
                  aria-label={`Name of metadata ${index + 1}`}
                  placeholder="author"
                  value={row.name}
                  readOnly={readOnly}
                  onChange={(typed) => props.onType(row.id, { name: typed })}
                />
              </span>
              <TextInput
                {...(value === undefined ? {} : wrong)}
                aria-label={`Value of metadata ${index + 1}`}
                value={row.value}
                readOnly={readOnly}
                onChange={(typed) => props.onType(row.id, { value: typed })}
              />
              {readOnly ? (
                <span />
              ) : (
                <IconButton
                  size="small"
                  label={`Remove metadata ${index + 1}`}
                  icon={<X size={14} aria-hidden="true" />}
                  onClick={() => props.onRemove(row.id)}
                />
              )}
            </div>
          </EditorRow>
        );
      })}
    </EditorTable>
  );
}
