import { Toast as Base } from '@base-ui/react/toast';
import { CircleAlert, CircleCheck, Info, X } from 'lucide-react';
import { Button } from './button.tsx';
import { classes } from './classes.ts';
import { IconButton } from './icon-button.tsx';
import { type ToastData, type ToastTone, type Toasts, useToasts } from './toasts.ts';
import styles from './toast.module.css';

const ICONS = {
  info: Info,
  success: CircleCheck,
  error: CircleAlert,
} as const satisfies Record<ToastTone, typeof Info>;

/** Shows the messages of `toasts` in the window's corner. Rendered once, by `UiProvider`. */
export function ToastHost({ toasts }: { readonly toasts: Toasts }) {
  return (
    <Base.Provider toastManager={toasts.manager} limit={4}>
      <Base.Portal>
        <Base.Viewport className={styles.viewport}>
          <ToastList />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function ToastList() {
  const { toasts } = Base.useToastManager<ToastData>();
  const { close } = useToasts();
  return toasts.map((toast) => {
    const tone = toast.data?.tone ?? 'info';
    const action = toast.data?.action;
    const Icon = ICONS[tone];
    return (
      <Base.Root
        key={toast.id}
        toast={toast}
        swipeDirection={[]}
        className={styles.toast}
      >
        <Base.Content className={styles.content}>
          <Icon size={16} aria-hidden="true" className={classes(styles.icon, styles[tone])} />
          <div className={styles.text}>
            <Base.Title className={styles.title} />
            <Base.Description className={styles.description} />
          </div>
          {action !== undefined && (
            <Button
              onClick={() => {
                close(toast.id);
                action.onSelect();
              }}
            >
              {action.label}
            </Button>
          )}
          <Base.Close
            render={
              <IconButton
                size="small"
                label="Dismiss"
                icon={<X size={14} aria-hidden="true" />}
              />
            }
          />
        </Base.Content>
      </Base.Root>
    );
  });
}
