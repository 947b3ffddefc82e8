import { isAbsolute, posix, relative, resolve } from 'node:path';

/** Scheme of the window's own pages. */
export const APP_SCHEME = 'app';
/** The one host of {@link APP_SCHEME}. */
export const APP_HOST = 'dipper';
/** Origin of the window. */
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;
/** The page the window loads. */
export const APP_PAGE = `${APP_ORIGIN}/index.html`;

/** Whether an address belongs to the app, so that the window may go there. */
export function isAppUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.protocol === `${APP_SCHEME}:` && url.host === APP_HOST;
}

/**
 * The file under `root` that an address names, or `null` when it names none: another
 * host, a path that leads outside, a null byte, a backslash, a malformed escape.
 */
export function resolveAppFile(root: string, text: string): string | null {
  if (!isAppUrl(text)) return null;
  const path = decodePath(new URL(text).pathname);
  if (path === null || /[\0\\]/.test(path)) return null;
  // Decoded first: `..%2f` is a way up only after decoding.
  if (path.split('/').includes('..')) return null;
  const name = posix.normalize(path).replace(/^\/+/, '');
  const file = resolve(root, name === '' ? 'index.html' : name);
  // Nothing gets here that leads outside; should a rule above ever be loosened, this holds.
  const inside = relative(root, file);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? null : file;
}

function decodePath(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
