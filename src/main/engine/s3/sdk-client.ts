import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { logSdk } from '../requests/log-sdk.ts';
import type { Agents } from './agents.ts';
import type { ClientPoolOptions, Route } from './client-pool.ts';
import { checkResponses } from './response-middleware.ts';
import type { ClockLead } from './server-clock.ts';
import { type SignableRequest, signV2 } from './signature-v2.ts';
import type { SocketPlaces } from './socket-places.ts';

/** Makes clients of the SDK over the sockets of one connection. */
export interface SdkClients {
  readonly create: (route: Route) => S3Client;
  destroy(): void;
}

/** Options of {@link createSdkClients}. */
export interface SdkClientsOptions extends ClientPoolOptions {
  readonly agents: Agents;
  /** What to add to this computer's clock to get the server's, ms. */
  readonly clockOffset: () => number;
  /** An answer told of the server's clock. */
  readonly onClock: (seen: ClockLead) => void;
}

type Send = (command: never, options?: SendOptions) => Promise<object>;

/** What `send` takes besides the command. */
interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Only whoever needs the SDK imports this module: see client-pool.ts. */
export function createSdkClients(options: SdkClientsOptions): SdkClients {
  const handler = createHandler(options.agents, options.draft.advanced.requestTimeoutMs);

  function create(route: Route): S3Client {
    const { draft, credentials, now, places, clockOffset } = options;
    const unsigned = draft.signature === 'anonymous' || credentials === null;
    const client = new S3Client({
      endpoint: route.endpoint,
      region: route.region,
      forcePathStyle: route.pathStyle,
      credentials: {
        accessKeyId: credentials?.accessKeyId ?? '',
        secretAccessKey: credentials?.secretAccessKey ?? '',
        ...(credentials?.sessionToken ? { sessionToken: credentials.sessionToken } : {}),
      },
      requestHandler: handler,
      // The requester retries: it alone knows regions, clocks and progress.
      maxAttempts: 1,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      expectContinueHeader: false,
      followRegionRedirects: false,
      disableS3ExpressSessionAuth: true,
      systemClockOffset: clockOffset(),
      customUserAgent: 'Dipper',
      logger: SILENT,
      ...(unsigned
        ? { signer: { sign: (request) => Promise.resolve(request) } }
        : draft.signature === 'v2'
          ? {
              signer: {
                sign: (request) => {
                  const signable = request as unknown as SignableRequest;
                  const date = new Date(now() + clockOffset());
                  const bucket = bucketInHost(signable.hostname, route);
                  // `?uploads=` and `?uploads` are signed differently; the short one is sent.
                  for (const [name, value] of Object.entries(request.query ?? {})) {
                    if (value === '' && request.query) request.query[name] = null;
                  }
                  const headers = signV2(signable, credentials, date, bucket);
                  return Promise.resolve(Object.assign(request, { headers }));
                },
              },
            }
          : {}),
    });
    shapeRequests(client, draft.signature === 'v4-unsigned-payload');
    checkResponses(client, now, options.onClock);
    if (options.requestLog !== undefined) logSdk(client, options.requestLog, now);
    takePlaces(client, places);
    return client;
  }

  return { create, destroy: () => handler.destroy() };
}

/** Inactivity ends a request, not its length: uploads may take hours. */
function createHandler(agents: Agents, idleTimeoutMs: number): NodeHttpHandler {
  return new NodeHttpHandler({
    httpAgent: agents.http,
    httpsAgent: agents.https,
    socketTimeout: idleTimeoutMs,
    logger: SILENT,
  });
}

/** Has every request wait for its place before it is signed, and keep it to its end. */
function takePlaces(client: S3Client, places: SocketPlaces): void {
  const send = client.send.bind(client) as Send;
  const placed: Send = async (command, options) => {
    const release = await places.take(options?.abortSignal);
    try {
      const output = await send(command, options);
      const { Body: body } = output as { readonly Body?: unknown };
      if (body instanceof Readable && !body.closed) body.once('close', release);
      // The agent has the socket back a moment later.
      else setImmediate(release);
      return output;
    } catch (error) {
      setImmediate(release);
      throw error;
    }
  };
  Object.assign(client, { send: placed });
}

/** Last touches before signing. */
function shapeRequests(client: S3Client, unsignedPayload: boolean): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as {
        headers: Record<string, string>;
        query?: Record<string, unknown>;
      };
      // Says nothing the method and path do not, and some servers take it for a sub-resource.
      delete request.query?.['x-id'];
      if (unsignedPayload) request.headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
      return next(args);
    },
    { step: 'build', priority: 'low', name: 'dipperShapeRequest', override: true },
  );
}

function bucketInHost(hostname: string, route: Route): string | null {
  const base = new URL(route.endpoint).hostname;
  return hostname !== base && hostname.endsWith(`.${base}`)
    ? hostname.slice(0, -base.length - 1)
    : null;
}
