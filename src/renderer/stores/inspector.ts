import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AspectName, Place } from '../../shared/domain/aspects.ts';

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
  /** Remembers of a reading whether the server has such a thing at all. */
  readonly noteSupport: (place: Place, aspect: AspectName, supported: boolean) => void;
  /** Whether the server was found to have no such thing for buckets, or for objects. */
  readonly isLacking: (place: Place, aspect: AspectName) => boolean;
}

/** Makes the inspector's state of a window. */
export function createInspectorStore(): InspectorStore {
  const store = createStore<InspectorState>(() => ({ tab: 'info', revision: 0 }));
  const lacking = new Set<string>();
  return {
    store,
    show: (tab) => store.setState({ tab }),
    changed: () => store.setState(({ revision }) => ({ revision: revision + 1 })),
    noteSupport: (place, aspect, supported) => {
      if (supported) lacking.delete(supportKey(place, aspect));
      else lacking.add(supportKey(place, aspect));
    },
    isLacking: (place, aspect) => lacking.has(supportKey(place, aspect)),
  };
}

/** A server has tags for all its buckets or for none, and so for objects. */
function supportKey({ connectionId, key }: Place, aspect: AspectName): string {
  return JSON.stringify([connectionId, aspect, key === null]);
}
