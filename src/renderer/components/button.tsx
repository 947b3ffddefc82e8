import { ChevronDown } from 'lucide-react';
import type { ComponentPropsWithRef, ReactNode } from 'react';
import styles from './button.module.css';
import { classes } from './classes.ts';
import { Spinner } from './spinner.tsx';

/** Props of {@link Button}; everything of a `<button>` besides. */
export interface ButtonProps
  extends Omit<ComponentPropsWithRef<'button'>, 'type' | 'children'> {
  /** `primary`: the expected way on. `danger`: destroys something. `plain`: no frame. */
  readonly variant?: 'default' | 'primary' | 'danger' | 'plain';
  readonly type?: 'button' | 'submit';
  /** Icon before the label, 16 px. */
  readonly icon?: ReactNode;
  /** Shows a spinner and refuses clicks, yet keeps the focus. */
  readonly busy?: boolean;
  /** Says by an arrow that a menu hangs on it. */
  readonly hasMenu?: boolean;
  readonly children: ReactNode;
}

/** A push button. */
export function Button({
  variant = 'default',
  type = 'button',
  icon,
  busy = false,
  hasMenu = false,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={busy ? 'button' : type}
      aria-disabled={busy ? true : rest['aria-disabled']}
      aria-busy={busy ? true : undefined}
      className={classes(styles.button, styles[variant], className)}
      onClick={busy ? undefined : onClick}
    >
      {busy ? <Spinner size={14} /> : icon}
      <span className={styles.label}>{children}</span>
      {hasMenu && <ChevronDown size={13} aria-hidden="true" />}
    </button>
  );
}
