import { classes } from './classes.ts';
import styles from './progress-bar.module.css';

/** Props of {@link ProgressBar}. */
export interface ProgressBarProps {
  /** 0 to 1; `null`: the end cannot be told yet. */
  readonly value: number | null;
  /** What it is the progress of. */
  readonly label: string;
  readonly tone?: 'accent' | 'paused' | 'danger' | 'success';
}

/** A thin bar that fills from left to right. */
export function ProgressBar({ value, label, tone = 'accent' }: ProgressBarProps) {
  const share = value === null ? null : Math.min(1, Math.max(0, value));
  return (
    <div
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- <progress> cannot look like this
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share === null ? undefined : Math.floor(share * 100)}
      className={styles.track}
    >
      <div
        className={classes(styles.bar, styles[tone], share === null && styles.unknown)}
        style={share === null ? undefined : { scale: `${share} 1` }}
      />
    </div>
  );
}
