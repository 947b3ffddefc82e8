import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { net, protocol } from 'electron';
import { APP_SCHEME, isAppUrl, resolveAppFile } from './app-url.ts';
import { contentType, securityHeaders } from './response-headers.ts';

/** Declares the scheme. Must run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: {
        standard: true,
        secure: true,
        supportFetchAPI: true,
        codeCache: true,
      },
    },
  ]);
}

/**
 * Serves the window's files from `root`; from a development server instead where
 * `developmentServer` names one.
 */
export function serveAppScheme(options: {
  readonly root: string;
  readonly developmentServer: string | null;
}): void {
  const { root, developmentServer } = options;
  const security = securityHeaders({ development: developmentServer !== null });
  protocol.handle(APP_SCHEME, (request) =>
    developmentServer === null
      ? serveFile(request, root, security)
      : proxy(request, developmentServer, security),
  );
}

type HeaderMap = Readonly<Record<string, string>>;

async function serveFile(
  request: Request,
  root: string,
  security: HeaderMap,
): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return new Response(null, {
      status: 405,
      headers: { ...security, Allow: 'GET, HEAD' },
    });
  }
  const path = resolveAppFile(root, request.url);
  const size = path === null ? null : await sizeOfFile(path);
  if (path === null || size === null) {
    return new Response(null, { status: 404, headers: security });
  }
  const body =
    request.method === 'HEAD'
      ? null
      : (Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>);
  return new Response(body, {
    headers: {
      ...security,
      'Content-Type': contentType(path),
      'Content-Length': String(size),
      // The files change with the app, and loading them from the disk costs nothing.
      'Cache-Control': 'no-cache',
    },
  });
}

async function sizeOfFile(path: string): Promise<number | null> {
  try {
    const info = await stat(path);
    return info.isFile() ? info.size : null;
  } catch {
    return null;
  }
}

/** The development server's answer under our own origin, so that all checks stay as they are. */
async function proxy(
  request: Request,
  server: string,
  security: HeaderMap,
): Promise<Response> {
  if (!isAppUrl(request.url)) return new Response(null, { status: 404 });
  const { pathname, search } = new URL(request.url);
  const answer = await net.fetch(new URL(`${pathname}${search}`, server).href);
  const headers = new Headers(answer.headers);
  for (const [name, value] of Object.entries(security)) headers.set(name, value);
  return new Response(answer.body, { status: answer.status, headers });
}
