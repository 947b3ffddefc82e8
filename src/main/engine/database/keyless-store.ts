import type { EngineConnection } from '../../../shared/contract/engine.ts';
import { ConnectionDraft } from '../../../shared/domain/bookmark.ts';
import { type ConnectionId, isQuickConnection } from '../../../shared/domain/ids.ts';
import type { Database } from './database.ts';

/**
 * The table `keyless_connections`: where connections without a bookmark and without keys
 * go. There is nothing to ask for, so what they left goes on by itself after a restart.
 */
export interface KeylessStore {
  /** Notes it if it is one of those, and forgets it if it has keys now. */
  note(connection: EngineConnection): void;
  forget(connectionId: ConnectionId): void;
  /** Those that `pending` names. All others are forgotten. */
  list(pending: readonly ConnectionId[]): readonly EngineConnection[];
}

/** Opens the store. */
export function openKeylessStore(database: Database): KeylessStore {
  function forget(connectionId: ConnectionId): void {
    database.run('DELETE FROM keyless_connections WHERE connection_id = ?', connectionId);
  }

  return {
    note({ connectionId, draft, credentials }) {
      if (!isQuickConnection(connectionId)) return;
      if (credentials !== null) {
        forget(connectionId);
        return;
      }
      database.run(
        'INSERT OR REPLACE INTO keyless_connections VALUES (?, ?)',
        connectionId,
        JSON.stringify(draft),
      );
    },
    forget,
    list: (pending) =>
      database.all('SELECT * FROM keyless_connections').flatMap((row) => {
        const connectionId = row['connection_id'] as ConnectionId;
        const draft = pending.includes(connectionId) ? parse(String(row['draft'])) : null;
        if (draft !== null) return [{ connectionId, draft, credentials: null }];
        forget(connectionId);
        return [];
      }),
  };
}

/** A draft that cannot be read is as good as none. */
function parse(text: string): ConnectionDraft | null {
  try {
    return ConnectionDraft.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
