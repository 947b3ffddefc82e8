import { app, type BrowserWindow, powerMonitor } from 'electron';
import type { DipperApp } from '../app/create-app.ts';
import type { Logger } from '../logging/logger.ts';

/** Sees to it that nobody leaves running transfers by accident. */
export interface QuitGuard {
  /**
   * Closing the last window quits, except on macOS: it asks before the window is gone.
   * There it asks only about what is lost with the window.
   */
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

  /** Where nothing can be asked, whoever quits has the last word. */
  async function mayQuit(): Promise<boolean> {
    try {
      return await dipper.confirmQuit();
    } catch (error) {
      logger.error('could not ask', { error });
      return true;
    }
  }

  async function quit(asks: boolean): Promise<void> {
    if (isStopping()) return;
    if (asks && state === 'asking') return;
    state = 'asking';
    if (asks && !(await mayQuit())) {
      // The system may have begun to shut down under the question.
      if (state === 'asking') state = 'running';
      return;
    }
    if (isStopping()) return;
    state = 'stopping';
    try {
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
      let asking = false;

      async function closeAlone(): Promise<void> {
        asking = true;
        try {
          if (await dipper.confirmClose()) window.destroy();
        } catch (error) {
          logger.error('could not ask', { error });
        } finally {
          asking = false;
        }
      }

      window.on('close', (event) => {
        const stays = process.platform === 'darwin';
        const asks = dipper.hasUnfinished || (dipper.busy && !stays);
        if (state === 'stopped' || !asks) return;
        event.preventDefault();
        if (!stays) void quit(true);
        else if (!asking) void closeAlone();
      });
      window.on('closed', () => dipper.windowGone());
    },
  };
}
