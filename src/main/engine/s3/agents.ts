import { lookup as dnsLookup } from 'node:dns';
import type { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { nodeHttp } from '../node-http.ts';
import type { IdleSockets } from './socket-places.ts';

/** The agents of one connection. */
export interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

/** Options of {@link createAgents}. */
export interface AgentOptions {
  /** Most sockets at a time. */
  readonly maxSockets: number;
  /** Called before a socket is opened. */
  readonly onConnect?: () => void;
  /** Milliseconds for TCP and TLS together. */
  readonly connectTimeoutMs: number;
  /** Certificates (PEM) to trust in place of the public authorities; empty: those. */
  readonly caCertificate: string;
}

/**
 * Keep-alive agents with a limit on connecting. The limit lives here because the SDK's own
 * also runs while a request still waits for a free socket.
 */
export function createAgents(options: AgentOptions): Agents {
  const { maxSockets, connectTimeoutMs, caCertificate } = options;
  const shared = { keepAlive: true, maxSockets, maxFreeSockets: maxSockets, lookup };
  const http = new nodeHttp.Agent(shared);
  const https = new HttpsAgent(
    caCertificate === '' ? shared : { ...shared, ca: caCertificate },
  );
  for (const agent of [http, https]) {
    limitConnecting(agent, connectTimeoutMs, options.onConnect);
  }
  return { http, https };
}

function limitConnecting(
  agent: HttpAgent,
  timeoutMs: number,
  onConnect: (() => void) | undefined,
): void {
  const connect = agent.createConnection.bind(agent);
  const ready = agent instanceof HttpsAgent ? 'secureConnect' : 'connect';
  agent.createConnection = (options, callback): Duplex | null | undefined => {
    onConnect?.();
    const socket = connect(options, callback) as Socket;
    const timer = setTimeout(() => {
      socket.destroy(
        Object.assign(new Error(`No connection within ${timeoutMs} ms`), {
          code: 'ETIMEDOUT',
          syscall: 'connect',
        }),
      );
    }, timeoutMs);
    const stop = () => clearTimeout(timer);
    socket.once(ready, stop);
    socket.once('close', stop);
    return socket;
  };
}

/** The sockets of agents that lie idle. */
export function idleSockets({ http, https }: Agents): IdleSockets {
  const all = (): Socket[] =>
    [http, https].flatMap((agent) =>
      Object.values(agent.freeSockets)
        .flatMap((sockets) => sockets ?? [])
        // The agent hears of its end only later.
        .filter((socket) => !socket.destroyed),
    );
  return {
    count: () => all().length,
    closeOne() {
      const [socket] = all();
      socket?.destroy();
      return socket !== undefined;
    },
  };
}

/**
 * Names under `localhost` are this computer, which not every resolver knows; buckets as
 * virtual hosts of a local server need it. https://www.rfc-editor.org/rfc/rfc6761#section-6.3
 */
export const lookup: LookupFunction = (hostname, options, callback) => {
  const name = hostname.endsWith('.localhost') ? 'localhost' : hostname;
  dnsLookup(name, options, callback);
};
