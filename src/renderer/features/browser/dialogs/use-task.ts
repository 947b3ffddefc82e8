import { useState } from 'react';
import { serializeError } from '../../../../shared/errors/error.ts';
import { errorText } from '../../../../shared/messages/errors.en.ts';
import { isCancelled, toAppError } from '../../../bridge/api.ts';

/** Something a dialog does when it is confirmed. */
export interface DialogTask {
  readonly busy: boolean;
  /** Why the last try failed; `undefined`: it did not. */
  readonly problem: string | undefined;
  /** Runs the work; a second call while it runs does nothing. */
  readonly run: (work: () => Promise<void>) => void;
  /** Forgets the problem, as when the input changes. */
  readonly clear: () => void;
}

/** Runs a dialog's work and keeps the dialog open with the reason when it fails. */
export function useTask(): DialogTask {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | undefined>(undefined);
  return {
    busy,
    problem,
    clear: () => setProblem(undefined),
    run: (work) => {
      if (busy) return;
      setBusy(true);
      setProblem(undefined);
      work()
        .catch((error: unknown) => {
          if (isCancelled(error)) return;
          const text = errorText(serializeError(toAppError(error)));
          setProblem(
            [`${text.title}.`, text.explanation, text.action].filter(Boolean).join(' '),
          );
        })
        .finally(() => setBusy(false));
    },
  };
}
