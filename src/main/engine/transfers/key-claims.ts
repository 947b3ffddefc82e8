import type { GroupId, TransferId } from '../../../shared/domain/ids.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { StoredTransfer } from '../database/stored-transfer.ts';
import type { ObjectRef, S3Connection } from '../s3/s3-connection.ts';
import { serverOf } from './same-place.ts';

/** Where a transfer writes. */
export interface ClaimedPlace extends ObjectRef {
  readonly connection: S3Connection;
}

/** A place that a transfer gives free, having perhaps written there. */
export interface Written {
  readonly bucket: string;
  readonly key: string;
  readonly groupId: GroupId;
  /** Not the place it was planned for: a free name that it took. */
  readonly extra: boolean;
}

type Claimer = Pick<StoredTransfer, 'id' | 'groupId'>;

interface Claim {
  readonly groupId: GroupId;
  readonly places: { readonly name: string; readonly ref: ObjectRef }[];
  /** Wake those who wait for one of the places; `null`: nobody ever did. */
  waiting: Set<() => void> | null;
}

/**
 * The keys that running transfers write to: no two of them write to one key at once, and
 * none takes a free name that another one is about to fill. Where a server knows
 * conditional writes it sees to that itself; many do not.
 */
export class KeyClaims {
  readonly #claims = new Map<TransferId, Claim>();
  readonly #holders = new Map<string, Claim>();
  readonly #servers = new WeakMap<S3Connection, string>();
  readonly #onWritten: (written: Written) => void;

  /** `onWritten` hears of every place that is given free, before anybody else gets it. */
  constructor(onWritten: (written: Written) => void) {
    this.#onWritten = onWritten;
  }

  /**
   * Claims the place of a transfer, which has none yet, when nobody else holds it:
   * `undefined` where that is so at once, as nearly always. Rejects with
   * `transfer.cancelled`.
   */
  enter(
    row: Claimer,
    place: ClaimedPlace,
    signal: AbortSignal,
  ): Promise<void> | undefined {
    const name = this.#nameOf(place);
    const other = this.#holders.get(name);
    if (other !== undefined) {
      return untilOver(other, signal).then(() => this.enter(row, place, signal));
    }
    const claim: Claim = { groupId: row.groupId, places: [], waiting: null };
    this.#claims.set(row.id, claim);
    this.#hold(claim, name, place);
    return undefined;
  }

  /** Claims another place for the same transfer; `false`: somebody has it. */
  also(row: Claimer, place: ClaimedPlace): boolean {
    const claim = this.#claims.get(row.id);
    const name = this.#nameOf(place);
    const other = this.#holders.get(name);
    if (claim === undefined || other !== undefined) return other === claim;
    this.#hold(claim, name, place);
    return true;
  }

  /** Gives all places of a transfer free. */
  leave(row: Claimer): void {
    const claim = this.#claims.get(row.id);
    if (claim === undefined) return;
    this.#claims.delete(row.id);
    const { groupId, places, waiting } = claim;
    for (const [index, { name, ref }] of places.entries()) {
      const { bucket, key } = ref;
      this.#onWritten({ bucket, key, groupId, extra: index > 0 });
      this.#holders.delete(name);
    }
    for (const wake of waiting ?? []) wake();
  }

  #hold(claim: Claim, name: string, { bucket, key }: ObjectRef): void {
    claim.places.push({ name, ref: { bucket, key } });
    this.#holders.set(name, claim);
  }

  #nameOf({ connection, bucket, key }: ClaimedPlace): string {
    let server = this.#servers.get(connection);
    if (server === undefined) {
      server = serverOf(connection);
      this.#servers.set(connection, server);
    }
    return `${server}/${bucket}/${key}`;
  }
}

function untilOver(claim: Claim, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.reject(new AppError('transfer.cancelled'));
  const waiting = (claim.waiting ??= new Set());
  return new Promise((resolve, reject) => {
    const wake = (): void => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    };
    const onAbort = (): void => {
      waiting.delete(wake);
      reject(new AppError('transfer.cancelled'));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    waiting.add(wake);
  });
}
