import { randomBytes } from 'node:crypto';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A response waiting to be fetched once. */
export interface StreamedResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Serves large bodies of custom schemes to Chromium. DevTools can only answer a request
 * with a whole body in one message (about 70 MB at most), but it can quietly send the
 * request elsewhere: here, a loopback port whose paths cannot be guessed and work once.
 */
export class StreamServer {
  readonly #waiting = new Map<string, StreamedResponse>();
  #server: Server | undefined;

  /** Offers `response` and returns its one-time address. */
  async offer(response: StreamedResponse): Promise<string> {
    const server = this.#server ?? (await this.#listen());
    const token = randomBytes(24).toString('base64url');
    this.#waiting.set(token, response);
    const { port } = server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/${token}`;
  }

  /** Stops listening; open answers are cut. */
  close(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
    this.#server = undefined;
  }

  async #listen(): Promise<Server> {
    const server = createServer((request, response) => {
      // A reader that goes away ends the pipeline; nobody waits for the outcome.
      this.#answer(request, response).catch(() => response.destroy());
    });
    this.#server = server;
    server.unref();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return server;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const token = (request.url ?? '').slice(1);
    const found = this.#waiting.get(token);
    if (found === undefined) {
      response.writeHead(404).end();
      return;
    }
    this.#waiting.delete(token);
    const { origin } = request.headers;
    // To the network stack the page's request crosses origins now.
    const headers = [
      ...found.headers,
      ['access-control-allow-origin', origin ?? '*'] as const,
      ['access-control-allow-credentials', 'true'] as const,
      [
        'access-control-expose-headers',
        found.headers.map(([name]) => name).join(', '),
      ] as const,
    ];
    response.writeHead(found.status, headers.flat());
    await pipeline(Readable.from(found.body), response);
  }
}
