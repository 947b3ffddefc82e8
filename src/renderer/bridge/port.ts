import type { Envelope } from '../../shared/contract/define.ts';
import type { CallName, TopicName } from '../../shared/contract/index.ts';

/**
 * The window's only way out, as the preload exposes it (`window.bridge`). Tests hand in
 * their own.
 */
export interface BridgePort {
  /** Never rejects for an expected failure: that is an envelope with `ok: false`. */
  readonly call: (name: CallName, payload: unknown) => Promise<Envelope<unknown>>;
  /** Returns the function that ends the subscription. */
  readonly subscribe: (
    topic: TopicName,
    listener: (payload: unknown) => void,
  ) => () => void;
  /** Local paths of dropped files, in order; empty strings for files without one. */
  readonly pathsForFiles: (files: readonly File[]) => readonly string[];
  /** `darwin`, `win32` or `linux`. */
  readonly platform: string;
}
