/** Answers the requests of a custom scheme. */
export type SchemeHandler = (request: Request) => Response | Promise<Response>;

/** Chromium refuses to navigate to unknown schemes, so hosts of this top domain stand for them. */
export const ALIAS_SUFFIX = '.invalid';

/** The custom schemes of the app: `app://host/path` is `https://host.app.invalid/path` to Chromium. */
export class Schemes {
  readonly #names = new Set<string>();
  readonly #handlers = new Map<string, SchemeHandler>();

  /** The registered schemes. */
  names(): readonly string[] {
    return [...this.#names];
  }

  /** Makes the scheme known. */
  add(scheme: string): void {
    this.#names.add(scheme.toLowerCase());
  }

  /** @throws Error when the scheme has a handler. */
  handle(scheme: string, handler: SchemeHandler): void {
    if (this.#handlers.has(scheme)) {
      throw new Error(`Failed to register protocol: ${scheme}`);
    }
    this.add(scheme);
    this.#handlers.set(scheme, handler);
  }

  /** Forgets the scheme's handler. */
  unhandle(scheme: string): void {
    this.#handlers.delete(scheme);
  }

  /** The handler for an address of a custom scheme. */
  handlerFor(url: string): SchemeHandler | undefined {
    return this.#handlers.get(url.slice(0, Math.max(0, url.indexOf(':'))));
  }

  /** Whether the address is one of a custom scheme. */
  owns(url: string): boolean {
    return this.#names.has(url.slice(0, Math.max(0, url.indexOf(':'))).toLowerCase());
  }

  /** `app://host/path` as Chromium must see it; other addresses as they are. */
  toAlias(url: string): string {
    const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/is.exec(url);
    const scheme = match?.[1]?.toLowerCase() ?? '';
    if (!this.#names.has(scheme)) return url;
    return `https://${match?.[2] ?? ''}.${scheme}${ALIAS_SUFFIX}${match?.[3] || '/'}`;
  }

  /** The reverse of {@link toAlias}. */
  fromAlias(url: string): string {
    const match = /^https:\/\/(.+)\.([a-z][a-z0-9+-]*)\.invalid([/?#].*)?$/is.exec(url);
    const scheme = match?.[2]?.toLowerCase() ?? '';
    if (!this.#names.has(scheme)) return url;
    return `${scheme}://${match?.[1] ?? ''}${match?.[3] ?? ''}`;
  }

  /** The origin as Electron reports it: `app://host`, or `null` text for opaque ones. */
  originOf(url: string): string {
    if (!URL.canParse(url)) return 'null';
    const { origin, protocol, host } = new URL(url);
    return origin === 'null' && this.owns(url) ? `${protocol}//${host}` : origin;
  }

  /** Adds the alias to a Content-Security-Policy that names a scheme such as `app:`. */
  aliasPolicy(policy: string): string {
    return policy.replaceAll(
      /(^|[\s;])([a-z][a-z0-9+-]*):(?=[\s;]|$)/gi,
      (all: string, before: string, scheme: string) =>
        this.#names.has(scheme)
          ? `${all} https://*.${scheme}${ALIAS_SUFFIX}`
          : before + all.trim(),
    );
  }
}

/** A request whose address keeps its custom scheme; undici's Request takes only http. */
export class SchemeRequest extends Request {
  readonly #url: string;

  constructor(url: string, init: RequestInit) {
    super(url.replace(/^[a-z][a-z0-9+.-]*:/i, 'http:'), init);
    this.#url = url;
  }

  override get url(): string {
    return this.#url;
  }
}
