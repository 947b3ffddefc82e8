import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BookmarksState } from '../../shared/contract/bookmarks.ts';
import type { Api, Subscribe } from '../bridge/api.ts';

/** Replica of the bookmarks; `null` until main has answered. */
export interface BookmarksReplicaState {
  readonly state: BookmarksState | null;
}

/** The bookmarks as the window knows them. */
export interface BookmarksReplica {
  readonly store: StoreApi<BookmarksReplicaState>;
  readonly dispose: () => void;
}

/** Starts the replica of the bookmarks. Each event carries the whole state. */
export function createBookmarks(
  api: Api,
  subscribe: Subscribe,
  onError: (error: unknown) => void,
): BookmarksReplica {
  const store = createStore<BookmarksReplicaState>(() => ({ state: null }));
  function take(next: BookmarksState): void {
    const { state } = store.getState();
    if (!state || next.revision >= state.revision) store.setState({ state: next });
  }
  const dispose = subscribe('bookmarks.changed', take);
  api.bookmarks.snapshot().then(take).catch(onError);
  return { store, dispose };
}
