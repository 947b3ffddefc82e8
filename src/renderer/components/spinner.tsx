import { LoaderCircle } from 'lucide-react';
import styles from './spinner.module.css';

/** Props of {@link Spinner}. */
export interface SpinnerProps {
  /** Width in pixels, 16 unless told. */
  readonly size?: number;
  /** Says what is going on; without it the spinner is decoration. */
  readonly label?: string;
}

/** Shows that something is going on whose end cannot be told. */
export function Spinner({ size = 16, label }: SpinnerProps) {
  return label === undefined ? (
    <LoaderCircle size={size} className={styles.spinner} aria-hidden="true" />
  ) : (
    <output aria-label={label} className={styles.status}>
      <LoaderCircle size={size} className={styles.spinner} aria-hidden="true" />
    </output>
  );
}
