import { ChevronRight } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { classes } from './classes.ts';
import styles from './disclosure.module.css';

/** Props of {@link Disclosure}. */
export interface DisclosureProps {
  readonly label: string;
  readonly open: boolean;
  readonly onChange: (open: boolean) => void;
  readonly children: ReactNode;
}

/** A part that few people need, folded away under its title. */
export function Disclosure({ label, open, onChange, children }: DisclosureProps) {
  const id = useId();
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        className={styles.button}
        onClick={() => onChange(!open)}
      >
        <ChevronRight
          size={14}
          aria-hidden="true"
          className={classes(styles.arrow, open && styles.open)}
        />
        {label}
      </button>
      {open && (
        <div id={id} className={styles.content}>
          {children}
        </div>
      )}
    </div>
  );
}
