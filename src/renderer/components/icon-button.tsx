import type { ComponentPropsWithRef, ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './icon-button.module.css';
import { ariaShortcut, usePlatform } from './shortcut.ts';
import { Tooltip } from './tooltip.tsx';

/** Props of {@link IconButton}; everything of a `<button>` besides. */
export interface IconButtonProps
  extends Omit<ComponentPropsWithRef<'button'>, 'type' | 'children' | 'aria-label'> {
  /** Name for screen readers and text of the tooltip. */
  readonly label: string;
  /** Electron accelerator, shown in the tooltip. */
  readonly shortcut?: string | undefined;
  /** A 16 px icon. */
  readonly icon: ReactNode;
  /** Makes it a toggle and says whether it is on. */
  readonly pressed?: boolean | undefined;
  /** `small` is 20 px for use in rows; `medium` 28 px for toolbars. */
  readonly size?: 'small' | 'medium';
}

/** A button with only an icon; the tooltip tells its name and shortcut. */
export function IconButton({
  label,
  shortcut,
  icon,
  pressed,
  size = 'medium',
  className,
  ...rest
}: IconButtonProps) {
  const platform = usePlatform();
  return (
    <Tooltip label={label} shortcut={shortcut}>
      <button
        {...rest}
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        aria-keyshortcuts={
          shortcut === undefined ? undefined : ariaShortcut(shortcut, platform)
        }
        className={classes(styles.button, styles[size], className)}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
