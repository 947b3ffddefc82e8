import { app, type BrowserWindow } from 'electron';
import type { DipperApp } from '../app/create-app.ts';
import type { Logger } from '../logging/logger.ts';

/** Sees to it that nobody leaves running transfers by accident. */
export interface QuitGuard {
  /** Closing the last window quits, except on macOS: it asks before the window is gone. */
  guardWindow(window: BrowserWindow): void;
}

/** Asks before quitting while transfers run; then stops the engine, then lets go. */
export function guardQuit(options: {
  readonly dipper: DipperApp;
  readonly logger: Logger;
}): QuitGuard {
  const { dipper, logger } = options;
  let state: 'running' | 'asking' | 'stopping' | 'stopped' = 'running';

  async function quit(): Promise<void> {
    if (state !== 'running') return;
    state = 'asking';
    try {
      if (!(await dipper.confirmQuit())) {
        state = 'running';
        return;
      }
      state = 'stopping';
      await dipper.stop();
    } catch (error) {
      logger.error('could not stop in order', { error });
    }
    state = 'stopped';
    app.quit();
  }

  app.on('before-quit', (event) => {
    if (state === 'stopped') return;
    event.preventDefault();
    void quit();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });

  return {
    guardWindow(window) {
      window.on('close', (event) => {
        if (process.platform === 'darwin' || state === 'stopped' || !dipper.busy) return;
        event.preventDefault();
        void quit();
      });
    },
  };
}
