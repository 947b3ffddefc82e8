import { EventEmitter } from 'node:events';
import { describeAccelerator, type KeyPress, matchesAccelerator } from './accelerator.ts';
import { hostEvent } from './event.ts';
import type { MenuItemView } from './page/menu-bar.ts';
import { ROLES, type RoleName } from './roles.ts';
import type { HostWindow } from './window.ts';

type ItemOptions = Electron.MenuItemConstructorOptions;
type ItemType = Electron.MenuItem['type'];

/** What menus need of the running app. */
export interface MenuServices {
  readonly nextId: () => number;
  readonly focused: () => HostWindow | null;
  readonly quit: () => void;
  readonly about: () => void;
}

/** Electron's `MenuItem`. */
export class HostMenuItem {
  readonly commandId: number;
  readonly id: string;
  readonly type: ItemType;
  readonly role: RoleName | undefined;
  readonly accelerator: string | null;
  /** `false`: the menu shows the accelerator, its key is the window's. Not so on a Mac. */
  readonly registerAccelerator: boolean;
  readonly submenu: HostMenu | undefined;
  label: string;
  sublabel: string;
  toolTip: string;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  click: (
    event?: Electron.KeyboardEvent,
    window?: Electron.BaseWindow | null,
    contents?: unknown,
  ) => void;

  constructor(services: MenuServices, options: ItemOptions) {
    const role = options.role?.toLowerCase();
    const known = role === undefined ? undefined : ROLES[role];
    this.commandId = services.nextId();
    this.id = options.id ?? '';
    this.role = options.role;
    const template = options.submenu ?? known?.submenu;
    this.submenu = Array.isArray(template)
      ? HostMenu.from(services, template)
      : (template as unknown as HostMenu | undefined);
    this.type = options.type ?? (this.submenu === undefined ? 'normal' : 'submenu');
    this.accelerator = options.accelerator ?? known?.accelerator ?? null;
    this.registerAccelerator = options.registerAccelerator ?? true;
    this.label = options.label ?? known?.label ?? options.role ?? '';
    this.sublabel = options.sublabel ?? '';
    this.toolTip = options.toolTip ?? '';
    this.enabled = options.enabled ?? true;
    this.visible = options.visible ?? true;
    this.checked = options.checked ?? false;
    const { click } = options;
    this.click = (
      event = {},
      window = services.focused() as unknown as Electron.BaseWindow,
    ) => {
      if (!this.enabled) return;
      if (this.type === 'checkbox') this.checked = !this.checked;
      if (this.type === 'radio') this.checked = true;
      const self = this as unknown as Electron.MenuItem;
      if (known?.run !== undefined) {
        known.run(
          (window as unknown as HostWindow | null) ?? services.focused(),
          services,
        );
      } else {
        click?.(self, window ?? undefined, event);
      }
    };
  }
}

/** Electron's `Menu`, without a native form: the host draws it in the page. */
export class HostMenu extends EventEmitter {
  items: Electron.MenuItem[] = [];

  /** For the host: the items with their own type. */
  get hostItems(): readonly HostMenuItem[] {
    return this.items as unknown as readonly HostMenuItem[];
  }

  /** Builds a menu from Electron's template. */
  static from(
    services: MenuServices,
    template: readonly (ItemOptions | Electron.MenuItem)[],
    into = new HostMenu(),
  ): HostMenu {
    for (const each of template) {
      const given: unknown = each;
      const item =
        given instanceof HostMenuItem
          ? given
          : new HostMenuItem(services, each as ItemOptions);
      into.append(item as unknown as Electron.MenuItem);
    }
    return into;
  }

  append(item: Electron.MenuItem): void {
    this.items.push(item);
  }

  insert(position: number, item: Electron.MenuItem): void {
    this.items.splice(position, 0, item);
  }

  getMenuItemById(id: string): Electron.MenuItem | null {
    const found = findItem(this, (item) => item.id === id);
    return found as unknown as Electron.MenuItem | null;
  }

  /** For the host: opens as a context menu of `window`. */
  openOn(window: HostWindow, options: Electron.PopupOptions): void {
    this.emit('menu-will-show', hostEvent());
    window.menus.popup(this, options.x, options.y, () => {
      this.emit('menu-will-close', hostEvent());
      options.callback?.();
    });
  }
}

function findItem(
  menu: HostMenu | null | undefined,
  test: (item: HostMenuItem) => boolean,
): HostMenuItem | null {
  for (const item of menu?.hostItems ?? []) {
    if (test(item)) return item;
    const inside = findItem(item.submenu, test);
    if (inside !== null) return inside;
  }
  return null;
}

function clickOn(
  item: HostMenuItem,
  window: HostWindow,
  event: Electron.KeyboardEvent,
): void {
  item.click(event, window as unknown as Electron.BaseWindow, window.webContents);
}

/** Runs the enabled item with this command id; says whether there was one. */
export function chooseItem(
  menu: HostMenu | null,
  commandId: number,
  window: HostWindow,
): boolean {
  const item = findItem(menu, (each) => each.commandId === commandId);
  if (item !== null) clickOn(item, window, {});
  return item !== null;
}

/** Runs the item whose accelerator was pressed. Editing keys are Chromium's own. */
export function runAccelerator(
  menu: HostMenu | null,
  press: KeyPress,
  window: HostWindow,
): boolean {
  const item = findItem(
    menu,
    (each) =>
      each.accelerator !== null &&
      (each.registerAccelerator || process.platform === 'darwin') &&
      each.enabled &&
      each.visible &&
      ROLES[each.role?.toLowerCase() ?? '']?.isEditing !== true &&
      matchesAccelerator(each.accelerator, press, process.platform),
  );
  if (item !== null) clickOn(item, window, { triggeredByAccelerator: true });
  return item !== null;
}

function viewType(type: ItemType): MenuItemView['type'] {
  return type === 'header' || type === 'palette' ? 'normal' : type;
}

/** The menu as the page draws it. */
export function viewOf(menu: HostMenu): readonly MenuItemView[] {
  return menu.hostItems
    .filter((item) => item.visible)
    .map((item) => ({
      commandId: item.commandId,
      type: viewType(item.type),
      label: item.label.replaceAll(/&(.)/g, '$1'),
      shortcut:
        item.accelerator === null
          ? ''
          : describeAccelerator(item.accelerator, process.platform),
      enabled: item.enabled && item.type !== 'header',
      checked: item.checked,
      submenu: item.submenu === undefined ? [] : viewOf(item.submenu),
    }));
}
