import { Plus, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '../../../components/button.tsx';
import { IconButton } from '../../../components/icon-button.tsx';
import { TextInput } from '../../../components/text-input.tsx';
import type { Problems } from '../aspect-editor.ts';
import table from '../editor-table.module.css';
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
  const list = useRef<HTMLUListElement>(null);
  const known = useRef(rows.length);
  useEffect(() => {
    // A new line is there to be typed in.
    if (rows.length > known.current) {
      const names = list.current?.querySelectorAll<HTMLElement>('input[data-name]');
      names?.[names.length - 1]?.focus();
    }
    known.current = rows.length;
  }, [rows.length]);
  const all = problems.get('metadata');
  return (
    <>
      {rows.length === 0 ? (
        <p className={table.empty}>{props.empty}</p>
      ) : (
        <div className={table.table}>
          <div className={table.header} aria-hidden="true">
            <span>Header</span>
            <span>Value</span>
          </div>
          <ul ref={list} aria-label="Metadata" className={table.rows}>
            {rows.map((row, index) => {
              const name = problems.get(`name:${row.id}`);
              const value = problems.get(`value:${row.id}`);
              const errorId = `metadata-${row.id}-error`;
              const wrong = {
                'aria-invalid': true,
                'aria-describedby': errorId,
              } as const;
              return (
                <li key={row.id} className={table.row}>
                  <div className={table.cells}>
                    <span className={styles.name}>
                      <span className={styles.prefix} aria-hidden="true">
                        {props.prefix}
                      </span>
                      <TextInput
                        {...(name === undefined ? {} : wrong)}
                        data-name
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
                  <div aria-live="polite">
                    {(name ?? value) !== undefined && (
                      <p id={errorId} className={table.error}>
                        {name ?? value}
                      </p>
                    )}
                  </div>
                </li>
              );
            })}
          </ul>
        </div>
      )}
      <div aria-live="polite">
        {all !== undefined && <p className={table.error}>{all}</p>}
      </div>
      {!readOnly && (
        <div className={table.buttons}>
          <Button icon={<Plus size={14} aria-hidden="true" />} onClick={props.onAdd}>
            Add Metadata
          </Button>
          <span className={table.count}>{props.count}</span>
        </div>
      )}
    </>
  );
}
