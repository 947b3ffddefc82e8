import { useState } from 'react';
import { TextArea } from '../../components/text-area.tsx';
import styles from './rule-card.module.css';

/** A list of texts, one on each line. */
export function TextList({
  values,
  onChange,
  placeholder,
  readOnly,
}: {
  readonly values: readonly string[];
  readonly onChange: (values: string[]) => void;
  readonly placeholder: string;
  readonly readOnly: boolean;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  // Empty lines while one types are no values; what comes from elsewhere replaces them.
  const current = typed !== null && sameTexts(split(typed), values) ? typed : null;
  return (
    <TextArea
      rows={2}
      className={styles.list}
      placeholder={placeholder}
      readOnly={readOnly}
      value={current ?? values.join('\n')}
      onChange={(text) => {
        setTyped(text);
        onChange(split(text));
      }}
    />
  );
}

function split(text: string): string[] {
  return text.split(/[\n,]/).flatMap((line) => {
    const value = line.trim();
    return value === '' ? [] : [value];
  });
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
