import { Checkbox as Base } from '@base-ui/react/checkbox';
import { Check, Minus } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import styles from './checkbox.module.css';
import { classes } from './classes.ts';

/** Props of {@link Checkbox}. */
export interface CheckboxProps {
  readonly label: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  /** Some but not all of what it stands for. */
  readonly mixed?: boolean;
  readonly disabled?: boolean;
  /** Explanation under the label. */
  readonly hint?: string;
}

/** A tick box with its label. */
export function Checkbox({
  label,
  checked,
  onChange,
  mixed = false,
  disabled = false,
  hint,
}: CheckboxProps) {
  const id = useId();
  return (
    <div className={styles.row}>
      <Base.Root
        checked={checked}
        indeterminate={mixed}
        disabled={disabled}
        onCheckedChange={(value) => onChange(value)}
        aria-labelledby={`${id}-label`}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        id={id}
        className={styles.box}
      >
        <Base.Indicator className={styles.indicator}>
          {mixed ? (
            <Minus size={12} strokeWidth={3} aria-hidden="true" />
          ) : (
            <Check size={12} strokeWidth={3} aria-hidden="true" />
          )}
        </Base.Indicator>
      </Base.Root>
      <div className={styles.text}>
        <label
          id={`${id}-label`}
          htmlFor={id}
          className={classes(disabled && styles.disabled)}
        >
          {label}
        </label>
        {hint !== undefined && (
          <p id={`${id}-hint`} className={styles.hint}>
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
