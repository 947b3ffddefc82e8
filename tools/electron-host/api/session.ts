import { EventEmitter } from 'node:events';
import type { HostContents } from '../contents.ts';
import type { HostContext } from '../context.ts';

type RequestHandler = Parameters<Electron.Session['setPermissionRequestHandler']>[0];
type CheckHandler = Parameters<Electron.Session['setPermissionCheckHandler']>[0];
type Permission = Parameters<NonNullable<CheckHandler>>[1];

/** Electron's permissions and DevTools' names of them. */
const PERMISSIONS: readonly (readonly [electron: Permission, chromium: string])[] = [
  ['notifications', 'notifications'],
  ['geolocation', 'geolocation'],
  ['clipboard-read', 'clipboard-read'],
  ['clipboard-sanitized-write', 'clipboard-write'],
  ['midi', 'midi'],
  ['media', 'camera'],
];

/** Electron's default session. */
export class HostSession extends EventEmitter {
  readonly #context: HostContext;
  #onRequest: RequestHandler = null;
  #onCheck: CheckHandler = null;

  constructor(context: HostContext) {
    super();
    this.#context = context;
  }

  setPermissionRequestHandler(handler: RequestHandler): void {
    this.#onRequest = handler;
  }

  setPermissionCheckHandler(handler: CheckHandler): void {
    this.#onCheck = handler;
  }

  /** Chromium here has no such devices to offer. */
  setDevicePermissionHandler(): void {
    this.#note('setDevicePermissionHandler');
  }

  setDisplayMediaRequestHandler(): void {
    this.#note('setDisplayMediaRequestHandler');
  }

  setSpellCheckerEnabled(enable: boolean): void {
    this.#note('setSpellCheckerEnabled', enable);
  }

  setSpellCheckerLanguages(languages: string[]): void {
    this.#note('setSpellCheckerLanguages', languages);
  }

  isPersistent(): boolean {
    return true;
  }

  async clearCache(): Promise<void> {
    const { browser } = this.#context;
    if (browser === undefined) return;
    for (const contents of this.#context.contents.values()) {
      contents.post('Network.clearBrowserCache');
    }
  }

  flushStorageData(): void {
    // Chromium writes by itself.
  }

  /**
   * For the host: DevTools cannot ask when a page wants a permission, so the app's
   * handlers are asked for each one when an origin is loaded, and the answers are set.
   */
  async applyPermissions(contents: HostContents, url: string): Promise<void> {
    const { browser, schemes } = this.#context;
    if (browser === undefined || (this.#onRequest === null && this.#onCheck === null))
      return;
    const alias = schemes.toAlias(url);
    if (!URL.canParse(alias) || !alias.startsWith('http')) return;
    const { origin } = new URL(alias);
    const requestingOrigin = schemes.originOf(url);
    await Promise.all(
      PERMISSIONS.map(async ([permission, name]) => {
        const granted =
          this.#checks(contents, permission, requestingOrigin) &&
          (await this.#asks(contents, permission, url));
        const setting = granted ? ('granted' as const) : ('denied' as const);
        await browser.connection.root
          .send('Browser.setPermission', { permission: { name }, setting, origin })
          .catch((error: unknown) => this.#context.log('permission', name, error));
      }),
    );
  }

  #checks(contents: HostContents, permission: Permission, origin: string): boolean {
    const details = { isMainFrame: true, requestingUrl: `${origin}/` };
    return this.#onCheck?.(contents.electron, permission, origin, details) ?? true;
  }

  #asks(contents: HostContents, permission: Permission, url: string): Promise<boolean> {
    const handler = this.#onRequest;
    if (handler === null) return Promise.resolve(true);
    return new Promise((resolve) => {
      handler(contents.electron, permission, resolve, {
        isMainFrame: true,
        requestingUrl: url,
      });
    });
  }

  #note(method: string, ...args: readonly unknown[]): void {
    this.#context.records.push({ method: `session.${method}`, args });
  }
}
