import { EventEmitter } from 'node:events';
import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { HostContext } from '../context.ts';
import { hostEvent } from '../event.ts';
import { lockInstance } from '../single-instance.ts';

/** How long Chromium gets to end by itself, in milliseconds. */
const CLOSE_TIMEOUT = 2000;

function fixedPaths(): Map<string, string> {
  const home = homedir();
  const { platform, env } = process;
  const config = env['XDG_CONFIG_HOME'] ?? join(home, '.config');
  const appData =
    platform === 'win32'
      ? (env['APPDATA'] ?? join(home, 'AppData', 'Roaming'))
      : platform === 'darwin'
        ? join(home, 'Library', 'Application Support')
        : config;
  return new Map([
    ['home', home],
    ['temp', tmpdir()],
    ['appData', appData],
    ['exe', process.execPath],
    ...['desktop', 'documents', 'downloads', 'music', 'pictures', 'videos'].map(
      (name): [string, string] => [
        name,
        join(home, `${name[0]?.toUpperCase()}${name.slice(1)}`),
      ],
    ),
  ]);
}

/** Electron's `app`. */
export class HostApp extends EventEmitter {
  readonly isPackaged = false;
  readonly dock = undefined;
  readonly commandLine: Pick<
    Electron.CommandLine,
    'appendSwitch' | 'appendArgument' | 'hasSwitch' | 'getSwitchValue' | 'removeSwitch'
  >;
  readonly #context: HostContext;
  readonly #paths = fixedPaths();
  readonly #whenReady = Promise.withResolvers<void>();
  #name: string;
  #unlock: (() => void) | undefined;

  constructor(context: HostContext) {
    super();
    this.setMaxListeners(0);
    this.#context = context;
    const { manifest, flags, appArgs } = context.options;
    this.#name = manifest.productName ?? manifest.name ?? 'Electron';
    const given = [...flags, ...appArgs];
    const { switches } = context;
    const all = (): readonly string[] => [...given, ...switches];
    this.commandLine = {
      appendSwitch: (name, value) => {
        switches.push(
          value === undefined || value === '' ? `--${name}` : `--${name}=${value}`,
        );
      },
      appendArgument: (value) => {
        switches.push(value);
      },
      hasSwitch: (name) =>
        all().some((each) => each === `--${name}` || each.startsWith(`--${name}=`)),
      getSwitchValue: (name) =>
        all()
          .find((each) => each.startsWith(`--${name}=`))
          ?.slice(name.length + 3) ?? '',
      removeSwitch: (name) => {
        const kept = switches.filter(
          (each) => each !== `--${name}` && !each.startsWith(`--${name}=`),
        );
        switches.splice(0, switches.length, ...kept);
      },
    };
  }

  get name(): string {
    return this.#name;
  }

  set name(name: string) {
    this.#name = name;
  }

  getName(): string {
    return this.#name;
  }

  setName(name: string): void {
    this.#name = name;
  }

  getVersion(): string {
    return this.#context.options.manifest.version ?? '0.0.0';
  }

  getAppPath(): string {
    return this.#context.options.appPath;
  }

  getLocale(): string {
    const tag = (process.env['LANG'] ?? '').split('.')[0]?.replace('_', '-') ?? '';
    return /^[a-z]{2}/.test(tag) ? tag : 'en-US';
  }

  getSystemLocale(): string {
    return this.getLocale();
  }

  getPreferredSystemLanguages(): string[] {
    return [this.getLocale()];
  }

