import type { AppError } from '../../shared/errors/app-error.ts';
import type {
  ClipboardPort,
  Dialogs,
  MenuPort,
  Notifier,
  PowerBlocker,
  ShellActions,
  SystemState,
  ThemePort,
  WindowPort,
} from './desktop.ts';
import type { EngineLauncher } from './engine-launcher.ts';
import type { Clock, Ids, Paths, SystemInfo } from './system.ts';
import type { Vault } from './vault.ts';

/** Everything the app needs of the shell it runs in. Electron implements it; tests may too. */
export interface Platform {
  readonly system: SystemInfo;
  readonly paths: Paths;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly vault: Vault;
  readonly dialogs: Dialogs;
  readonly shell: ShellActions;
  readonly clipboard: ClipboardPort;
  readonly notifier: Notifier;
  readonly power: PowerBlocker;
  readonly state: SystemState;
  readonly menu: MenuPort;
  readonly theme: ThemePort;
  readonly window: WindowPort;
  readonly engine: EngineLauncher;
  /** What the shell found wrong before the app was made, such as a restored vault. */
  readonly notices: readonly AppError[];
}
