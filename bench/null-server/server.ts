import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { ServerState } from './answers.ts';
import { serveConnection } from './connection.ts';
import { Pattern } from './pattern.ts';
import { NullStore, type ReceivedPart } from './store.ts';
import { tierOf } from './tier.ts';

/** Objects to make. */
export interface GenerateOptions {
  readonly bucket: string;
  /** Keys are `prefix` and a number of seven digits; for a count of 1 `prefix` itself. */
  readonly prefix: string;
  readonly count: number;
  /** Bytes each. */
  readonly size: number;
  /** `md5`: the content's MD5, as of a plain upload. `opaque`: one that tells nothing. */
  readonly etag: 'md5' | 'opaque';
}

/** What lies under a prefix. */
export interface Contents {
  readonly count: number;
  readonly bytes: number;
  /** SHA-256 over the sorted lines `key size`, hex. */
  readonly digest: string;
}

/** An object as it came. */
export interface ReceivedObject {
  readonly key: string;
  readonly parts: readonly ReceivedPart[];
}

/** What may be done to the server besides S3. Everything is plain data. */
export interface NullServerControl {
  generate(options: GenerateOptions): void;
  /** Removes all under a prefix, and every upload under way. */
  clear(bucket: string, prefix: string): void;
  contents(bucket: string, prefix: string): Contents;
  /** Objects under a prefix with the hashes of {@link setVerify}. */
  received(bucket: string, prefix: string): readonly ReceivedObject[];
  /** Hash uploads from now on, or not. */
  setVerify(on: boolean): void;
  /** Milliseconds before each answer. */
  setDelay(ms: number): void;
  /** How uploads protected their bytes since the last look, such as `sha256+md5`. */
  takeTier(): string;
  /** The names clients gave themselves since the last look. */
  takeAgents(): readonly string[];
}

/** A running server. */
export interface NullServer {
  readonly http: number;
  readonly https: number;
  readonly control: NullServerControl;
  close(): Promise<void>;
}

/**
 * Starts an S3 server that keeps nothing: signatures are not checked, uploads are thrown
 * away, objects are generated. Loopback only, ports of the system's choice.
 */
export async function startNullServer(tls: {
  readonly key: string;
  readonly cert: string;
}): Promise<NullServer> {
  const state: ServerState = {
    store: new NullStore(),
    pattern: new Pattern(),
    verify: false,
    protections: new Set(),
    agents: new Set(),
    pages: new Map(),
  };
  let delay = 0;
  const sockets = new Set<Socket>();
  function serve(socket: Socket): void {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serveConnection(socket, { state, delay: () => delay });
  }
  const servers = [createServer(serve), createTlsServer(tls, serve)] as const;
  // A handshake that fails is the client's to report.
  servers[1].on('tlsClientError', () => {});
  const [http, https] = await Promise.all([listen(servers[0]), listen(servers[1])]);
  return {
    http,
    https,
    control: createControl(state, (ms) => {
      delay = ms;
    }),
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => closed(server)));
    },
  };
}

function createControl(
  state: ServerState,
  setDelay: (ms: number) => void,
): NullServerControl {
  const { store, pattern } = state;
  return {
    generate({ bucket, prefix, count, size, etag }) {
      state.pages.clear();
      const metadata = new Map<string, string>();
      const received: readonly ReceivedPart[] = [];
      for (let index = 0; index < count; index++) {
        const key = count === 1 ? prefix : numbered(prefix, index);
        store.put(bucket, key, {
          size,
          etag: etag === 'md5' ? pattern.etag(key, size, null) : opaqueEtag(key),
          modified: Date.UTC(2026, 0, 1) + index * 1_000,
          metadata,
          received,
        });
      }
    },
    clear(bucket, prefix) {
      state.pages.clear();
      for (const key of store.under(bucket, prefix)) store.remove(bucket, key);
      store.uploads.clear();
    },
    contents(bucket, prefix) {
      const hash = createHash('sha256');
      const keys = store.under(bucket, prefix);
      let bytes = 0;
      for (const key of keys) {
        const size = store.get(bucket, key)?.size ?? 0;
        bytes += size;
        hash.update(`${key} ${size}\n`);
      }
      return { count: keys.length, bytes, digest: hash.digest('hex') };
    },
    received: (bucket, prefix) =>
      store.under(bucket, prefix).map((key) => ({
        key,
        parts: store.get(bucket, key)?.received ?? [],
      })),
    setVerify(on) {
      state.verify = on;
    },
    setDelay,
    takeTier() {
      const tier = tierOf(state.protections);
      state.protections.clear();
      return tier;
    },
    takeAgents() {
      const agents = [...state.agents];
      state.agents.clear();
      return agents;
    },
  };
}

/** Key of a generated object. */
export function numbered(prefix: string, index: number): string {
  return `${prefix}${String(index).padStart(7, '0')}`;
}

/**
 * As of an upload in a thousand parts: none of the sizes that programs use, nor an even
 * one, gives so many of the objects here, so that nobody can guess what to hash.
 */
function opaqueEtag(key: string): string {
  return `${createHash('md5').update(key).digest('hex')}-1000`;
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
