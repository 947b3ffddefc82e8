import { isDeepStrictEqual } from 'node:util';
import type { EngineConnection } from '../../../shared/contract/engine.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { createS3Connection, type S3ConnectionOptions } from './create-connection.ts';
import type { ConnectionRegistry, S3Connection } from './s3-connection.ts';

/** The registry as its owner sees it. */
export interface ConnectionDirectory extends ConnectionRegistry {
  /** Makes a connection usable or replaces it. Throws `input.endpoint`. */
  configure(config: EngineConnection): void;
  /** Ends a connection and forgets its credentials. An unknown one is fine. */
  forget(connectionId: ConnectionId): void;
  /** Ends the sockets of all connections, as after sleep; requests open new ones. */
  dropSockets(): void;
  /** All that are configured. */
  all(): Iterable<S3Connection>;
  destroy(): void;
}

/** An empty registry. Secrets stay in memory only. */
export function createConnectionRegistry(
  options: S3ConnectionOptions = {},
): ConnectionDirectory {
  const connections = new Map<ConnectionId, S3Connection>();
  const configs = new Map<ConnectionId, EngineConnection>();
  const listeners = new Set<(connectionId: ConnectionId) => void>();

  function tell(connectionId: ConnectionId): void {
    for (const listener of listeners) listener(connectionId);
  }

  return {
    get: (connectionId) => connections.get(connectionId),
    require(connectionId) {
      const connection = connections.get(connectionId);
      if (connection === undefined) throw new AppError('connection.not-open');
      return connection;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    configure(config) {
      const { advanced } = config.draft;
      options.bandwidth?.setConnection(config.connectionId, advanced);
      // Opening a bookmark again must not cut what runs over it, nor another limit.
      const before = configs.get(config.connectionId);
      if (before === undefined || !isSameConnection(before, config)) {
        const connection = createS3Connection(config, options);
        connections.get(config.connectionId)?.destroy();
        connections.set(config.connectionId, connection);
        configs.set(config.connectionId, config);
      }
      tell(config.connectionId);
    },
    forget(connectionId) {
      const connection = connections.get(connectionId);
      if (connection === undefined) return;
      connections.delete(connectionId);
      configs.delete(connectionId);
      connection.destroy();
      tell(connectionId);
    },
    all: () => connections.values(),
    dropSockets() {
      for (const connection of connections.values()) connection.dropSockets();
    },
    destroy() {
      for (const connection of connections.values()) connection.destroy();
      connections.clear();
      configs.clear();
      listeners.clear();
    },
  };
}

/** Whether requests go the same way; how fast they may is another matter. */
function isSameConnection(a: EngineConnection, b: EngineConnection): boolean {
  return isDeepStrictEqual(withoutLimits(a), withoutLimits(b));
}

function withoutLimits(config: EngineConnection): unknown {
  const { draft } = config;
  const advanced = { ...draft.advanced, uploadLimitKiBs: 0, downloadLimitKiBs: 0 };
  return { ...config, draft: { ...draft, advanced } };
}
