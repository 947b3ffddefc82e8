import { app } from 'electron';
import type { Logger } from '../logging/logger.ts';

/** Packages that the system's own package manager keeps up to date. */
const SYSTEM_PACKAGES: ReadonlySet<string> = new Set(['deb', 'rpm', 'flatpak', 'snap']);

/** Looks for a new version and tells; downloads and installs nothing by itself. */
export async function checkForUpdates(options: {
  readonly logger: Logger;
  /** Of which kind this installation is, as electron-builder wrote beside the app. */
  readonly packageType: string | null;
}): Promise<void> {
  const { logger, packageType } = options;
  if (!app.isPackaged) return;
  if (packageType !== null && SYSTEM_PACKAGES.has(packageType)) return;
  // Loaded only where it is used: it costs time at every start otherwise.
  const { autoUpdater } = await import('electron-updater');
  autoUpdater.autoDownload = false;
  autoUpdater.autoInstallOnAppQuit = false;
  autoUpdater.allowDowngrade = false;
  autoUpdater.logger = null;
  try {
    const result = await autoUpdater.checkForUpdates();
    logger.info('looked for updates', {
      version: result?.updateInfo.version,
      available: result?.isUpdateAvailable,
    });
  } catch (error) {
    // No network is no news.
    logger.info('could not look for updates', { error });
  }
}
