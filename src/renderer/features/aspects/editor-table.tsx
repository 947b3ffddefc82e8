import { Plus } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from '../../components/button.tsx';
import table from './editor-table.module.css';

/**
 * Lines one types in, one under the other, with what is wrong with all of them and a button
 * for one more. A new line is typed in at once: its first field has `data-first`.
 */
export function EditorTable(props: {
  /** Of the list. */
  readonly label: string;
  /** Heads of the columns; absent: the fields say what they are. */
  readonly columns?: readonly string[];
  readonly rows: number;
  /** What is said where there is no line. */
  readonly empty: string;
  /** What is wrong with all of them. */
  readonly problem?: string | undefined;
  readonly readOnly?: boolean;
  readonly add: string;
  /** No more fit. */
  readonly full?: boolean;
  /** Beside the button, such as how many there are. */
  readonly count?: string;
  readonly onAdd: () => void;
  /** A {@link EditorRow} for each line. */
  readonly children: ReactNode;
}) {
  const { rows, columns, problem } = props;
  const list = useRef<HTMLUListElement>(null);
  const known = useRef(rows);
  useEffect(() => {
    if (rows > known.current) {
      const firsts = list.current?.querySelectorAll<HTMLElement>('[data-first]');
      firsts?.[firsts.length - 1]?.focus();
    }
    known.current = rows;
  }, [rows]);
  return (
    <>
      {rows === 0 ? (
        <p className={table.empty}>{props.empty}</p>
      ) : (
        <div className={table.table}>
          {columns !== undefined && (
            <div className={table.header} aria-hidden="true">
              {columns.map((column) => (
                <span key={column}>{column}</span>
              ))}
            </div>
          )}
          <ul ref={list} aria-label={props.label} className={table.rows}>
            {props.children}
          </ul>
        </div>
      )}
      <div aria-live="polite">
        {problem !== undefined && <p className={table.error}>{problem}</p>}
      </div>
      {props.readOnly !== true && (
        <div className={table.buttons}>
          <Button
            icon={<Plus size={14} aria-hidden="true" />}
            disabled={props.full ?? false}
            onClick={props.onAdd}
          >
            {props.add}
          </Button>
          {props.count !== undefined && (
            <span className={table.count}>{props.count}</span>
          )}
        </div>
      )}
    </>
  );
}

/** A line of an {@link EditorTable}: its fields, and under them what is wrong. */
export function EditorRow(props: {
  /** What its fields refer to with `aria-describedby`. */
  readonly errorId: string;
  readonly problem: string | undefined;
  readonly children: ReactNode;
}) {
  return (
    <li className={table.row}>
      {props.children}
      <div aria-live="polite">
        {props.problem !== undefined && (
          <p id={props.errorId} className={table.error}>
            {props.problem}
          </p>
        )}
      </div>
    </li>
  );
}
