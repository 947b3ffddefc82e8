import { X } from 'lucide-react';
import { IconButton } from '../../../components/icon-button.tsx';
import { Select, type SelectOption } from '../../../components/select.tsx';
import { TextInput } from '../../../components/text-input.tsx';
import type { Problems } from '../aspect-editor.ts';
import table from '../editor-table.module.css';
import { EditorRow, EditorTable } from '../editor-table.tsx';
import styles from './bulk.module.css';
import { changedLine, type NamedLine, withLine } from './named-lines.ts';

const OPS: readonly SelectOption<NamedLine['op']>[] = [
  { value: 'set', label: 'Set', hint: 'Added, or replaced where it is there.' },
  { value: 'remove', label: 'Remove', hint: 'Where it is there.' },
];

/** Names to set and to remove on each object. */
export function NamedLinesTable(props: {
  /** What a line is, such as `tag`. */
  readonly noun: string;
  readonly label: string;
  readonly add: string;
  readonly empty: string;
  readonly lines: readonly NamedLine[];
  readonly problems: Problems;
  readonly onChange: (
    update: (lines: readonly NamedLine[]) => readonly NamedLine[],
  ) => void;
}) {
  const { noun, lines, onChange } = props;
  return (
    <div className={table.frame}>
      <EditorTable
        label={props.label}
        rows={lines.length}
        empty={props.empty}
        problem={props.problems.get(noun)}
        add={props.add}
        onAdd={() => onChange(withLine)}
      >
        {lines.map((line, index) => (
          <Line
            key={line.id}
            line={line}
            noun={noun}
            number={index + 1}
            problems={props.problems}
            onChange={(change) => onChange((now) => changedLine(now, line.id, change))}
            onRemove={() => onChange((now) => now.filter(({ id }) => id !== line.id))}
          />
        ))}
      </EditorTable>
    </div>
  );
}

function Line(props: {
  readonly line: NamedLine;
  readonly noun: string;
  readonly number: number;
  readonly problems: Problems;
  readonly onChange: (change: Partial<Omit<NamedLine, 'id'>>) => void;
  readonly onRemove: () => void;
}) {
  const { line, noun, number, onChange } = props;
  const name = props.problems.get(`name:${line.id}`);
  const value = props.problems.get(`value:${line.id}`);
  const errorId = `${noun}-line-${line.id}-error`;
  const wrong = { 'aria-invalid': true, 'aria-describedby': errorId } as const;
  return (
    <EditorRow errorId={errorId} problem={name ?? value}>
      <div className={styles.cells}>
        <Select
          label={`What is done with ${noun} ${number}`}
          value={line.op}
          options={OPS}
          onChange={(op) => onChange({ op })}
        />
        <TextInput
          {...(name === undefined ? {} : wrong)}
          data-first
          aria-label={`Name of ${noun} ${number}`}
          placeholder="Name"
          value={line.name}
          onChange={(typed) => onChange({ name: typed })}
        />
        {line.op === 'set' ? (
          <TextInput
            {...(value === undefined ? {} : wrong)}
            aria-label={`Value of ${noun} ${number}`}
            placeholder="Value"
            value={line.value}
            onChange={(typed) => onChange({ value: typed })}
          />
        ) : (
          <span className={styles.whatever}>whatever its value</span>
        )}
        <IconButton
          size="small"
          label={`Leave out ${noun} ${number}`}
          icon={<X size={14} aria-hidden="true" />}
          onClick={props.onRemove}
        />
      </div>
    </EditorRow>
  );
}
