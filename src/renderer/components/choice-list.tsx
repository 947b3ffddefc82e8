import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { useId } from 'react';
import styles from './choice-list.module.css';

/** One way of a {@link ChoiceList}. */
export interface ListChoice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  /** What choosing it means. */
  readonly hint?: string;
}

/** Props of {@link ChoiceList}. */
export interface ChoiceListProps<Value extends string> {
  /** What is chosen among. */
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly choices: readonly ListChoice<Value>[];
}

/** One of several ways, one under the other, each with a line that explains it. */
export function ChoiceList<Value extends string>({
  label,
  value,
  onChange,
  choices,
}: ChoiceListProps<Value>) {
  const id = useId();
  return (
    <RadioGroup
      value={value}
      onValueChange={(next) => onChange(next)}
      aria-label={label}
      className={styles.list}
    >
      {choices.map((choice) => {
        const own = `${id}-${choice.value}`;
        return (
          // The whole line can be clicked; the radio inside has the name.
          <label key={choice.value} className={styles.choice}>
            <Radio.Root
              value={choice.value}
              aria-labelledby={`${own}-label`}
              aria-describedby={choice.hint === undefined ? undefined : `${own}-hint`}
              className={styles.radio}
            >
              <Radio.Indicator className={styles.dot} />
            </Radio.Root>
            <span className={styles.text}>
              <span id={`${own}-label`}>{choice.label}</span>
              {choice.hint !== undefined && (
                <span id={`${own}-hint`} className={styles.hint}>
                  {choice.hint}
                </span>
              )}
            </span>
          </label>
        );
      })}
    </RadioGroup>
  );
}
