import type { UnfinishedWork } from '../../shared/contract/app.ts';
import type { AppPayload, TopicName } from '../../shared/contract/index.ts';
import type { AppError } from '../../shared/errors/app-error.ts';
import type { BookmarkService } from '../bookmarks/bookmark-service.ts';
import type { SecretStore } from '../credentials/secret-store.ts';
import type { Connections } from '../engine-client/connections.ts';
import type { EngineClient } from '../engine-client/engine-client.ts';
import type { Logger } from '../logging/logger.ts';
import type { Platform } from '../platform/platform.ts';
import type { SettingsService } from '../settings/settings-service.ts';
import type { FileOperations } from '../storage/file-operations.ts';
import type { Connectivity } from './connectivity.ts';
import type { DragFolder } from './drag-folder.ts';
import type { PathGrants } from './path-grants.ts';
import type { TransferWatch } from './transfer-watch.ts';
import type { Unanswered } from './unanswered.ts';

/** Everything the handlers work with; made once by `createApp`. */
export interface Services {
  readonly platform: Platform;
  readonly logger: Logger;
  readonly files: FileOperations;
  readonly settings: SettingsService;
  readonly secrets: SecretStore;
  readonly bookmarks: BookmarkService;
  readonly engine: EngineClient;
  readonly connections: Connections;
  readonly transferWatch: TransferWatch;
  readonly unanswered: Unanswered;
  readonly connectivity: Connectivity;
  readonly dragFolder: DragFolder;
  /** Local paths the window may name. */
  readonly grants: PathGrants;
  /** What went wrong before the window was there. */
  readonly notices: readonly AppError[];
  /** Tells the window. */
  readonly emit: <N extends TopicName>(topic: N, payload: AppPayload<N>) => void;
  /** Notes what would be lost with the window; `null`: nothing. */
  readonly setUnfinished: (what: UnfinishedWork | null) => void;
}
