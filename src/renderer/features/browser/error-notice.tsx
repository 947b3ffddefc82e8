import { CloudOff, LockKeyhole, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { type AppError, serializeError } from '../../../shared/errors/error.ts';
import { errorText } from '../../../shared/messages/errors.en.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import styles from './error-notice.module.css';

/** Props of {@link ErrorNotice}. */
export interface ErrorNoticeProps {
  readonly error: AppError;
  readonly actions?: ReactNode;
}

/** An error that fills a pane: what happened, why, what to do, and what the server said. */
export function ErrorNotice({ error, actions }: ErrorNoticeProps) {
  const text = errorText(serializeError(error));
  const Icon = error.code.startsWith('access.')
    ? LockKeyhole
    : error.code.startsWith('network.')
      ? CloudOff
      : TriangleAlert;
  return (
    <div role="alert">
      <EmptyState
        icon={<Icon size={40} strokeWidth={1.4} />}
        title={text.title}
        {...(actions === undefined ? {} : { actions })}
      >
        <p>{text.explanation}</p>
        <p>{text.action}</p>
        {text.details !== '' && <p className={styles.details}>{text.details}</p>}
      </EmptyState>
    </div>
  );
}
