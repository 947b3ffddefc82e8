import { app } from 'electron';
import { LINK_SCHEME } from '../app/deep-link.ts';
import type { Logger } from '../logging/logger.ts';

/** Links that came from outside and wait for somebody to open them. */
export interface LinkQueue {
  /** `null` adds nothing. */
  add(link: string | null): void;
  /** Opens the one that waits, and from now on each as it comes. */
  open(opener: (link: string) => Promise<void>): void;
}

/**
 * Collects links from the command line and, on macOS, from the system, which may hand one
 * over before the app is ready: must be made before that. Only the newest waits.
 */
export function createLinkQueue(first: string | null, logger: Logger): LinkQueue {
  let waiting = first;
  let open: ((link: string) => Promise<void>) | null = null;

  function add(link: string | null): void {
    if (link === null) return;
    if (open === null) waiting = link;
    else open(link).catch((error: unknown) => logger.error('link failed', { error }));
  }
  app.on('open-url', (event, url) => {
    event.preventDefault();
    add(url);
  });
  return {
    add,
    open(opener) {
      open = opener;
      const link = waiting;
      waiting = null;
      add(link);
    },
  };
}

/** Makes this app the one that opens our links; only when it is installed. */
export function registerLinkScheme(): void {
  if (!app.isPackaged) return;
  // Windows puts the link behind what is registered: `--` keeps it from being a switch.
  if (process.platform === 'win32') {
    app.setAsDefaultProtocolClient(LINK_SCHEME, process.execPath, ['--']);
  } else {
    app.setAsDefaultProtocolClient(LINK_SCHEME);
  }
}
