import { resolve } from 'node:path';
import { ensureBrowser } from './browser.ts';
import { findElectronBinary, tryInstallElectron } from './electron-binary.ts';

/** What the app runs on, and how to start it: `executablePath ...args <app folder>`. */
export interface LaunchHost {
  readonly kind: 'electron' | 'stand-in';
  readonly executablePath: string;
  /** Arguments that come before the app's folder. */
  readonly args: readonly string[];
}

/** How hard to look for real Electron. */
export interface ResolveHostOptions {
  /** Download Electron's binary when it is missing. */
  readonly mayDownload?: boolean;
  readonly log?: (line: string) => void;
}

/** How long a download of Electron may take, in milliseconds. */
const DOWNLOAD_TIMEOUT = 60_000;

/** Chromium's sandbox does not work for root. */
function electronArgs(): readonly string[] {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

/**
 * Picks real Electron where its binary is there (or can be had, if `mayDownload`), else
 * the stand-in of tools/electron-host. DIPPER_HOST=electron or DIPPER_HOST=stand-in
 * decides it.
 * @throws Error when DIPPER_HOST=electron and there is none, or no browser can be had
 */
export async function resolveHost(options: ResolveHostOptions = {}): Promise<LaunchHost> {
  const { mayDownload = false, log = () => {} } = options;
  const wanted = process.env['DIPPER_HOST'];
  if (wanted !== 'stand-in') {
    const binary =
      findElectronBinary() ??
      (mayDownload ? await tryInstallElectron(DOWNLOAD_TIMEOUT, log) : undefined);
    if (binary !== undefined) {
      return { kind: 'electron', executablePath: binary, args: electronArgs() };
    }
    if (wanted === 'electron') {
      throw new Error(
        "DIPPER_HOST=electron, but Electron's binary is missing: run npx install-electron.",
      );
    }
  }
  await ensureBrowser(log);
  const name = process.platform === 'win32' ? 'electron.cmd' : 'electron';
  const executablePath = resolve(import.meta.dirname, '../electron-host', name);
  return { kind: 'stand-in', executablePath, args: [] };
}

/** One line for people about what the app runs on. */
export function describeHost(host: LaunchHost): string {
  return host.kind === 'electron'
    ? 'Dipper runs on Electron.'
    : "Dipper runs on the development host (Node and Chromium), as Electron's binary is not here.";
}
