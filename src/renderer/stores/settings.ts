import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Settings, SettingsPatch } from '../../shared/domain/settings.ts';
import type { Api, Subscribe } from '../bridge/api.ts';

/** Replica of the settings; `null` until main has answered. */
export interface SettingsState {
  readonly settings: Settings | null;
}

/** The settings as the window knows them. */
export interface SettingsReplica {
  readonly store: StoreApi<SettingsState>;
  /** Changes at once here, then in main; main's answer wins. */
  readonly change: (patch: SettingsPatch) => void;
  readonly dispose: () => void;
}

/** Starts the replica of the settings. */
export function createSettings(
  api: Api,
  subscribe: Subscribe,
  onError: (error: unknown) => void,
): SettingsReplica {
  const store = createStore<SettingsState>(() => ({ settings: null }));
  const dispose = subscribe('settings.changed', (settings) => {
    store.setState({ settings });
  });
  api.settings
    .snapshot()
    .then((settings) => store.setState({ settings }))
    .catch(onError);
  return {
    store,
    dispose,
    change: (patch) => {
      const { settings } = store.getState();
      if (settings) {
        const changed = Object.fromEntries(
          Object.entries(patch).filter(([, value]) => value !== undefined),
        ) as Partial<Settings>;
        store.setState({ settings: { ...settings, ...changed } });
      }
      api.settings.change(patch).catch(onError);
    },
  };
}
