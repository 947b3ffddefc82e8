import type { ComponentPropsWithRef, ReactNode } from 'react';
import { classes } from './classes.ts';
import { useFieldControl } from './field.tsx';
import styles from './text-input.module.css';

/** Props of {@link TextInput}; everything of an `<input>` besides. */
export interface TextInputProps
  extends Omit<ComponentPropsWithRef<'input'>, 'value' | 'onChange' | 'type'> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: 'text' | 'search' | 'number';
  /** Decoration at the start, such as a magnifying glass. */
  readonly icon?: ReactNode;
  /** Monospaced, for keys and addresses. */
  readonly code?: boolean;
}

/** A line of text. Spelling help is off: names and keys are not prose. */
export function TextInput({
  value,
  onChange,
  type = 'text',
  icon,
  code = false,
  className,
  ...rest
}: TextInputProps) {
  const control = useFieldControl();
  const input = (
    <input
      spellCheck={false}
      autoComplete="off"
      autoCapitalize="off"
      {...control}
      {...rest}
      type={type}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className={classes(
        styles.input,
        code && styles.code,
        icon !== undefined && styles.withIcon,
        className,
      )}
    />
  );
  if (icon === undefined) return input;
  return (
    <span className={styles.frame}>
      <span className={styles.icon} aria-hidden="true">
        {icon}
      </span>
      {input}
    </span>
  );
}
