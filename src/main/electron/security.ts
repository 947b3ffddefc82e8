import { app, type Session, type WebContents } from 'electron';
import type { Logger } from '../logging/logger.ts';
import { APP_ORIGIN, isAppUrl } from './app-url.ts';

/** Closes every way out of the app's own pages, for all contents there will ever be. */
export function guardAllContents(logger: Logger): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents, logger));
}

function guardContents(contents: WebContents, logger: Logger): void {
  contents.setWindowOpenHandler(({ url }) => {
    logger.warn('window refused', { url });
    return { action: 'deny' };
  });
  contents.on('will-frame-navigate', (event) => {
    if (isAppUrl(event.url)) return;
    logger.warn('navigation refused', { url: event.url });
    event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (!isAppUrl(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** Refuses every permission but writing plain text to the clipboard from our own page. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) =>
    callback(isAllowed(permission, details.requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) =>
    isAllowed(permission, origin),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, callback) => callback({}));
}

function isAllowed(permission: string, from: string): boolean {
  const ours = from === APP_ORIGIN || isAppUrl(from);
  return permission === 'clipboard-sanitized-write' && ours;
}
