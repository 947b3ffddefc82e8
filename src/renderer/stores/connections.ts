import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ConnectionInfo } from '../../shared/contract/connections.ts';
import type { ConnectionId } from '../../shared/domain/ids.ts';

/** Connections that are open in this window. */
export interface ConnectionsState {
  readonly open: readonly ConnectionInfo[];
}

/** The open connections. */
export interface Connections {
  readonly store: StoreApi<ConnectionsState>;
  /** Adds a connection, or replaces the one of the same id. */
  readonly add: (connection: ConnectionInfo) => void;
  readonly remove: (id: ConnectionId) => void;
  readonly get: (id: ConnectionId) => ConnectionInfo | null;
}

/** Makes the list of open connections. */
export function createConnections(): Connections {
  const store = createStore<ConnectionsState>(() => ({ open: [] }));
  return {
    store,
    add: (connection) => {
      store.setState(({ open }) => ({
        open: [
          ...open.filter((other) => other.connectionId !== connection.connectionId),
          connection,
        ],
      }));
    },
    remove: (id) => {
      store.setState(({ open }) => ({
        open: open.filter((other) => other.connectionId !== id),
      }));
    },
    get: (id) => store.getState().open.find((c) => c.connectionId === id) ?? null,
  };
}
