import type { ConnectionId } from '../../../shared/domain/ids.ts';
import type { S3Connection } from '../s3/s3-connection.ts';
import type { RequestGate } from './request-gate.ts';

/** While the system has no network, a server far away is tried after so long, ms. */
const OFFLINE_PROBE_MS = 30_000;

/** What {@link FarServers} needs. */
export interface FarServersInput {
  readonly gateOf: (connectionId: ConnectionId) => RequestGate;
  /** Called when a server answers although the system has no network. */
  readonly onAnswer: (connectionId: ConnectionId) => void;
  /** Default: {@link OFFLINE_PROBE_MS}. */
  readonly probeMs?: number | undefined;
}

/**
 * Which servers cannot be reached while the system says that it has no network. It may be
 * wrong, as it knows little of tunnels and networks of one's own: so each is tried now and
 * then, and one that answers counts as reached.
 */
export class FarServers {
  readonly #input: FarServersInput;
  /** Since the network was lost: whether they answered. */
  readonly #answers = new Map<ConnectionId, boolean>();
  #online = true;

  constructor(input: FarServersInput) {
    this.#input = input;
  }

  get online(): boolean {
    return this.#online;
  }

  set online(online: boolean) {
    this.#online = online;
    this.#answers.clear();
  }

  /** Whether there is no way to a server, going by what the system says and it does. */
  isAway(connectionId: ConnectionId, connection: S3Connection): boolean {
    if (this.#online || !isFar(connection)) return false;
    const { gateOf, onAnswer, probeMs } = this.#input;
    const answers = this.#answers.get(connectionId);
    const gate = gateOf(connectionId);
    if (answers === undefined) {
      this.#answers.set(connectionId, false);
      gate.goDown(probeMs ?? OFFLINE_PROBE_MS);
    } else if (!gate.isDown && !answers) {
      this.#answers.set(connectionId, true);
      onAnswer(connectionId);
    }
    return gate.isDown;
  }
}

/** Whether it takes a network to get there; a server on this computer needs none. */
export function isFar({ draft }: S3Connection): boolean {
  const { hostname } = new URL(draft.endpoint);
  return !/^(?:127\.|localhost$|.*\.localhost$|\[::1\]$)/.test(hostname);
}
