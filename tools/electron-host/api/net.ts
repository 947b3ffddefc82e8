import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { fileURLToPath } from 'node:url';
import type { HostContext } from '../context.ts';

/** Chromium's types of the files an app ships. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain',
  '.mp4': 'video/mp4',
};

async function fetchFile(url: string): Promise<Response> {
  const path = fileURLToPath(url);
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined || !stats.isFile()) throw new Error('net::ERR_FILE_NOT_FOUND');
  const body = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
  const type = TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream';
  const headers = { 'content-type': type, 'content-length': String(stats.size) };
  return new Response(body as BodyInit, { headers });
}

/** Electron's `net`: fetch, also of files, with a streamed body. */
export function createNet() {
  return {
    fetch(input: string | Request, init?: RequestInit): Promise<Response> {
      const url = typeof input === 'string' ? input : input.url;
      return url.startsWith('file:') ? fetchFile(url) : fetch(input, init);
    },
    isOnline: (): boolean => true,
    online: true,
  };
}

/** Electron's `protocol`. */
export function createProtocol({ schemes, app }: HostContext) {
  return {
    registerSchemesAsPrivileged(list: readonly Electron.CustomScheme[]): void {
      if ((app as unknown as Electron.App).isReady()) {
        throw new Error(
          'protocol.registerSchemesAsPrivileged should be called before app is ready',
        );
      }
      for (const { scheme } of list) schemes.add(scheme);
    },
    handle(
      scheme: string,
      handler: (request: Request) => Response | Promise<Response>,
    ): void {
      schemes.handle(scheme, handler);
    },
    unhandle: (scheme: string): void => schemes.unhandle(scheme),
    isProtocolHandled: (scheme: string): boolean =>
      schemes.handlerFor(`${scheme}:`) !== undefined,
  };
}
