import { Plus, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '../../../components/button.tsx';
import { IconButton } from '../../../components/icon-button.tsx';
import { Select, type SelectOption } from '../../../components/select.tsx';
import { TextInput } from '../../../components/text-input.tsx';
import type { Problems } from '../aspect-editor.ts';
import table from '../editor-table.module.css';
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
  const list = useRef<HTMLUListElement>(null);
  const known = useRef(lines.length);
  useEffect(() => {
    // A new line is there to be typed in.
    if (lines.length > known.current) {
      const names = list.current?.querySelectorAll<HTMLElement>('input[data-name]');
      names?.[names.length - 1]?.focus();
    }
    known.current = lines.length;
  }, [lines.length]);
  const all = props.problems.get(noun);
  return (
    <div className={table.frame}>
      {lines.length === 0 ? (
        <p className={table.empty}>{props.empty}</p>
      ) : (
        <ul ref={list} aria-label={props.label} className={styles.lines}>
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
        </ul>
      )}
      <div aria-live="polite">
        {all !== undefined && <p className={table.error}>{all}</p>}
      </div>
      <div className={table.buttons}>
        <Button
          icon={<Plus size={14} aria-hidden="true" />}
          onClick={() => onChange(withLine)}
        >
          {props.add}
        </Button>
      </div>
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
    <li className={table.row}>
      <div className={styles.cells}>
        <Select
          label={`What is done with ${noun} ${number}`}
          value={line.op}
          options={OPS}
          onChange={(op) => onChange({ op })}
        />
        <TextInput
          {...(name === undefined ? {} : wrong)}
          data-name
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
      <div aria-live="polite">
        {(name ?? value) !== undefined && (
          <p id={errorId} className={table.error}>
            {name ?? value}
          </p>
        )}
      </div>
    </li>
  );
}
