import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronsUpDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import { useFieldControl } from './field.tsx';
import popup from './popup.module.css';
import styles from './select.module.css';

/** One choice of a {@link Select}. */
export interface SelectOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
  /** Second line that says what choosing it means. */
  readonly hint?: string;
  readonly icon?: ReactNode;
}

/** Props of {@link Select}. */
export interface SelectProps<Value extends string> {
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly options: readonly SelectOption<Value>[];
  readonly disabled?: boolean;
  /** Name of its own, where no {@link Field} around it gives one or it is not the first. */
  readonly label?: string;
  readonly className?: string | undefined;
}

/** Chooses one of a closed list. */
export function Select<Value extends string>({
  value,
  onChange,
  options,
  disabled = false,
  label,
  className,
}: SelectProps<Value>) {
  const control = useFieldControl();
  const chosen = options.find((option) => option.value === value);
  return (
    <Base.Root
      value={value}
      disabled={disabled}
      onValueChange={(next) => {
        if (next !== null) onChange(next);
      }}
    >
      <Base.Trigger
        {...(label === undefined ? control : { 'aria-label': label })}
        className={classes(styles.trigger, className)}
      >
        {chosen?.icon}
        <Base.Value className={styles.value}>{chosen?.label ?? value}</Base.Value>
        <Base.Icon className={styles.icon}>
          <ChevronsUpDown size={13} aria-hidden="true" />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner
          className={popup.positioner}
          sideOffset={4}
          alignItemWithTrigger={false}
        >
          <Base.Popup className={classes(popup.popup, styles.popup)}>
            <Base.List className={popup.list}>
              {options.map((option) => (
                <Base.Item
                  key={option.value}
                  value={option.value}
                  label={option.label}
                  className={popup.item}
                >
                  <span className={popup.check}>
                    <Base.ItemIndicator>
                      <Check size={13} aria-hidden="true" />
                    </Base.ItemIndicator>
                  </span>
                  {option.icon}
                  <span className={popup.text}>
                    <Base.ItemText>{option.label}</Base.ItemText>
                    {option.hint !== undefined && (
                      <span className={popup.hint}>{option.hint}</span>
                    )}
                  </span>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
