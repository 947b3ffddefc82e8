import { useState } from 'react';
import { LIMIT_UNIT, limitText, parseLimit } from '../../../shared/domain/limit-text.ts';
import { Field } from '../../components/field.tsx';
import { TextInput } from '../../components/text-input.tsx';
import styles from './preferences-dialog.module.css';

/** Props of {@link LimitField}. */
export interface LimitFieldProps {
  readonly label: string;
  /** KiB per second; 0: no limit. */
  readonly value: number;
  /** Called with valid limits only. */
  readonly onChange: (kibs: number) => void;
}

/** A limit of the bandwidth that takes effect as soon as it is valid. */
export function LimitField({ label, value, onChange }: LimitFieldProps) {
  // Half-typed text lives here; what is valid goes out at once.
  const [text, setText] = useState<string | null>(null);
  const shown = text ?? limitText(value);
  const isValid = parseLimit(shown) !== null;
  return (
    <Field
      label={label}
      {...(isValid ? {} : { error: `Enter ${LIMIT_UNIT}, such as 2.5.` })}
    >
      <span className={styles.number}>
        <TextInput
          inputMode="decimal"
          value={shown}
          onChange={(next) => {
            setText(next);
            const kibs = parseLimit(next);
            if (kibs !== null) onChange(kibs);
          }}
          onBlur={() => {
            if (isValid) setText(null);
          }}
        />
        <span>{LIMIT_UNIT}; 0: no limit</span>
      </span>
    </Field>
  );
}
