import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { useId } from 'react';
import { useFieldControl } from './field.tsx';
import styles from './segmented-control.module.css';

/** One way of a {@link SegmentedControl}. */
export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

/** Props of {@link SegmentedControl}. */
export interface SegmentedControlProps<Value extends string> {
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly choices: readonly Choice<Value>[];
  /** Name, where no `Field` around it gives one. */
  readonly label?: string;
}

/** One of two to five short words, side by side. */
export function SegmentedControl<Value extends string>({
  value,
  onChange,
  choices,
  label,
}: SegmentedControlProps<Value>) {
  const control = useFieldControl();
  const id = useId();
  return (
    <RadioGroup
      value={value}
      onValueChange={(next) => onChange(next)}
      aria-labelledby={label === undefined ? control['aria-labelledby'] : undefined}
      aria-label={label}
      aria-describedby={control['aria-describedby']}
      className={styles.segments}
    >
      {choices.map((choice) => (
        <Radio.Root
          key={choice.value}
          value={choice.value}
          aria-labelledby={`${id}-${choice.value}`}
          className={styles.radio}
        >
          <span id={`${id}-${choice.value}`} className={styles.segment}>
            {choice.label}
          </span>
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}
