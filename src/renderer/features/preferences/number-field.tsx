import { useState } from 'react';
import { Field } from '../../components/field.tsx';
import { TextInput } from '../../components/text-input.tsx';
import styles from './preferences-dialog.module.css';

/** Props of {@link NumberField}. */
export interface NumberFieldProps {
  readonly label: string;
  /** What is counted, after the field. */
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
  /** Called with valid numbers only. */
  readonly onChange: (value: number) => void;
}

/** A whole number that takes effect as soon as it is valid. */
export function NumberField({
  label,
  unit,
  min,
  max,
  value,
  onChange,
}: NumberFieldProps) {
  // Half-typed text lives here; what is valid goes out at once.
  const [text, setText] = useState<string | null>(null);
  const shown = text ?? String(value);
  const number = Number(shown);
  const isValid = /^\d+$/.test(shown.trim()) && number >= min && number <= max;
  return (
    <Field
      label={label}
      {...(isValid ? {} : { error: `Enter a whole number from ${min} to ${max}.` })}
    >
      <span className={styles.number}>
        <TextInput
          inputMode="numeric"
          value={shown}
          onChange={(next) => {
            setText(next);
            const parsed = Number(next);
            if (/^\d+$/.test(next.trim()) && parsed >= min && parsed <= max) {
              onChange(parsed);
            }
          }}
          onBlur={() => {
            if (isValid) setText(null);
          }}
        />
        <span>{unit}</span>
      </span>
    </Field>
  );
}
