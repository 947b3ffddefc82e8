import { ContextMenu as BaseContext } from '@base-ui/react/context-menu';
import { Menu as Base } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';
import { MenuEntries, type MenuSource } from './menu-entries.tsx';
import popup from './popup.module.css';

/** Props of {@link Menu}. */
export interface MenuProps {
  /** The button that opens it: an element that takes a ref and props. */
  readonly trigger: ReactElement;
  readonly items: MenuSource;
  readonly align?: 'start' | 'center' | 'end';
}

/** A menu that hangs on a button. */
export function Menu({ trigger, items, align = 'start' }: MenuProps) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className={popup.positioner} sideOffset={4} align={align}>
          <MenuEntries source={items} />
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** Props of {@link ContextMenu}. */
export interface ContextMenuProps {
  /** The element that is clicked; takes a ref and props. Its children are kept. */
  readonly area: ReactElement;
  readonly items: MenuSource;
  readonly disabled?: boolean;
  readonly children?: ReactNode;
}

/**
 * A menu on right click, long press, the menu key and Shift+F10 anywhere inside `area`.
 * `area` must be an element of its own (`<div/>`), its content goes into `children`.
 */
export function ContextMenu({
  area,
  items,
  disabled = false,
  children,
}: ContextMenuProps) {
  return (
    <BaseContext.Root disabled={disabled}>
      <BaseContext.Trigger render={area}>{children}</BaseContext.Trigger>
      <BaseContext.Portal>
        <BaseContext.Positioner className={popup.positioner}>
          <MenuEntries source={items} />
        </BaseContext.Positioner>
      </BaseContext.Portal>
    </BaseContext.Root>
  );
}
