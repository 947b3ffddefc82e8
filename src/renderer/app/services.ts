import { createContext, useContext } from 'react';
import type { Bridge } from '../../shared/bridge.ts';
import type { Format } from '../../shared/lib/format.ts';
import type { Api, Subscribe } from '../bridge/api.ts';
import type { Commands } from '../commands/registry.ts';
import type { Toasts } from '../components/toasts.ts';
import type { Clipboard } from '../features/browser/actions/clipboard.ts';
import type { ItemActions } from '../features/browser/actions/items.ts';
import type { Navigation } from '../features/browser/actions/navigation.ts';
import type { Pane } from '../features/browser/pane/pane.ts';
import type { RequestLog } from '../features/requests/request-log.ts';
import type { TransferStarter } from '../features/transfers/start-transfer.ts';
import type { BookmarksReplica } from '../stores/bookmarks.ts';
import type { Connections } from '../stores/connections.ts';
import type { Dialogs } from '../stores/dialogs.ts';
import type { InspectorStore } from '../stores/inspector.ts';
import type { SettingsReplica } from '../stores/settings.ts';
import type { Transfers } from '../stores/transfers.ts';
import type { Unfinished } from '../stores/unfinished.ts';
import type { Focus } from './focus.ts';

/** What every feature of the window works with; made once, in the composition root. */
export interface Services {
  readonly bridge: Bridge;
  readonly api: Api;
  readonly subscribe: Subscribe;
  readonly format: Format;
  readonly toasts: Toasts;
  /** Tells the user of an error in the corner; cancellation is passed over. */
  readonly reportError: (error: unknown) => void;
  readonly dialogs: Dialogs;
  readonly settings: SettingsReplica;
  readonly bookmarks: BookmarksReplica;
  readonly connections: Connections;
  readonly transfers: Transfers;
  readonly starter: TransferStarter;
  readonly unfinished: Unfinished;
  readonly requestLog: RequestLog;
  readonly inspector: InspectorStore;
  readonly pane: Pane;
  readonly navigation: Navigation;
  readonly items: ItemActions;
  readonly clipboard: Clipboard;
  readonly commands: Commands;
  readonly focus: Focus;
  /** A new random name for a request that can be cancelled. */
  readonly newTaskId: () => string;
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
