import { serializeError } from '../../shared/errors/error.ts';
import { errorText } from '../../shared/messages/errors.en.ts';
import { isCancelled, toAppError } from '../bridge/api.ts';
import type { Toasts } from '../components/toasts.ts';

/** Tells the user of an error in the window's corner; cancellation is nothing to tell. */
export function createErrorReporter(toasts: Toasts): (error: unknown) => void {
  return (error) => {
    if (isCancelled(error)) return;
    const text = errorText(serializeError(toAppError(error)));
    toasts.show({
      tone: 'error',
      title: text.title,
      description: [text.explanation, text.action].filter(Boolean).join(' '),
    });
  };
}
