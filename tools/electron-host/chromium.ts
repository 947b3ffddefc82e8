import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { findBrowserPath } from '../dev/browser.ts';
import { Connection } from './cdp.ts';

/** How to start Chromium. */
export interface ChromiumOptions {
  /** Folder of the browser's own data. */
  readonly profile: string;
  readonly headless: boolean;
  /** Switches the app appended, as `--name=value`. */
  readonly switches: readonly string[];
  /** A TCP port for a test driver, or undefined for none. */
  readonly debuggingPort: number | undefined;
  /** One line of Chromium's stderr. */
  readonly onLine: (line: string) => void;
}

/** A running Chromium and the pipe to it. */
export interface Chromium {
  readonly path: string;
  readonly process: ChildProcess;
  readonly connection: Connection;
  readonly profile: string;
  readonly headless: boolean;
}

const DISABLED_FEATURES = [
  'Translate',
  'MediaRouter',
  'OptimizationHints',
  'HttpsUpgrades',
  'PasswordManagerEnabled',
  'AutofillServerCommunication',
  'BackForwardCache',
  'CDPScreenshotNewSurface',
  'GlobalMediaControls',
  'DestroyProfileOnBrowserClose',
  // Large bodies of app:// come from a loopback server, see stream-server.ts.
  'LocalNetworkAccessChecks',
  'BlockInsecurePrivateNetworkRequests',
];

function baseFlags(profile: string): string[] {
  const isRoot = process.getuid?.() === 0;
  return [
    `--user-data-dir=${profile}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-quic',
    '--disable-extensions',
    '--disable-default-apps',
    '--disable-search-engine-choice-screen',
    '--password-store=basic',
    '--use-mock-keychain',
    '--disable-breakpad',
    '--disable-domain-reliability',
    '--metrics-recording-only',
    '--disable-gpu',
    // Hides the bar about unsupported flags.
    '--test-type',
    ...(isRoot ? ['--no-sandbox'] : []),
  ];
}

/** The app's switches, with its disabled features joined to ours: Chromium reads one. */
function mergeSwitches(switches: readonly string[]): string[] {
  const prefix = '--disable-features=';
  const features = switches
    .filter((flag) => flag.startsWith(prefix))
    .flatMap((flag) => flag.slice(prefix.length).split(','));
  return [
    // The host's profile keeps no passwords: no keychain may ask for one.
    ...switches.filter((flag) => !/^--(?:disable-features|password-store)=/.test(flag)),
    `${prefix}${[...DISABLED_FEATURES, ...features].join(',')}`,
  ];
}

/**
 * Starts Chromium without a window. The pipe is the host's alone; a TCP port is opened
 * only for a test driver. Chromium ends by itself when the pipe closes.
 * @throws Error when no browser is installed.
 */
export function startChromium(options: ChromiumOptions): Chromium {
  const path = findBrowserPath();
  if (path === undefined) {
    throw new Error(
      'electron-host: no Chrome or Chromium found; install one or set CHROMIUM to its path',
    );
  }
  mkdirSync(options.profile, { recursive: true, mode: 0o700 });
  const child = spawn(
    path,
    [
      ...baseFlags(options.profile),
      ...(options.headless ? ['--headless=new', '--hide-scrollbars'] : []),
      '--remote-debugging-pipe',
      ...(options.debuggingPort === undefined
        ? []
        : [`--remote-debugging-port=${options.debuggingPort}`]),
      '--no-startup-window',
      ...mergeSwitches(options.switches),
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
      // Ctrl+C in a terminal is for the host alone, which then ends Chromium in order.
      detached: process.platform !== 'win32',
    },
  );
  child.stderr?.on('data', (data: Buffer) => {
    for (const line of data.toString('utf8').split('\n')) {
      if (line !== '') options.onLine(line);
    }
  });
  const connection = new Connection(
    child.stdio[3] as Writable,
    child.stdio[4] as Readable,
  );
  const { profile, headless } = options;
  return { path, process: child, connection, profile, headless };
}

/** Opens a window without browser controls in the running Chromium. */
export function openAppWindow(chromium: Chromium, url: string): void {
  // The second process hands the address to the first one and ends.
  const child = spawn(
    chromium.path,
    [...baseFlags(chromium.profile), ...mergeSwitches([]), `--app=${url}`],
    { stdio: 'ignore' },
  );
  child.unref();
}
