import type { ComponentPropsWithRef } from 'react';
import { classes } from './classes.ts';
import { useFieldControl } from './field.tsx';
import styles from './text-area.module.css';

/** Props of {@link TextArea}; everything of a `<textarea>` besides. */
export interface TextAreaProps
  extends Omit<ComponentPropsWithRef<'textarea'>, 'value' | 'onChange'> {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Several lines of monospaced text, such as a certificate. */
export function TextArea({ value, onChange, className, ...rest }: TextAreaProps) {
  const control = useFieldControl();
  return (
    <textarea
      spellCheck={false}
      autoComplete="off"
      autoCapitalize="off"
      wrap="off"
      {...control}
      {...rest}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className={classes(styles.area, className)}
    />
  );
}
