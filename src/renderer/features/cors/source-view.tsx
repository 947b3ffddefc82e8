import { CircleAlert, TriangleAlert } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { checkCors, lineOfProblem } from '../../../shared/domain/cors/check-rules.ts';
import { Button } from '../../components/button.tsx';
import { classes } from '../../components/classes.ts';
import { Select } from '../../components/select.tsx';
import type { FormProps } from '../aspects/aspect-editor.ts';
import {
  type CorsDraft,
  readAs,
  type TextView,
  textOf,
  withoutText,
  withShape,
  withText,
} from './cors-draft.ts';
import styles from './source-view.module.css';

/** Something to say of a line. */
interface LineNote {
  readonly severity: 'error' | 'warning';
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

const SHAPES = [
  {
    value: 'json',
    label: '{"CORSRules": […]}',
    hint: 'As the AWS CLI takes and prints it.',
  },
  { value: 'list', label: '[…]', hint: 'The bare list, as in Amazon’s console.' },
] as const;

/** Height of a line, as in the style sheet. */
const LINE = 18;
/** Lines that the frame holds at its highest, with those cut at its edges. */
const LINES_IN_VIEW = 26;

/** Notes shown at most; the others follow when these are done. */
const MOST_NOTES = 20;

/** The rules as JSON or XML, with line numbers and what is wrong in which line. */
export function SourceView({
  view,
  draft,
  onChange,
  readOnly,
}: Pick<FormProps<CorsDraft>, 'draft' | 'onChange' | 'readOnly'> & {
  readonly view: TextView;
}) {
  const area = useRef<HTMLTextAreaElement>(null);
  const [scrolled, setScrolled] = useState(0);
  const text = textOf(draft, view);
  const notes = notesOf(view, text);
  const wrong = new Set(
    notes.filter(({ severity }) => severity === 'error').map(({ line }) => line),
  );
  const { stuck } = draft;
  const [first] = notes;

  function go({ line, column }: LineNote): void {
    const element = area.current;
    if (element === null) return;
    const lines = element.value.split('\n');
    const start = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
    const end = start + (lines[line - 1]?.length ?? 0);
    element.focus();
    element.setSelectionRange(Math.min(start + column - 1, end), end);
    element.scrollTop = Math.max(0, (line - 4) * LINE);
  }

  // One is led to the first problem when one is held here, not while one types.
  const lead = useRef<() => void>(() => undefined);
  useEffect(() => {
    lead.current = () => {
      if (first !== undefined) go(first);
    };
  });
  useEffect(() => {
    if (stuck) lead.current();
  }, [stuck, lead]);

  const count = text.split('\n').length;
  // Only the numbers of lines in view: a file may have very many.
  const above = Math.min(Math.floor(scrolled / LINE), count - 1);
  const numbers = Array.from(
    { length: Math.min(LINES_IN_VIEW, count - above) },
    (_each, index) => above + index + 1,
  );
  const name = view === 'xml' ? 'XML' : 'JSON';
  return (
    <div className={styles.view}>
      {stuck && draft.broken.length > 0 && (
        <div role="alert" className={styles.stuck}>
          <CircleAlert size={16} aria-hidden="true" />
          <p>
            This text cannot be shown another way yet: see below what is wrong. Nothing of
            it is lost.
          </p>
          <Button onClick={() => onChange(withoutText)}>Discard the Text</Button>
        </div>
      )}
      <div className={classes(styles.frame, wrong.size > 0 && styles.invalid)}>
        <div className={styles.gutter} aria-hidden="true">
          <div style={{ transform: `translateY(${above * LINE - scrolled}px)` }}>
            {numbers.map((line) => (
              <div
                key={line}
                className={classes(styles.number, wrong.has(line) && styles.wrong)}
              >
                {line}
              </div>
            ))}
          </div>
          {/* As wide as the last number is. */}
          <div className={styles.width}>{count}</div>
        </div>
        <textarea
          ref={area}
          aria-label={`Rules as ${name}`}
          aria-invalid={wrong.size > 0 ? true : undefined}
          aria-describedby={notes.length > 0 ? `cors-${view}-notes` : undefined}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          wrap="off"
          readOnly={readOnly}
          className={styles.area}
          value={text}
          onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}
          onChange={(event) => {
            const typed = event.target.value;
            onChange((now) => withText(now, view, typed));
          }}
        />
      </div>
      <div aria-live="polite">
        {notes.length > 0 && (
          <ul id={`cors-${view}-notes`} className={styles.notes} aria-label="Problems">
            {notes.slice(0, MOST_NOTES).map((note) => (
              <li key={`${note.line}:${note.column}:${note.message}`}>
                <button
                  type="button"
                  className={classes(styles.note, styles[note.severity])}
                  onClick={() => go(note)}
                >
                  {note.severity === 'error' ? (
                    <CircleAlert size={13} aria-hidden="true" />
                  ) : (
                    <TriangleAlert size={13} aria-hidden="true" />
                  )}
                  <span className={styles.where}>Line {note.line}</span>
                  <span>{note.message}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
      {view === 'json' && draft.broken.length === 0 && (
        <div className={styles.shape}>
          <span>Written as</span>
          <Select
            label="Written as"
            className={styles.shapes ?? ''}
            value={draft.shape}
            options={SHAPES}
            onChange={(shape) => onChange((now) => withShape(now, shape))}
          />
        </div>
      )}
    </div>
  );
}

function notesOf(view: TextView, text: string): readonly LineNote[] {
  const found = readAs(view, text);
  if (!found.ok) {
    return found.problems.map((problem) => ({ ...problem, severity: 'error' }));
  }
  return checkCors(found.rules)
    .map((problem) => ({
      severity: problem.severity,
      line: lineOfProblem(problem, found.lines),
      column: 1,
      message:
        problem.rule === null
          ? problem.message
          : `Rule ${problem.rule + 1}: ${problem.message}`,
    }))
    .toSorted((a, b) => a.line - b.line);
}
