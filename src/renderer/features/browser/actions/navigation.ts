import type { ConnectionInfo } from '../../../../shared/contract/connections.ts';
import type { ConnectionDraft, SecretInput } from '../../../../shared/domain/bookmark.ts';
import type { BookmarkId, ConnectionId } from '../../../../shared/domain/ids.ts';
import {
  type AddressProblem,
  parentPrefix,
  parseAddress,
} from '../../../../shared/domain/remote-path.ts';
import { type Api, toAppError } from '../../../bridge/api.ts';
import type { Connections } from '../../../stores/connections.ts';
import type { Location } from '../model/location.ts';
import type { Pane } from '../pane/pane.ts';

/** Getting from place to place. */
export interface Navigation {
  /** Opens a bookmark's connection and shows its root. Rejects with an AppError. */
  readonly openBookmark: (id: BookmarkId) => Promise<void>;
  /** Shows the root of a connection that was just opened. */
  readonly showConnection: (connection: ConnectionInfo) => void;
  /** Connects without saving a bookmark. Rejects with an AppError. */
  readonly openQuick: (
    draft: ConnectionDraft,
    secret: SecretInput | null,
  ) => Promise<void>;
  /** Closes a connection; the one on screen unless told. */
  readonly disconnect: (id?: ConnectionId) => Promise<void>;
  readonly go: (location: Location) => void;
  /**
   * Goes to a typed address: a folder is opened, an object is shown in its folder.
   * Returns why the text is no address here, or `null` when it is on its way.
   */
  readonly goToAddress: (
    text: string,
    connectionId: ConnectionId,
  ) => Promise<AddressProblem | null>;
  /** The connection on screen, or `null`. */
  readonly connection: () => ConnectionInfo | null;
}

/** Where a connection starts. */
export function rootOf(connection: ConnectionInfo): Location {
  return {
    connectionId: connection.connectionId,
    bucket: connection.rootBucket,
    prefix: connection.rootBucket === null ? '' : connection.rootPrefix,
  };
}

/** Makes the navigation of a window. */
export function createNavigation(deps: {
  readonly api: Api;
  readonly pane: Pane;
  readonly connections: Connections;
  readonly newTaskId: () => string;
}): Navigation {
  const { api, pane, connections } = deps;

  const connection = (): ConnectionInfo | null => {
    const { location } = pane.store.getState();
    return location && connections.get(location.connectionId);
  };

  function showConnection(info: ConnectionInfo): void {
    connections.add(info);
    pane.navigate(rootOf(info));
  }

  /** Whether an address without a trailing slash is a folder; unsure means yes. */
  async function isFolder(connectionId: ConnectionId, bucket: string, key: string) {
    try {
      const page = await api.browse.list({
        connectionId,
        bucket,
        prefix: `${key}/`,
        cursor: null,
        fresh: false,
        taskId: deps.newTaskId(),
      });
      if (page.keys.length > 0 || page.prefixes.length > 0) return true;
      await api.browse.details({ connectionId, bucket, key });
      return false;
    } catch (error) {
      // Not allowed to look or not there: show the folder, which says what is wrong.
      toAppError(error);
      return true;
    }
  }

  return {
    connection,
    showConnection,
    openBookmark: async (bookmarkId) => {
      showConnection(await api.connections.open({ bookmarkId }));
    },
    openQuick: async (draft, secret) => {
      showConnection(await api.connections.quick({ draft, secret }));
    },
    disconnect: async (id) => {
      const shown = connection();
      const info = id === undefined ? shown : connections.get(id);
      if (!info) return;
      if (info.connectionId === shown?.connectionId) pane.close();
      connections.remove(info.connectionId);
      await api.connections.close({ connectionId: info.connectionId });
    },
    go: (location) => pane.navigate(location),
    goToAddress: async (text, connectionId) => {
      const info = connections.get(connectionId);
      const { location } = pane.store.getState();
      const currentBucket =
        location?.connectionId === connectionId ? location.bucket : null;
      if (text.trim() === '/') {
        pane.navigate({ connectionId, bucket: null, prefix: '' });
        return null;
      }
      const result = parseAddress(text, {
        endpoint: info?.endpoint ?? '',
        currentBucket,
      });
      if (!result.ok) return result.reason;
      const { bucket, key } = result;
      if (key === '' || key.endsWith('/')) {
        pane.navigate({ connectionId, bucket, prefix: key });
      } else if (await isFolder(connectionId, bucket, key)) {
        pane.navigate({ connectionId, bucket, prefix: `${key}/` });
      } else {
        pane.navigate(
          { connectionId, bucket, prefix: parentPrefix(key) },
          { select: key },
        );
      }
      return null;
    },
  };
}
