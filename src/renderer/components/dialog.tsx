import { Dialog as Base } from '@base-ui/react/dialog';
import type { KeyboardEvent, MouseEvent, ReactNode, RefObject } from 'react';
import { classes } from './classes.ts';
import styles from './dialog.module.css';

/** Props of {@link Dialog}. */
export interface DialogProps {
  readonly open: boolean;
  /** Asked for by Escape or a click outside. The owner decides. */
  readonly onClose: () => void;
  readonly title: string;
  /** One sentence under the title. */
  readonly description?: ReactNode;
  /** `roomy`: for tables one edits. */
  readonly size?: 'small' | 'medium' | 'large' | 'roomy';
  /** `false`: a click outside does nothing, so that nothing typed is lost. */
  readonly closeOnOutsideClick?: boolean;
  /** What has the focus first; the first control unless told. */
  readonly initialFocus?: RefObject<HTMLElement | null>;
  /** Buttons, right-aligned; the expected one last. */
  readonly footer?: ReactNode;
  /** Left side of the footer. */
  readonly footerStart?: ReactNode;
  /** Called when the form inside is submitted (Enter). */
  readonly onSubmit?: () => void;
  readonly children?: ReactNode;
}

/** A modal dialog. Its content is a form: Enter submits, Escape closes. */
export function Dialog(props: DialogProps) {
  const { size = 'medium', closeOnOutsideClick = false } = props;
  return (
    <Base.Root
      open={props.open}
      disablePointerDismissal={!closeOnOutsideClick}
      onOpenChange={(open) => {
        if (!open) props.onClose();
      }}
    >
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Viewport className={styles.viewport}>
          <Base.Popup
            className={classes(styles.popup, styles[size])}
            onClickCapture={refuseSecondClick}
            onKeyDown={refuseHeldEnter}
            {...(props.initialFocus === undefined
              ? {}
              : { initialFocus: props.initialFocus })}
          >
            <form
              noValidate
              className={styles.form}
              onSubmit={(event) => {
                event.preventDefault();
                // A dialog inside this one is, to React, part of this form.
                event.stopPropagation();
                props.onSubmit?.();
              }}
            >
              <div className={styles.head}>
                <Base.Title className={styles.title}>{props.title}</Base.Title>
                {props.description !== undefined && (
                  <Base.Description className={styles.description}>
                    {props.description}
                  </Base.Description>
                )}
              </div>
              <div className={styles.body}>{props.children}</div>
              {props.footer !== undefined && (
                <div className={styles.footer} data-dialog-footer>
                  <div className={styles.footerStart}>{props.footerStart}</div>
                  {props.footer}
                </div>
              )}
            </form>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

/**
 * Where one step of a dialog follows another, its buttons lie in the same place: the second
 * click of a double click would answer what nobody has read.
 */
function refuseSecondClick(event: MouseEvent): void {
  const inFooter =
    event.target instanceof Element && event.target.closest('[data-dialog-footer]');
  if (event.detail < 2 || !inFooter) return;
  event.preventDefault();
  event.stopPropagation();
}

/** And so would Enter that is held down. */
function refuseHeldEnter(event: KeyboardEvent): void {
  if (event.key !== 'Enter' || !event.repeat) return;
  if (event.target instanceof HTMLTextAreaElement) return;
  event.preventDefault();
}
