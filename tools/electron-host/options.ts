import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** The parts of the app's package.json that the host reads. */
export interface Manifest {
  readonly name?: string;
  readonly productName?: string;
  readonly version?: string;
  readonly main?: string;
}

/** What one run of the host is asked to do. */
export interface HostOptions {
  /** The app's folder, absolute. */
  readonly appPath: string;
  /** The app's main file, absolute. */
  readonly mainFile: string;
  readonly manifest: Manifest;
  /** Chromium and Node flags given before the app's path. */
  readonly flags: readonly string[];
  /** The app's path as given and everything after it. */
  readonly appArgs: readonly string[];
  /** Ports asked for by a test driver; 0 means any. */
  readonly inspectPort: number | undefined;
  readonly debuggingPort: number | undefined;
  /** The version of the npm package `electron`. */
  readonly electronVersion: string;
  readonly headless: boolean;
  /** Open nothing outside the app. */
  readonly test: boolean;
  readonly debug: boolean;
  /** The system's theme is dark. */
  readonly dark: boolean;
  /** safeStorage reports a real keychain. */
  readonly keychain: boolean;
  /** Draw the application menu in the window. */
  readonly menuBar: boolean;
}

function portOf(flags: readonly string[], name: string): number | undefined {
  const flag = flags.find((each) => each === name || each.startsWith(`${name}=`));
  if (flag === undefined) return undefined;
  return Number(flag.slice(name.length + 1) || 9229);
}

function readManifest(folder: string): Manifest {
  try {
    return JSON.parse(readFileSync(resolve(folder, 'package.json'), 'utf8')) as Manifest;
  } catch {
    return {};
  }
}

/**
 * Reads Electron's command line: `[flags] <app folder | main file> [arguments]`.
 * @throws Error when the app's path does not exist.
 */
export function parseOptions(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  electronVersion: string,
): HostOptions {
  const first = args.findIndex((arg) => !arg.startsWith('--'));
  const split = first === -1 ? args.length : first;
  const flags = args.slice(0, split);
  const rest = args.slice(split);
  const target = resolve(rest[0] ?? '.');
  const stats = statSync(target, { throwIfNoEntry: false });
  if (stats === undefined) throw new Error(`electron-host: ${target} does not exist`);
  const appPath = stats.isDirectory() ? target : dirname(target);
  const manifest = readManifest(appPath);
  const hasDisplay =
    process.platform === 'darwin' ||
    process.platform === 'win32' ||
    Boolean(env['DISPLAY']) ||
    Boolean(env['WAYLAND_DISPLAY']);
  const headless = env['HOST_HEADLESS'] === '1' || !hasDisplay;
  return {
    appPath,
    mainFile: stats.isDirectory() ? resolve(target, manifest.main ?? 'index.js') : target,
    manifest,
    flags,
    appArgs: rest.length > 0 ? rest : ['.'],
    inspectPort: portOf(flags, '--inspect'),
    debuggingPort: portOf(flags, '--remote-debugging-port'),
    electronVersion,
    headless,
    test: env['HOST_TEST'] === '1',
    debug: env['HOST_DEBUG'] === '1',
    dark: env['HOST_DARK'] === '1',
    keychain: env['HOST_KEYCHAIN'] === '1',
    menuBar:
      env['HOST_MENU'] === '1' ||
      (!headless && env['HOST_MENU'] !== '0' && env['HOST_TEST'] !== '1'),
  };
}
