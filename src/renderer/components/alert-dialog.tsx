import { AlertDialog as Base } from '@base-ui/react/alert-dialog';
import { CircleHelp, TriangleAlert } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import styles from './alert-dialog.module.css';
import { Button } from './button.tsx';
import { classes } from './classes.ts';
import dialog from './dialog.module.css';

/** A way out of an {@link AlertDialog}. */
export interface AlertAction {
  readonly label: string;
  readonly onSelect: () => void;
  readonly variant?: 'default' | 'primary' | 'danger';
  readonly busy?: boolean;
}

/** Props of {@link AlertDialog}. */
export interface AlertDialogProps {
  readonly open: boolean;
  readonly title: string;
  readonly children?: ReactNode;
  /** `danger` shows the warning sign. */
  readonly tone?: 'question' | 'danger';
  /** The safe way out; has the focus and is what Escape does. */
  readonly cancelLabel?: string;
  readonly onCancel: () => void;
  /** The other ways, the expected one last. */
  readonly actions: readonly AlertAction[];
  /** Seldom needed ways, such as a menu, at the other end. */
  readonly others?: ReactNode;
}

/** A question that must be answered. The focus is on the safe button. */
export function AlertDialog({
  open,
  title,
  children,
  tone = 'question',
  cancelLabel = 'Cancel',
  onCancel,
  actions,
  others,
}: AlertDialogProps) {
  const cancelRef = useRef<HTMLButtonElement>(null);
  return (
    <Base.Root
      open={open}
      onOpenChange={(isOpen) => {
        if (!isOpen) onCancel();
      }}
    >
      <Base.Portal>
        <Base.Backdrop className={dialog.backdrop} />
        <Base.Viewport className={dialog.viewport}>
          <Base.Popup
            initialFocus={cancelRef}
            className={classes(dialog.popup, styles.popup)}
          >
            <div className={styles.main}>
              <div className={styles[tone]}>
                {tone === 'danger' ? (
                  <TriangleAlert size={28} aria-hidden="true" />
                ) : (
                  <CircleHelp size={28} aria-hidden="true" />
                )}
              </div>
              <div className={styles.text}>
                <Base.Title className={styles.title}>{title}</Base.Title>
                {children !== undefined && (
                  <Base.Description render={<div />} className={styles.description}>
                    {children}
                  </Base.Description>
                )}
              </div>
            </div>
            <div className={styles.buttons}>
              {others !== undefined && <div className={styles.others}>{others}</div>}
              <Button ref={cancelRef} onClick={onCancel}>
                {cancelLabel}
              </Button>
              {actions.map((action) => (
                <Button
                  key={action.label}
                  variant={action.variant ?? 'default'}
                  busy={action.busy ?? false}
                  onClick={action.onSelect}
                >
                  {action.label}
                </Button>
              ))}
            </div>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
