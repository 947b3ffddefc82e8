import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { Button } from './button.tsx';
import { classes } from './classes.ts';
import { IconButton } from './icon-button.tsx';
import styles from './toast.module.css';
import { type ToastItem, type Toasts, type ToastTone } from './toasts.ts';

const ICONS = {
  info: Info,
  success: CircleCheck,
  warning: TriangleAlert,
  error: CircleAlert,
} as const satisfies Record<ToastTone, typeof Info>;

/**
 * Shows messages in the window's corner and announces them. Time stands still while the
 * pointer or the focus is on them, so that nobody has to hurry for Undo.
 */
export function ToastHost({ toasts }: { readonly toasts: Toasts }) {
  const items = useStore(toasts.store, (state) => state.items);
  const [isHovered, setHovered] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const isPaused = (isHovered || isFocused) && items.length > 0;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- only holds the clock
    <section
      aria-label="Notifications"
      className={styles.viewport}
      onMouseEnter={() => setHovered(true)}
      onMouseLeave={() => setHovered(false)}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      <ol aria-live="polite" aria-relevant="additions" className={styles.list}>
        {items.map((toast) => (
          <Toast
            key={toast.id}
            toast={toast}
            isPaused={isPaused}
            onDismiss={toasts.close}
          />
        ))}
      </ol>
    </section>
  );
}

function Toast({
  toast,
  isPaused,
  onDismiss,
}: {
  readonly toast: ToastItem;
  readonly isPaused: boolean;
  readonly onDismiss: (id: string) => void;
}) {
  const { id, timeoutMs } = toast;
  useEffect(() => {
    if (timeoutMs === 0 || isPaused) return undefined;
    const timer = setTimeout(() => onDismiss(id), timeoutMs);
    return () => clearTimeout(timer);
  }, [id, timeoutMs, isPaused, onDismiss]);
  const Icon = ICONS[toast.tone];
  return (
    <li className={styles.toast}>
      <Icon
        size={16}
        aria-hidden="true"
        className={classes(styles.icon, styles[toast.tone])}
      />
      <div className={styles.text} role={toast.tone === 'error' ? 'alert' : undefined}>
        <p className={styles.title}>{toast.title}</p>
        {toast.description !== undefined && (
          <p className={styles.detail}>{toast.description}</p>
        )}
      </div>
      {toast.action !== undefined && (
        <Button
          onClick={() => {
            onDismiss(id);
            toast.action?.onSelect();
          }}
        >
          {toast.action.label}
        </Button>
      )}
      <IconButton
        size="small"
        label="Dismiss"
        icon={<X size={14} aria-hidden="true" />}
        className={styles.close}
        onClick={() => onDismiss(id)}
      />
    </li>
  );
}
