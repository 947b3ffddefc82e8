import type { EventEmitter } from 'node:events';
import type { Chromium } from './chromium.ts';
import type { HostContents } from './contents.ts';
import type { IpcMain } from './ipc.ts';
import type { HostMenu } from './menu.ts';
import type { HostOptions } from './options.ts';
import type { Schemes } from './schemes.ts';
import type { StreamServer } from './stream-server.ts';
import type { HostWindow } from './window.ts';

/** What the app did to the outside world in this run, for tests to look at. */
export interface HostRecord {
  readonly method: string;
  readonly args: readonly unknown[];
}

/** The state of one run, shared by the parts of the host. */
export interface HostContext {
  readonly options: HostOptions;
  /** A random text that names what pages must not find. */
  readonly secret: string;
  readonly schemes: Schemes;
  readonly streams: StreamServer;
  readonly ipcMain: IpcMain;
  readonly windows: Map<number, HostWindow>;
  readonly contents: Map<number, HostContents>;
  /** A number not used before in this run. */
  readonly nextId: () => number;
  /** Chromium switches the app appended, as `--name=value`. */
  readonly switches: string[];
  /** startDrag, openExternal, notifications and the like, in order. */
  readonly records: HostRecord[];
  /** Work that an exit must wait for. */
  readonly beforeExit: Set<Promise<unknown>>;
  /** Electron's `app`, as an emitter. */
  app: EventEmitter & { getPath(name: string): string; getName(): string; quit(): void };
  browser: Chromium | undefined;
  ready: boolean;
  quitting: boolean;
  focused: HostWindow | null;
  applicationMenu: HostMenu | null;
  /** Sets the theme on a page that was just attached, or has loaded a document. */
  applyTheme: (contents: HostContents) => void;
  /** Sets permissions for the origin that is about to be loaded. */
  applyPermissions: (contents: HostContents, url: string) => Promise<void>;
  readonly log: (...parts: readonly unknown[]) => void;
}
