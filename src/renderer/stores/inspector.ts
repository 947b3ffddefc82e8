import { createStore, type StoreApi } from 'zustand/vanilla';

/** The inspector's pages. */
export type InspectorTab = 'info' | 'access' | 'metadata' | 'links';

/** What the inspector shows. */
export interface InspectorState {
  readonly tab: InspectorTab;
  /** Grows whenever something it shows was changed from here: read it again then. */
  readonly revision: number;
}

/** The inspector's state, kept while the inspector is closed. */
export interface InspectorStore {
  readonly store: StoreApi<InspectorState>;
  readonly show: (tab: InspectorTab) => void;
  /** Tells that permissions, headers, tags or rules were changed. */
  readonly changed: () => void;
}

/** Makes the inspector's state of a window. */
export function createInspectorStore(): InspectorStore {
  const store = createStore<InspectorState>(() => ({ tab: 'info', revision: 0 }));
  return {
    store,
    show: (tab) => store.setState({ tab }),
    changed: () => store.setState(({ revision }) => ({ revision: revision + 1 })),
  };
}
