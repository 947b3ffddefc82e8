import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  app,
  clipboard,
  nativeTheme,
  net,
  powerMonitor,
  powerSaveBlocker,
  shell,
} from 'electron';
import type { DesktopPlatform } from '../../shared/bridge.ts';
import type { ThemeChoice } from '../../shared/domain/settings.ts';
import type {
  Appearance,
  PowerBlocker,
  ShellActions,
  SystemState,
  ThemePort,
} from '../platform/desktop.ts';
import type { Clock, Ids, Paths, SystemInfo } from '../platform/system.ts';

/** The real time. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    async sleep(ms, { signal } = {}) {
      // Unreferenced: a waiting undo keeps no process alive.
      const options = signal === undefined ? { ref: false } : { ref: false, signal };
      await delay(ms, undefined, options).catch(() => undefined);
    },
  };
}

/** Random ids of 36 characters. */
export function randomIds(): Ids {
  return { next: () => randomUUID() };
}

/** Facts about this run. Dipper is built for three systems; others count as Linux. */
export function systemInfo(): SystemInfo {
  const { platform } = process;
  const known: DesktopPlatform =
    platform === 'darwin' || platform === 'win32' ? platform : 'linux';
  return { version: app.getVersion(), platform: known, packaged: app.isPackaged };
}

/** Electron's folders. */
export function systemPaths(): Paths {
  return {
    userData: app.getPath('userData'),
    logs: app.getPath('logs'),
    downloads: app.getPath('downloads'),
    temp: app.getPath('temp'),
  };
}

/** What the desktop does for us. */
export function createShellActions(): ShellActions {
  return {
    openExternal: (url) => shell.openExternal(url),
    revealFile: (path) => shell.showItemInFolder(path),
  };
}

/** The system's clipboard. */
export function createClipboard(): {
  readonly writeText: (text: string) => Promise<void>;
} {
  return {
    async writeText(text) {
      await clipboard.writeText(text);
    },
  };
}

/** Keeps the computer awake, not its screen. */
export function createPowerBlocker(): PowerBlocker {
  let id: number | null = null;
  return {
    setActive(active) {
      if (active && id === null) {
        id = powerSaveBlocker.start('prevent-app-suspension');
      } else if (!active && id !== null) {
        powerSaveBlocker.stop(id);
        id = null;
      }
    },
  };
}

/**
 * Electron's main process has no event for the network: who wants to know asks again.
 * https://www.electronjs.org/docs/latest/tutorial/online-offline-events
 */
export function createSystemState(): SystemState {
  return {
    isOnline: () => net.isOnline(),
    onResume(listener) {
      powerMonitor.on('resume', listener);
    },
  };
}

/** Light, dark and contrast, as the system and the preferences have it. */
export function createThemePort(): ThemePort {
  return {
    current: currentAppearance,
    setChoice(choice: ThemeChoice) {
      // High contrast is a theme of the page; the frame follows the system.
      nativeTheme.themeSource = choice === 'high-contrast' ? 'system' : choice;
    },
    onChange(listener) {
      nativeTheme.on('updated', () => listener(currentAppearance()));
    },
  };
}

function currentAppearance(): Appearance {
  return {
    dark: nativeTheme.shouldUseDarkColors,
    highContrast: nativeTheme.shouldUseHighContrastColors,
  };
}
