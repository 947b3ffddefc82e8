import type { Envelope } from './contract/define.ts';
import type {
  AppPayload,
  AppRequest,
  AppResponse,
  CallName,
  TopicName,
} from './contract/index.ts';

/** Operating systems Dipper runs on, by Node's names. */
export type DesktopPlatform = 'darwin' | 'win32' | 'linux';

/**
 * `window.bridge`: all that the sandboxed window has of the world outside. The preload
 * makes it; the renderer builds its typed client on it. Never throws for an expected
 * failure: that comes back as an envelope.
 */
export interface Bridge {
  /** Asks main. Rejects only for a name that is not in the contract. */
  call<N extends CallName>(
    name: N,
    payload: AppRequest<N>,
  ): Promise<Envelope<AppResponse<N>>>;
  /** Listens until the returned function is called. */
  subscribe<N extends TopicName>(
    topic: N,
    listener: (payload: AppPayload<N>) => void,
  ): () => void;
  /**
   * Local paths of files dropped on the window, in order; empty for a file that is not on
   * disk. Takes DOM `File`s, which this layer has no type for.
   */
  pathsForFiles(files: readonly unknown[]): string[];
  readonly platform: DesktopPlatform;
}
