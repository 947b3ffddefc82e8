/** Menus of the menu bar, in order. */
export type MenuName = 'file' | 'edit' | 'view' | 'go' | 'transfers' | 'help';

/** A command as data: the window adds `when` and `run`, main makes the native menu of it. */
export interface CommandSpec {
  readonly id: string;
  readonly label: string;
  /** Electron accelerator, `CmdOrCtrl+Shift+G`; shown and handled on every platform. */
  readonly shortcut?: string;
  /** Where the menu bar shows it; absent: context menus and toolbar only. */
  readonly menu?: MenuName;
  /** Where the sheet of shortcuts lists it when no menu does. */
  readonly sheet?: MenuName;
  /** Starts a new block in its menu. */
  readonly separatorBefore?: boolean;
  /** A tick box. */
  readonly toggle?: boolean;
}

/** Every command of Dipper: toolbar, context menus, menu bar and shortcuts come from here. */
export const COMMANDS = [
  { id: 'bookmark.new', label: 'New Bookmark…', shortcut: 'CmdOrCtrl+B', menu: 'file' },
  {
    id: 'connection.quick',
    label: 'Quick Connect…',
    shortcut: 'CmdOrCtrl+K',
    menu: 'file',
  },
  { id: 'connection.close', label: 'Disconnect', menu: 'file' },
  {
    id: 'browse.newFolder',
    label: 'New Folder…',
    shortcut: 'CmdOrCtrl+Shift+N',
    menu: 'file',
    separatorBefore: true,
  },
  { id: 'browse.newBucket', label: 'New Bucket…', menu: 'file' },
  { id: 'browse.addBucket', label: 'Add Bucket by Name…', menu: 'file' },
  {
    id: 'transfer.uploadFiles',
    label: 'Upload Files…',
    shortcut: 'CmdOrCtrl+U',
    menu: 'file',
    separatorBefore: true,
  },
  {
    id: 'transfer.uploadFolder',
    label: 'Upload Folder…',
    shortcut: 'CmdOrCtrl+Shift+U',
    menu: 'file',
  },
  { id: 'transfer.download', label: 'Download', shortcut: 'CmdOrCtrl+D', menu: 'file' },
  {
    id: 'transfer.downloadTo',
    label: 'Download To…',
    shortcut: 'CmdOrCtrl+Shift+D',
    menu: 'file',
  },
  {
    id: 'bookmark.import',
    label: 'Import Bookmarks…',
    menu: 'file',
    separatorBefore: true,
  },
  { id: 'bookmark.export', label: 'Export Bookmarks…', menu: 'file' },
  { id: 'item.open', label: 'Open', menu: 'edit' },
  // Without a menu: the menu bar has Copy, Cut and Paste of text, by the same keys.
  { id: 'item.copy', label: 'Copy', shortcut: 'CmdOrCtrl+C', sheet: 'edit' },
  { id: 'item.cut', label: 'Cut', shortcut: 'CmdOrCtrl+X', sheet: 'edit' },
  { id: 'item.paste', label: 'Paste', shortcut: 'CmdOrCtrl+V', sheet: 'edit' },
  { id: 'item.duplicate', label: 'Duplicate', menu: 'edit' },
  { id: 'item.rename', label: 'Rename…', shortcut: 'F2', menu: 'edit' },
  { id: 'item.delete', label: 'Delete…', shortcut: 'Delete', menu: 'edit' },
  {
    id: 'item.copyUrl',
    label: 'Copy URL',
    shortcut: 'CmdOrCtrl+Shift+C',
    menu: 'edit',
    separatorBefore: true,
  },
  {
    id: 'item.copyS3Path',
    label: 'Copy s3:// Path',
    shortcut: 'CmdOrCtrl+Alt+C',
    menu: 'edit',
  },
  { id: 'item.createLink', label: 'Create Link…', menu: 'edit' },
  {
    id: 'item.permissions',
    label: 'Permissions…',
    menu: 'edit',
    separatorBefore: true,
  },
  { id: 'item.headers', label: 'Headers and Metadata…', menu: 'edit' },
  { id: 'item.tags', label: 'Tags…', menu: 'edit' },
  { id: 'item.cors', label: 'CORS Rules…', menu: 'edit' },
  {
    id: 'list.selectAll',
    label: 'Select All Items',
    shortcut: 'CmdOrCtrl+A',
    menu: 'edit',
    separatorBefore: true,
  },
  { id: 'list.filter', label: 'Filter List', shortcut: 'CmdOrCtrl+F', menu: 'edit' },
  {
    id: 'view.refresh',
    label: 'Refresh',
    shortcut: 'CmdOrCtrl+R',
    menu: 'view',
  },
  { id: 'view.stop', label: 'Stop Listing', shortcut: 'CmdOrCtrl+.', menu: 'view' },
  {
    id: 'view.hidden',
    label: 'Show Hidden Files',
    shortcut: 'CmdOrCtrl+Shift+H',
    menu: 'view',
    separatorBefore: true,
    toggle: true,
  },
  {
    id: 'view.sidebar',
    label: 'Sidebar',
    shortcut: 'CmdOrCtrl+Alt+S',
    menu: 'view',
    toggle: true,
  },
  {
    id: 'view.inspector',
    label: 'Inspector',
    shortcut: 'CmdOrCtrl+I',
    menu: 'view',
    toggle: true,
  },
  {
    id: 'view.transfers',
    label: 'Transfers',
    shortcut: 'CmdOrCtrl+T',
    menu: 'view',
    toggle: true,
  },
  {
    id: 'view.requests',
    label: 'Request Log',
    shortcut: 'CmdOrCtrl+Shift+L',
    menu: 'view',
    toggle: true,
  },
  {
    id: 'app.preferences',
    label: 'Preferences…',
    shortcut: 'CmdOrCtrl+,',
    menu: 'view',
    separatorBefore: true,
  },
  { id: 'go.back', label: 'Back', shortcut: 'CmdOrCtrl+[', menu: 'go' },
  { id: 'go.forward', label: 'Forward', shortcut: 'CmdOrCtrl+]', menu: 'go' },
  { id: 'go.up', label: 'Enclosing Folder', shortcut: 'CmdOrCtrl+Up', menu: 'go' },
  {
    id: 'go.folder',
    label: 'Go to Folder…',
    shortcut: 'CmdOrCtrl+Shift+G',
    menu: 'go',
    separatorBefore: true,
  },
  { id: 'go.address', label: 'Edit Address', shortcut: 'CmdOrCtrl+L', menu: 'go' },
  { id: 'transfer.pauseAll', label: 'Pause All', menu: 'transfers' },
  { id: 'transfer.resumeAll', label: 'Resume All', menu: 'transfers' },
  { id: 'transfer.retryAll', label: 'Retry Failed', menu: 'transfers' },
  {
    id: 'transfer.clearFinished',
    label: 'Clear Finished',
    menu: 'transfers',
    separatorBefore: true,
  },
  { id: 'transfer.exportHistory', label: 'Export History…', menu: 'transfers' },
  {
    id: 'browse.verify',
    label: 'Verify with a Local Folder…',
    menu: 'transfers',
    separatorBefore: true,
  },
  { id: 'app.shortcuts', label: 'Keyboard Shortcuts', shortcut: 'F1', menu: 'help' },
] as const satisfies readonly CommandSpec[];

/** Id of a command of {@link COMMANDS}. */
export type CommandId = (typeof COMMANDS)[number]['id'];
