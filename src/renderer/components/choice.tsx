import { Radio } from '@base-ui/react/radio';
import { RadioGroup as Base } from '@base-ui/react/radio-group';
import { type ReactNode, useId } from 'react';
import styles from './choice.module.css';
import { classes } from './classes.ts';
import { useFieldControl } from './field.tsx';

/** One way of a {@link RadioGroup} or {@link SegmentedControl}. */
export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly hint?: string;
  readonly icon?: ReactNode;
}

/** Props of {@link RadioGroup} and {@link SegmentedControl}. */
export interface ChoiceProps<Value extends string> {
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly choices: readonly Choice<Value>[];
  /** Name, where no `Field` around it gives one. */
  readonly label?: string;
  readonly disabled?: boolean;
}

/** One of a few, all in sight, one under the other. */
export function RadioGroup<Value extends string>(props: ChoiceProps<Value>) {
  return <Group {...props} look="list" />;
}

/** One of two to five short words, side by side. */
export function SegmentedControl<Value extends string>(props: ChoiceProps<Value>) {
  return <Group {...props} look="segments" />;
}

function Group<Value extends string>({
  value,
  onChange,
  choices,
  label,
  disabled = false,
  look,
}: ChoiceProps<Value> & { readonly look: 'list' | 'segments' }) {
  const control = useFieldControl();
  const id = useId();
  return (
    <Base
      value={value}
      disabled={disabled}
      onValueChange={(next) => onChange(next)}
      aria-labelledby={label === undefined ? control['aria-labelledby'] : undefined}
      aria-label={label}
      aria-describedby={control['aria-describedby']}
      className={styles[look]}
    >
      {choices.map((choice) => (
        <div key={choice.value} className={styles.option}>
          <Radio.Root
            value={choice.value}
            aria-labelledby={`${id}-${choice.value}`}
            className={styles.radio}
          >
            {look === 'list' && <Radio.Indicator className={styles.dot} />}
            {look === 'segments' && (
              <span id={`${id}-${choice.value}`} className={styles.segment}>
                {choice.icon}
                {choice.label}
              </span>
            )}
          </Radio.Root>
          {look === 'list' && (
            <button
              type="button"
              tabIndex={-1}
              id={`${id}-${choice.value}`}
              className={styles.text}
              onClick={() => {
                if (!disabled) onChange(choice.value);
              }}
            >
              <span className={styles.label}>{choice.label}</span>
              {choice.hint !== undefined && (
                <span className={classes(styles.hint)}>{choice.hint}</span>
              )}
            </button>
          )}
        </div>
      ))}
    </Base>
  );
}
