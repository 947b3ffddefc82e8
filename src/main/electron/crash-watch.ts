import { app, type BrowserWindow, dialog } from 'electron';
import { restartDelay } from '../engine-client/restart-policy.ts';
import type { Logger } from '../logging/logger.ts';

/** Logs what ends unexpectedly. The engine's own restarts are the engine client's. */
export function watchProcesses(logger: Logger): void {
  app.on('child-process-gone', (_event, { type, reason, exitCode, serviceName }) => {
    const details = { type, reason, exitCode, serviceName };
    // Killed is what we do ourselves when we stop.
    const expected = reason === 'clean-exit' || reason === 'killed';
    logger[expected ? 'info' : 'error']('child process gone', details);
  });
}

/** Loads the page again when its process dies; asks when it hangs. */
export function watchWindow(
  window: BrowserWindow,
  options: {
    readonly logger: Logger;
    /** The page is there again after its process had died. */
    readonly onReloaded: () => void;
  },
): void {
  const { logger } = options;
  let crashes: readonly number[] = [];
  let asking = false;

  async function askAboutHang(): Promise<void> {
    try {
      const { response } = await dialog.showMessageBox(window, {
        type: 'warning',
        message: 'The window does not answer.',
        detail: 'Transfers go on in the background.',
        buttons: ['Wait', 'Load Again'],
        defaultId: 0,
        cancelId: 0,
      });
      if (response === 1 && !window.isDestroyed()) {
        window.webContents.forcefullyCrashRenderer();
      }
    } catch (error) {
      logger.error('could not ask', { error });
    } finally {
      asking = false;
    }
  }

  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    logger.error('window process gone', { reason, exitCode });
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    window.webContents.once('did-finish-load', options.onReloaded);
    const now = Date.now();
    crashes = [...crashes, now];
    if (restartDelay(crashes, now) !== null) {
      window.webContents.reload();
      return;
    }
    void dialog
      .showMessageBox({
        type: 'error',
        message: 'The window keeps crashing.',
        detail: 'Transfers go on in the background.',
        buttons: ['Load Again', 'Quit'],
        cancelId: 0,
      })
      .then(({ response }) => (response === 0 ? window.webContents.reload() : app.quit()))
      .catch((error: unknown) => logger.error('could not ask', { error }));
  });

  window.webContents.on(
    'did-fail-load',
    (_event, code, description, url, isMainFrame) => {
      if (isMainFrame) logger.error('page not loaded', { code, description, url });
    },
  );
  window.webContents.on('preload-error', (_event, _path, error) =>
    logger.error('preload failed', { error }),
  );

  window.on('responsive', () => logger.info('window answers again'));
  window.on('unresponsive', () => {
    logger.warn('window does not answer');
    if (asking) return;
    asking = true;
    void askAboutHang();
  });
}
