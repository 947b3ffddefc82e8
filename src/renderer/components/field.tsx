import { CircleAlert } from 'lucide-react';
import { createContext, type ReactNode, useContext, useId, useMemo } from 'react';
import { classes } from './classes.ts';
import styles from './field.module.css';

/** What a control inside a {@link Field} puts on its element. */
export interface FieldControl {
  readonly id: string | undefined;
  readonly 'aria-labelledby': string | undefined;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

const NO_FIELD: FieldControl = {
  id: undefined,
  'aria-labelledby': undefined,
  'aria-describedby': undefined,
  'aria-invalid': undefined,
};

const FieldContext = createContext<FieldControl>(NO_FIELD);

/** The attributes that tie a control to the field around it; empty outside a field. */
export function useFieldControl(): FieldControl {
  return useContext(FieldContext);
}

/** Props of {@link Field}. */
export interface FieldProps {
  readonly label: string;
  /** `side`: label on the left, right-aligned, as in macOS forms. */
  readonly layout?: 'side' | 'top';
  /** Help under the control. */
  readonly hint?: ReactNode;
  /** What is wrong and what to do. Announced when it appears. */
  readonly error?: string | undefined;
  /** Worth knowing, but no obstacle. */
  readonly warning?: string | undefined;
  readonly children: ReactNode;
}

/** A labelled control with its hint and its error. */
export function Field({
  label,
  layout = 'side',
  hint,
  error,
  warning,
  children,
}: FieldProps) {
  const id = useId();
  const hasHint = hint !== undefined && hint !== null && hint !== '';
  const describedBy = classes(
    error !== undefined && `${id}-error`,
    warning !== undefined && `${id}-warning`,
    hasHint && `${id}-hint`,
  );
  const isInvalid = error !== undefined;
  const control = useMemo<FieldControl>(
    () => ({
      id,
      'aria-labelledby': `${id}-label`,
      'aria-describedby': describedBy,
      'aria-invalid': isInvalid ? true : undefined,
    }),
    [id, describedBy, isInvalid],
  );
  return (
    <div className={classes(styles.field, styles[layout])}>
      <label id={`${id}-label`} htmlFor={id} className={styles.label}>
        {label}
      </label>
      <div className={styles.body}>
        <FieldContext.Provider value={control}>{children}</FieldContext.Provider>
        <div aria-live="polite" className={styles.messages}>
          {error !== undefined && (
            <p id={`${id}-error`} className={styles.error}>
              <CircleAlert size={13} aria-hidden="true" />
              <span>{error}</span>
            </p>
          )}
          {warning !== undefined && (
            <p id={`${id}-warning`} className={styles.warning}>
              <CircleAlert size={13} aria-hidden="true" />
              <span>{warning}</span>
            </p>
          )}
        </div>
        {hasHint && (
          <div id={`${id}-hint`} className={styles.hint}>
            {hint}
          </div>
        )}
      </div>
    </div>
  );
}
