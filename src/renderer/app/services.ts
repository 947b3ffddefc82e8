import { createContext, useContext } from 'react';
import type { Bridge } from '../../shared/bridge.ts';
import type { Api, Subscribe } from '../bridge/api.ts';
import type { Toasts } from '../components/toasts.ts';
import type { BookmarksReplica } from '../stores/bookmarks.ts';
import type { Dialogs } from '../stores/dialogs.ts';
import type { SettingsReplica } from '../stores/settings.ts';

/** What every feature of the window works with; made once, in the composition root. */
export interface Services {
  readonly bridge: Bridge;
  readonly api: Api;
  readonly subscribe: Subscribe;
  readonly toasts: Toasts;
  readonly dialogs: Dialogs;
  readonly settings: SettingsReplica;
  readonly bookmarks: BookmarksReplica;
}

const ServicesContext = createContext<Services | null>(null);

/** Hands the services to everything below it. */
export const ServicesProvider = ServicesContext.Provider;

/** The services of this window. Throws outside a {@link ServicesProvider}. */
export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error('useServices needs a ServicesProvider');
  return services;
}
