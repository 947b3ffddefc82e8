import { EventEmitter } from 'node:events';
import { complete, type PartOf } from '../missing.ts';

const SIZE = { width: 1920, height: 1080 };

function display(): Electron.Display {
  const area = { x: 0, y: 0, ...SIZE };
  const part: PartOf<Electron.Display> = {
    id: 1,
    label: 'electron-host',
    bounds: area,
    workArea: area,
    size: SIZE,
    workAreaSize: SIZE,
    scaleFactor: 1,
    rotation: 0,
    internal: false,
    touchSupport: 'unknown',
  };
  return part as Electron.Display;
}

/** Electron's `screen`: one display of 1920 by 1080. */
export class HostScreen extends EventEmitter {
  getPrimaryDisplay(): Electron.Display {
    return display();
  }

  getAllDisplays(): Electron.Display[] {
    return [display()];
  }

  getDisplayMatching(): Electron.Display {
    return display();
  }

  getDisplayNearestPoint(): Electron.Display {
    return display();
  }

  getCursorScreenPoint(): Electron.Point {
    return { x: 0, y: 0 };
  }
}

/** Electron's `powerMonitor`: emits only what a test emits on it. */
export class HostPowerMonitor extends EventEmitter {
  readonly onBatteryPower = false;

  isOnBatteryPower(): boolean {
    return false;
  }

  getSystemIdleTime(): number {
    return 0;
  }

  getSystemIdleState(): 'active' {
    return 'active';
  }
}

/** Electron's `powerSaveBlocker`: keeps the books, blocks nothing. */
export function createPowerSaveBlocker(nextId: () => number): Electron.PowerSaveBlocker {
  const active = new Set<number>();
  return complete<Electron.PowerSaveBlocker>('powerSaveBlocker', {
    start: () => {
      const id = nextId();
      active.add(id);
      return id;
    },
    stop: (id) => active.delete(id),
    isStarted: (id) => active.has(id),
  });
}

/** Electron's `crashReporter`: there is nothing to report from here. */
export function createCrashReporter(): Electron.CrashReporter {
  return complete<Electron.CrashReporter>('crashReporter', { start: () => {} });
}
