import { useEffect, useRef } from 'react';
import { type AppError, serializeError } from '../../../shared/errors/error.ts';
import { errorText } from '../../../shared/messages/errors.en.ts';
import { Banner } from '../../components/banner.tsx';
import styles from './aspect-sheet.module.css';

/** Why a save was not done; comes into view when it appears. */
export function Failure({ error }: { readonly error: AppError }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error instanceof Error) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [error]);
  const text = errorText(serializeError(error));
  return (
    <div ref={ref}>
      <Banner tone="error" title={text.title}>
        <p>{text.explanation}</p>
        <p>{text.action}</p>
        {text.details !== '' && <p className={styles.details}>{text.details}</p>}
      </Banner>
    </div>
  );
}
