import type { S3Client } from '@aws-sdk/client-s3';
import type { Credentials } from '../../../shared/contract/engine.ts';
import type { ConnectionDraft } from '../../../shared/domain/bookmark.ts';
import type { RequestSink } from '../requests/request-log.ts';
import { createAgents, idleSockets } from './agents.ts';
import type { SdkClients } from './sdk-client.ts';
import { type ClockLead, narrowed } from './server-clock.ts';
import type { SocketPlaces } from './socket-places.ts';

/** Which server a request goes to and how it is addressed and signed. */
export interface Route {
  /** Scheme, host and port. */
  readonly endpoint: string;
  readonly region: string;
  readonly pathStyle: boolean;
}

/** SDK clients of one connection, one per {@link Route}, over shared sockets. */
export interface ClientPool {
  /** The first one of all loads the SDK. */
  client(route: Route): Promise<S3Client>;
  /** What to add to this computer's clock to get the server's, ms. */
  setClockOffset(offset: number): void;
  /** What the answers so far tell of the server's clock; `null`: nothing. */
  clockLead(): ClockLead | null;
  /** Notes what an answer told of the server's clock. */
  heard(lead: ClockLead): void;
  /** Ends all sockets; requests open new ones. */
  dropSockets(): void;
  destroy(): void;
}

/** Options of {@link createClientPool}. */
export interface ClientPoolOptions {
  readonly draft: ConnectionDraft;
  /** `null`: anonymous. */
  readonly credentials: Credentials | null;
  readonly now: () => number;
  /** For its sockets. */
  readonly places: SocketPlaces;
  /** Hears of every request. */
  readonly requestLog?: RequestSink | undefined;
}

/** Makes clients as they are needed. */
export function createClientPool(options: ClientPoolOptions): ClientPool {
  const { advanced } = options.draft;
  const { places } = options;
  const agents = createAgents({ ...advanced, onConnect: () => places.makeRoom() });
  places.addIdle(idleSockets(agents));
  const clients = new Map<string, S3Client>();
  let sdk: SdkClients | null = null;
  let clockOffset = 0;
  let lead: ClockLead | null = null;
  const heard = (seen: ClockLead): void => {
    lead = narrowed(lead, seen);
  };

  /** The SDK takes 30 MiB and 80 ms: who moves small files over the lean path never loads it. */
  async function load(): Promise<SdkClients> {
    const { createSdkClients } = await import('./sdk-client.ts');
    sdk ??= createSdkClients({
      ...options,
      agents,
      clockOffset: () => clockOffset,
      onClock: heard,
    });
    return sdk;
  }

  function dropSockets(): void {
    agents.http.destroy();
    agents.https.destroy();
  }

  return {
    async client(route) {
      const { create } = sdk ?? (await load());
      const id = `${route.pathStyle ? 'path' : 'host'} ${route.region} ${route.endpoint}`;
      const client = clients.get(id) ?? create(route);
      clients.set(id, client);
      return client;
    },
    setClockOffset(offset) {
      clockOffset = offset;
      for (const client of clients.values()) client.config.systemClockOffset = offset;
    },
    clockLead: () => lead,
    heard,
    dropSockets,
    destroy() {
      sdk?.destroy();
      dropSockets();
    },
  };
}