  /** @throws Error for a name Electron does not know. */
  getPath(name: string): string {
    const known = this.#paths.get(name);
    if (known !== undefined) return known;
    switch (name) {
      case 'userData':
        return join(this.getPath('appData'), this.#name);
      case 'sessionData':
        return this.getPath('userData');
      case 'logs':
        return join(this.getPath('userData'), 'logs');
      case 'crashDumps':
        return join(this.getPath('userData'), 'Crashpad');
      default:
        throw new Error(`Failed to get '${name}' path`);
    }
  }

  setPath(name: string, path: string): void {
    if (!isAbsolute(path)) throw new Error('Path must be absolute');
    this.#paths.set(name, path);
  }

  setAppLogsPath(path?: string): void {
    this.#paths.set('logs', path ?? join(this.getPath('userData'), 'logs'));
  }

  isReady(): boolean {
    return this.#context.ready;
  }

  whenReady(): Promise<void> {
    return this.#whenReady.promise;
  }

  /** For the host: everything is there. */
  markReady(): void {
    this.#context.ready = true;
    this.#whenReady.resolve();
    this.emit('ready', hostEvent(), {});
  }

  requestSingleInstanceLock(data?: Record<string, unknown>): boolean {
    if (this.#unlock !== undefined) return true;
    const lock = lockInstance(this.getPath('userData'), data, (argv, cwd, extra) => {
      this.emit('second-instance', hostEvent(), argv, cwd, extra);
    });
    if (lock.kind === 'taken') {
      this.#context.beforeExit.add(lock.told);
      return false;
    }
    this.#unlock = lock.release;
    return true;
  }

  hasSingleInstanceLock(): boolean {
    return this.#unlock !== undefined;
  }

  releaseSingleInstanceLock(): void {
    this.#unlock?.();
    this.#unlock = undefined;
  }

  enableSandbox(): void {
    // Chromium's pages are sandboxed unless it runs as root.
  }

  disableHardwareAcceleration(): void {
    // Always off here.
  }

  focus(): void {
    this.#context.focused?.focus();
  }

  setAppUserModelId(id: string): void {
    this.#record('setAppUserModelId', id);
  }

  setAboutPanelOptions(options: Electron.AboutPanelOptionsOptions): void {
    this.#record('setAboutPanelOptions', options);
  }

  showAboutPanel(): void {
    this.#record('showAboutPanel');
  }

  addRecentDocument(path: string): void {
    this.#record('addRecentDocument', path);
  }

  clearRecentDocuments(): void {
    this.#record('clearRecentDocuments');
  }

  setBadgeCount(count?: number): boolean {
    this.#record('setBadgeCount', count);
    return false;
  }

  setAsDefaultProtocolClient(protocol: string): boolean {
    this.#record('setAsDefaultProtocolClient', protocol);
    return false;
  }

  removeAsDefaultProtocolClient(protocol: string): boolean {
    this.#record('removeAsDefaultProtocolClient', protocol);
    return false;
  }

  isDefaultProtocolClient(): boolean {
    return false;
  }

  isAccessibilitySupportEnabled(): boolean {
    return false;
  }

  quit(): void {
    const context = this.#context;
    if (context.quitting) return;
    const event = hostEvent();
    this.emit('before-quit', event);
    if (event.defaultPrevented) return;
    context.quitting = true;
    void this.#closeAll();
  }

  exit(code = 0): void {
    const context = this.#context;
    context.quitting = true;
    this.releaseSingleInstanceLock();
    this.emit('quit', hostEvent(), code);
    context.streams.close();
    const { browser } = context;
    const told = Promise.allSettled(context.beforeExit);
    if (browser === undefined || browser.process.exitCode !== null) {
      void told.then(() => process.exit(code));
      return;
    }
    browser.process.once('exit', () => void told.then(() => process.exit(code)));
    browser.connection.root.post('Browser.close');
    setTimeout(() => browser.process.kill('SIGKILL'), CLOSE_TIMEOUT);
  }

  async #closeAll(): Promise<void> {
    for (const window of this.#context.windows.values()) {
      if (await window.closeForQuit()) continue;
      // The app or the page kept the window.
      this.#context.quitting = false;
      return;
    }
    const event = hostEvent();
    this.emit('will-quit', event);
    if (event.defaultPrevented) this.#context.quitting = false;
    else this.exit(0);
  }

  #record(method: string, ...args: readonly unknown[]): void {
    this.#context.records.push({ method: `app.${method}`, args });
  }
}
