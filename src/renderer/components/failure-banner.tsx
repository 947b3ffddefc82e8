import { useEffect, useRef } from 'react';
import { type AppError, serializeError } from '../../shared/errors/error.ts';
import { errorText } from '../../shared/messages/errors.en.ts';
import { Banner } from './banner.tsx';
import { classes } from './classes.ts';
import styles from './failure-banner.module.css';

/** An error in words, in a form or a sheet; comes into view when it appears. */
export function FailureBanner({
  error,
  className,
}: {
  readonly error: AppError;
  readonly className?: string | undefined;
}) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error instanceof Error) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [error]);
  const text = errorText(serializeError(error));
  return (
    <div ref={ref} className={classes(styles.failure, className)}>
      <Banner tone="error" title={text.title}>
        <p>{text.explanation}</p>
        <p>{text.action}</p>
        {text.details !== '' && <p className={styles.details}>{text.details}</p>}
      </Banner>
    </div>
  );
}
