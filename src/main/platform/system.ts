import type { DesktopPlatform } from '../../shared/bridge.ts';

/** The time, so that tests can hold it still. */
export interface Clock {
  /** ms since 1970. */
  now(): number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, options?: { readonly signal?: AbortSignal }): Promise<void>;
}

/** Random ids. */
export interface Ids {
  /** At most 64 characters, never the same twice. */
  next(): string;
}

/** Facts about this run of the app. */
export interface SystemInfo {
  readonly version: string;
  readonly platform: DesktopPlatform;
  readonly packaged: boolean;
}

/** Folders, all absolute. */
export interface Paths {
  /** Where bookmarks, settings, the vault and the queue live. */
  readonly userData: string;
  readonly logs: string;
  readonly downloads: string;
  readonly temp: string;
}
