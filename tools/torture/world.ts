import type { EngineConnection } from '../../src/shared/contract/engine.ts';
import { ConnectionDraft } from '../../src/shared/domain/bookmark.ts';
import type { ConnectionId, GroupId } from '../../src/shared/domain/ids.ts';
import type { EngineHost } from './engine-host.ts';
import type { FaultProxy } from './fault-proxy.ts';
import type { Ledger } from './ledger.ts';
import type { TinyDisk } from './local-files.ts';
import type { Plan } from './plan.ts';
import type { QueueWatch } from './queue-watch.ts';
import type { Random } from './random.ts';
import type { ServerHost } from './server-host.ts';
import type { TortureServer } from './torture-server.ts';

/**
 * Profiles to connect with: without and with conditional writes, and with checksums.
 */
const PROVIDERS = ['generic', 'minio', 'aws'] as const;

/** The connections of a run. */
export const CONNECTIONS = PROVIDERS.map((id) => `torture-${id}` as ConnectionId);

/** Everything a run consists of. */
export interface World {
  readonly random: Random;
  /** Empty folder for sources and downloads. */
  readonly folder: string;
  readonly engine: EngineHost;
  readonly server: TortureServer;
  /** Our own server, which also has faults of its own; `null`: another one. */
  readonly host: ServerHost | null;
  readonly proxy: FaultProxy;
  readonly watch: QueueWatch;
  readonly plan: Plan;
  readonly tinyDisk: TinyDisk | null;
  readonly ledger: Ledger;
  /** Long enough for files that take long. */
  readonly heavy: boolean;
  /** Faults that neither proxy nor server count. */
  readonly counts: Map<string, number>;
  /** Runs one thing at a time: the queue is not added to while an engine is killed. */
  exclusive<T>(work: () => Promise<T>): Promise<T>;
  /** Adds to the queue; sometimes the engine dies right after it said yes. */
  submit(work: () => Promise<{ readonly groupId: GroupId }>): Promise<GroupId>;
  /** Whether new work may begin. */
  isOpen(): boolean;
}

/** Adds one to a count. */
export function bump(counts: Map<string, number>, kind: string): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
}

/** What the engine is told of the server behind the proxy. */
export function connectionsTo(
  proxy: FaultProxy,
  server: TortureServer,
): readonly EngineConnection[] {
  const { credentials } = server;
  return PROVIDERS.map((providerId, index) => ({
    connectionId: CONNECTIONS[index] as ConnectionId,
    credentials,
    draft: ConnectionDraft.parse({
      providerId,
      nickname: '',
      endpoint: `http://127.0.0.1:${proxy.port}`,
      accessKeyId: credentials.accessKeyId,
      root: '',
      region: 'us-east-1',
      signature: 'v4',
      addressing: 'path',
      uploadAcl: 'none',
      // Small parts make many of them; stalls should not take all the time there is.
      advanced: { partSizeMiB: 5, requestTimeoutMs: 3_000, connectTimeoutMs: 1_000 },
    }),
  }));
}
