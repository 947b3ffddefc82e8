import type { FieldName, FormErrors } from './check-form.ts';
import type { ConnectionForm } from './connection-form.ts';

/** What the parts of the dialog share. */
export interface FormControl {
  readonly form: ConnectionForm;
  /** Changes the form; the function gets the newest one. */
  readonly change: (update: (form: ConnectionForm) => ConnectionForm) => void;
  /** Errors to show now: of fields that were left, or all after an attempt to save. */
  readonly errors: FormErrors;
  readonly warnings: FormErrors;
  /** Called when a field is left: from now on its error is shown, an endpoint is settled. */
  readonly leave: (field: FieldName) => void;
}

/** An error or warning as props of `Field`; absent rather than undefined. */
export function messagesOf(
  control: FormControl,
  field: FieldName,
): { readonly error?: string; readonly warning?: string } {
  const error = control.errors[field];
  const warning = control.warnings[field];
  return {
    ...(error === undefined ? {} : { error }),
    ...(warning === undefined ? {} : { warning }),
  };
}
