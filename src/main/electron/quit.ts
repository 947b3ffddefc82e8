import { app, type BrowserWindow, powerMonitor } from 'electron';
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

  /** Asked for after a pause: it may have changed meanwhile. */
  function isStopping(): boolean {
    return state === 'stopping' || state === 'stopped';
  }

  async function quit(asks: boolean): Promise<void> {
    if (isStopping()) return;
    if (asks && state === 'asking') return;
    state = 'asking';
    try {
      if (asks && !(await dipper.confirmQuit())) {
        // The system may have begun to shut down under the question.
        if (state === 'asking') state = 'running';
        return;
      }
      if (isStopping()) return;
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
    void quit(true);
  });
  // Nobody is there to answer, and the queue goes on after the restart.
  powerMonitor.on('shutdown', (...args: readonly unknown[]) => {
    if (state === 'stopped') return;
    // The types leave out the event, which delays the system until we have stopped.
    const [event] = args as readonly [{ preventDefault(): void } | undefined];
    event?.preventDefault();
    void quit(false);
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });

  return {
    guardWindow(window) {
      window.on('close', (event) => {
        if (process.platform === 'darwin' || state === 'stopped' || !dipper.busy) return;
        event.preventDefault();
        void quit(true);
      });
    },
  };
}
