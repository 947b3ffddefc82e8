import { HostNotification } from './api/notification.ts';
import type { HostContext } from './context.ts';
import { HostMenu, HostMenuItem, type MenuServices } from './menu.ts';
import { complete } from './missing.ts';
import { HostWindow, type WindowParts } from './window.ts';

/** The class `BrowserWindow` of one run. */
export function createBrowserWindow(
  context: HostContext,
  parts: WindowParts,
): typeof Electron.BrowserWindow {
  class BrowserWindow extends HostWindow {
    constructor(options?: Electron.BrowserWindowConstructorOptions) {
      super(context, parts, options);
    }

    static getAllWindows(): HostWindow[] {
      return [...context.windows.values()];
    }

    static getFocusedWindow(): HostWindow | null {
      return context.focused;
    }

    static fromId(id: number): HostWindow | null {
      return context.windows.get(id) ?? null;
    }

    static fromWebContents(
      contents: Electron.WebContents | undefined,
    ): HostWindow | null {
      const all = [...context.windows.values()];
      return all.find((each) => each.webContents === contents) ?? null;
    }
  }
  complete<Electron.BrowserWindow>('BrowserWindow', HostWindow.prototype);
  return BrowserWindow as unknown as typeof Electron.BrowserWindow;
}

/** The classes `Menu` and `MenuItem` of one run. */
export function createMenuClasses(
  context: HostContext,
  services: MenuServices,
): { readonly Menu: typeof Electron.Menu; readonly MenuItem: typeof Electron.MenuItem } {
  class MenuItem extends HostMenuItem {
    constructor(options: Electron.MenuItemConstructorOptions) {
      super(services, options);
    }
  }
  class Menu extends HostMenu {
    static buildFromTemplate(
      template: (Electron.MenuItemConstructorOptions | Electron.MenuItem)[],
    ): HostMenu {
      return HostMenu.from(services, template, new Menu());
    }

    static setApplicationMenu(menu: HostMenu | null): void {
      context.applicationMenu = menu;
      for (const window of context.windows.values()) window.menus.updateBar();
    }

    static getApplicationMenu(): HostMenu | null {
      return context.applicationMenu;
    }

    popup(options: Electron.PopupOptions = {}): void {
      const window =
        (options.window as unknown as HostWindow | undefined) ?? context.focused;
      if (window === null) throw new TypeError('Cannot open Menu without a window');
      context.records.push({
        method: 'Menu.popup',
        args: [this.items.map((item) => item.label)],
      });
      if (context.options.menuBar) this.openOn(window, options);
      // Without drawn menus there is nothing to choose from: closed at once.
      else options.callback?.();
    }

    closePopup(): void {
      context.focused?.menus.closePopup();
    }
  }
  complete<Electron.Menu>('Menu', Menu.prototype);
  complete<Omit<Electron.MenuItem, 'role' | 'submenu'>>('MenuItem', MenuItem.prototype);
  return {
    Menu: Menu as unknown as typeof Electron.Menu,
    MenuItem: MenuItem as unknown as typeof Electron.MenuItem,
  };
}

/** The class `Notification` of one run. */
export function createNotification(context: HostContext): typeof Electron.Notification {
  class Notification extends HostNotification {
    constructor(options?: Electron.NotificationConstructorOptions) {
      super(context, options);
    }

    static isSupported(): boolean {
      return true;
    }
  }
  complete<Electron.Notification>('Notification', HostNotification.prototype);
  return Notification as unknown as typeof Electron.Notification;
}
