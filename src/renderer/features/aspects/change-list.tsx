import { TriangleAlert } from 'lucide-react';
import { Banner } from '../../components/banner.tsx';
import { classes } from '../../components/classes.ts';
import { VisuallyHidden } from '../../components/visually-hidden.tsx';
import type { ChangeLine, Consequence } from './aspect-editor.ts';
import styles from './change-list.module.css';

/** What changes, line by line: what goes in red with −, what comes in green with +, what only moves with ↕. */
export function ChangeList({
  label,
  changes,
}: {
  readonly label: string;
  readonly changes: readonly ChangeLine[];
}) {
  return (
    <ul aria-label={label} className={styles.list}>
      {changes.map((change, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- labels may repeat
        <li key={`${index} ${change.label}`} className={styles.change}>
          {change.kind === 'moved' && (
            <Line sign="↕" word="Moved" tone="moved" label={change.label}>
              {change.value}
            </Line>
          )}
          {(change.kind === 'removed' || change.kind === 'changed') && (
            <Line sign="−" word="Removed" tone="removed" label={change.label}>
              {change.before}
            </Line>
          )}
          {(change.kind === 'added' || change.kind === 'changed') && (
            <Line sign="+" word="Added" tone="added" label={change.label}>
              {change.after}
            </Line>
          )}
        </li>
      ))}
    </ul>
  );
}

function Line(props: {
  readonly sign: string;
  readonly word: string;
  readonly tone: 'added' | 'removed' | 'moved';
  readonly label: string;
  readonly children: string;
}) {
  return (
    <div className={classes(styles.line, styles[props.tone])}>
      <span aria-hidden="true" className={styles.sign}>
        {props.sign}
      </span>
      <VisuallyHidden>{props.word}: </VisuallyHidden>
      <span className={styles.text}>
        {props.label !== '' && (
          <span className={styles.label}>
            {props.label}
            {props.children !== '' && ': '}
          </span>
        )}
        {props.children}
      </span>
    </div>
  );
}

/** What a change brings with it. */
export function Consequences({ items }: { readonly items: readonly Consequence[] }) {
  return items.map(({ tone, text }) =>
    tone === 'danger' ? (
      <div key={text} className={styles.danger}>
        <TriangleAlert size={16} aria-hidden="true" />
        <p>{text}</p>
      </div>
    ) : (
      <Banner key={text} tone={tone}>
        {text}
      </Banner>
    ),
  );
}
