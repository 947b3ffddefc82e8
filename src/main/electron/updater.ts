import { app } from 'electron';
import { TEXTS } from '../app/texts.ts';
import type { Logger } from '../logging/logger.ts';
import type { Dialogs } from '../platform/desktop.ts';

/** Packages that the system's own package manager keeps up to date. */
const SYSTEM_PACKAGES: ReadonlySet<string> = new Set(['deb', 'rpm', 'flatpak', 'snap']);

/**
 * Looks for a new version once and asks about it. Nothing is downloaded before the user
 * said so, and nothing installed before Dipper quits, which waits for transfers.
 */
export async function checkForUpdates(options: {
  readonly logger: Logger;
  readonly dialogs: Dialogs;
  /** Of which kind this installation is, as electron-builder wrote beside the app. */
  readonly packageType: string | null;
}): Promise<void> {
  const { logger, dialogs, packageType } = options;
  if (!app.isPackaged) return;
  if (packageType !== null && SYSTEM_PACKAGES.has(packageType)) return;
  try {
    // Loaded only where it is used: it costs time at every start otherwise.
    const { autoUpdater } = await import('electron-updater');
    autoUpdater.autoDownload = false;
    autoUpdater.autoInstallOnAppQuit = true;
    autoUpdater.allowDowngrade = false;
    autoUpdater.logger = null;
    const result = await autoUpdater.checkForUpdates();
    if (result === null || !result.isUpdateAvailable) return;
    const { version } = result.updateInfo;
    logger.info('update available', { version });
    const { message, detail, download, later } = TEXTS.update;
    const answer = await dialogs.ask({
      message: message(version),
      detail,
      buttons: [download, later],
      cancel: 1,
    });
    if (answer === 0) await autoUpdater.downloadUpdate();
  } catch (error) {
    // No network is no news.
    logger.info('could not update', { error });
  }
}
