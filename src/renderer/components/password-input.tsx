import { Eye, EyeOff } from 'lucide-react';
import { type ComponentPropsWithRef, useState } from 'react';
import { classes } from './classes.ts';
import { useFieldControl } from './field.tsx';
import { IconButton } from './icon-button.tsx';
import styles from './password-input.module.css';
import inputStyles from './text-input.module.css';

/** Props of {@link PasswordInput}; everything of an `<input>` besides. */
export interface PasswordInputProps
  extends Omit<ComponentPropsWithRef<'input'>, 'value' | 'onChange' | 'type'> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What is hidden, for the names of the reveal button: "Show secret key". */
  readonly what: string;
}

/** A line of secret text that can be looked at. */
export function PasswordInput({
  value,
  onChange,
  what,
  className,
  ...rest
}: PasswordInputProps) {
  const control = useFieldControl();
  const [isRevealed, setRevealed] = useState(false);
  // Nothing typed: nothing to look at, and the next secret starts hidden.
  const isShown = isRevealed && value !== '';
  return (
    <span className={styles.frame}>
      <input
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        {...control}
        {...rest}
        type={isShown ? 'text' : 'password'}
        value={value}
        onChange={(event) => {
          if (event.target.value === '') setRevealed(false);
          onChange(event.target.value);
        }}
        className={classes(
          inputStyles.input,
          value !== '' && inputStyles.code,
          styles.input,
          className,
        )}
      />
      {value !== '' && (
        <IconButton
          size="small"
          label={isShown ? `Hide ${what}` : `Show ${what}`}
          icon={
            isShown ? (
              <EyeOff size={14} aria-hidden="true" />
            ) : (
              <Eye size={14} aria-hidden="true" />
            )
          }
          className={styles.reveal}
          onClick={() => setRevealed(!isShown)}
        />
      )}
    </span>
  );
}
