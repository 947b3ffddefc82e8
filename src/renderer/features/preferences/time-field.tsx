import { useState } from 'react';
import { TimeOfDay } from '../../../shared/domain/bandwidth.ts';
import { Field } from '../../components/field.tsx';
import { TextInput } from '../../components/text-input.tsx';
import styles from './preferences-dialog.module.css';

/** Props of {@link TimeField}. */
export interface TimeFieldProps {
  readonly label: string;
  /** `HH:MM`. */
  readonly value: string;
  /** Called with valid times only. */
  readonly onChange: (value: string) => void;
}

/** A time of day that takes effect as soon as it is valid. `9:00` counts as `09:00`. */
export function TimeField({ label, value, onChange }: TimeFieldProps) {
  // Half-typed text lives here; what is valid goes out at once.
  const [text, setText] = useState<string | null>(null);
  const shown = text ?? value;
  const isValid = timeOf(shown) !== null;
  return (
    <Field
      label={label}
      {...(isValid ? {} : { error: 'Enter a time from 00:00 to 23:59.' })}
    >
      <span className={styles.number}>
        <TextInput
          value={shown}
          onChange={(next) => {
            setText(next);
            const time = timeOf(next);
            if (time !== null) onChange(time);
          }}
          onBlur={() => {
            if (isValid) setText(null);
          }}
        />
      </span>
    </Field>
  );
}

function timeOf(text: string): string | null {
  const padded = text.trim().padStart(5, '0');
  return TimeOfDay.safeParse(padded).success ? padded : null;
}
