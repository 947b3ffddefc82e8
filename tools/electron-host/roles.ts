import type { MenuServices } from './menu.ts';
import type { HostWindow } from './window.ts';

/** Electron's names of ready-made menu items. */
export type RoleName = NonNullable<Electron.MenuItemConstructorOptions['role']>;

/** What a ready-made menu item is and does. */
export interface Role {
  readonly label: string;
  readonly accelerator?: string;
  /** Chromium handles its key by itself. */
  readonly isEditing?: boolean;
  readonly run?: (window: HostWindow | null, services: MenuServices) => void;
  readonly submenu?: Electron.MenuItemConstructorOptions[];
}

function editing(
  label: string,
  accelerator: string,
  run: (window: HostWindow) => void,
): Role {
  return {
    label,
    accelerator,
    isEditing: true,
    run: (window) => {
      if (window !== null) run(window);
    },
  };
}

function zoom(by: number): NonNullable<Role['run']> {
  return (window) => {
    const level = by === 0 ? 0 : (window?.contents.getZoomLevel() ?? 0) + by;
    window?.contents.setZoomLevel(level);
  };
}

/** The roles by lower-case name. Labels and keys are Electron's on Linux and Windows. */
export const ROLES: Readonly<Record<string, Role>> = {
  undo: editing('Undo', 'CmdOrCtrl+Z', (window) => window.contents.undo()),
  redo: editing('Redo', 'CmdOrCtrl+Shift+Z', (window) => window.contents.redo()),
  cut: editing('Cut', 'CmdOrCtrl+X', (window) => window.contents.cut()),
  copy: editing('Copy', 'CmdOrCtrl+C', (window) => window.contents.copy()),
  paste: editing('Paste', 'CmdOrCtrl+V', (window) => window.contents.paste()),
  pasteandmatchstyle: editing('Paste and Match Style', 'CmdOrCtrl+Shift+V', (window) =>
    window.contents.pasteAndMatchStyle(),
  ),
  delete: editing('Delete', '', (window) => window.contents.delete()),
  selectall: editing('Select All', 'CmdOrCtrl+A', (window) =>
    window.contents.selectAll(),
  ),
  reload: {
    label: 'Reload',
    accelerator: 'CmdOrCtrl+R',
    run: (window) => window?.contents.reload(),
  },
  forcereload: {
    label: 'Force Reload',
    accelerator: 'CmdOrCtrl+Shift+R',
    run: (window) => window?.contents.reloadIgnoringCache(),
  },
  toggledevtools: {
    label: 'Toggle Developer Tools',
    accelerator: 'CmdOrCtrl+Shift+I',
    run: (window) => window?.contents.toggleDevTools(),
  },
  resetzoom: { label: 'Actual Size', accelerator: 'CmdOrCtrl+0', run: zoom(0) },
  zoomin: { label: 'Zoom In', accelerator: 'CmdOrCtrl+Plus', run: zoom(0.5) },
  zoomout: { label: 'Zoom Out', accelerator: 'CmdOrCtrl+-', run: zoom(-0.5) },
  togglefullscreen: {
    label: 'Toggle Full Screen',
    accelerator: 'F11',
    run: (window) => window?.setFullScreen(!window.isFullScreen()),
  },
  minimize: {
    label: 'Minimize',
    accelerator: 'CmdOrCtrl+M',
    run: (window) => window?.minimize(),
  },
  close: {
    label: 'Close Window',
    accelerator: 'CmdOrCtrl+W',
    run: (window) => window?.close(),
  },
  quit: {
    label: 'Quit',
    accelerator: 'CmdOrCtrl+Q',
    run: (_window, services) => services.quit(),
  },
  about: { label: 'About', run: (_window, services) => services.about() },
  appmenu: { label: 'App', submenu: [{ role: 'about' }, { role: 'quit' }] },
  filemenu: { label: 'File', submenu: [{ role: 'quit' }] },
  editmenu: {
    label: 'Edit',
    submenu: [
      { role: 'undo' },
      { role: 'redo' },
      { type: 'separator' },
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'delete' },
      { type: 'separator' },
      { role: 'selectAll' },
    ],
  },
  viewmenu: {
    label: 'View',
    submenu: [
      { role: 'reload' },
      { role: 'forceReload' },
      { role: 'toggleDevTools' },
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
    ],
  },
  windowmenu: { label: 'Window', submenu: [{ role: 'minimize' }, { role: 'close' }] },
  window: { label: 'Window' },
  help: { label: 'Help' },
};
