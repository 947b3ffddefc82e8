import type {
  GroupFinished,
  GroupProgressed,
} from '../../../shared/contract/transfers.ts';
import type { ConnectionId, GroupId } from '../../../shared/domain/ids.ts';
import type { CopyStore } from '../database/copy-store.ts';
import type { EditStore } from '../database/edit-store.ts';
import type { GroupStore, StoredGroup } from '../database/group-store.ts';
import type { StoredTransfer } from '../database/stored-transfer.ts';
import type { TransferStore } from '../database/transfer-store.ts';
import type { ExistingKeys } from './existing-keys.ts';

/** What watching groups needs. */
export interface GroupWatchDeps {
  readonly store: TransferStore;
  readonly groups: GroupStore;
  readonly copies: CopyStore;
  readonly edits: EditStore;
  readonly isPlanning: (groupId: GroupId) => boolean;
  readonly existing: ExistingKeys;
  readonly emit: (payload: GroupFinished) => void;
  readonly emitProgress: (payload: GroupProgressed) => void;
  readonly onPrefixChanged: (
    connectionId: ConnectionId,
    bucket: string,
    prefix: string,
  ) => void;
}

/** Between two announcements of one group's progress, ms. */
const PROGRESS_MS = 2_000;

/** Notices when the last row of a group comes to rest. */
export class GroupWatch {
  readonly #deps: GroupWatchDeps;
  /** Groups whose progress is to be announced soon. */
  readonly #progressing = new Map<GroupId, NodeJS.Timeout>();

  constructor(deps: GroupWatchDeps) {
    this.#deps = deps;
  }

  /** A row came to rest: announces its group's progress soon, or its end at once. */
  settled(row: Pick<StoredTransfer, 'groupId' | 'kind' | 'state'>): void {
    const { groupId, kind, state } = row;
    if (state === 'done' && kind !== 'download' && !this.#progressing.has(groupId)) {
      const timer = setTimeout(() => this.#announce(groupId), PROGRESS_MS);
      timer.unref();
      this.#progressing.set(groupId, timer);
    }
    this.check(groupId);
  }

  /** Announces nothing more. */
  stop(): void {
    for (const timer of this.#progressing.values()) clearTimeout(timer);
    this.#progressing.clear();
  }

  #announce(groupId: GroupId): void {
    this.#progressing.delete(groupId);
    const group = this.#deps.groups.get(groupId);
    if (group === undefined || group.finished) return;
    const { connectionId, bucket, prefix } = group;
    this.#deps.onPrefixChanged(connectionId, bucket, prefix);
    this.#deps.emitProgress({ groupId, connectionId, bucket, prefix });
    const target = this.#targetOf(group);
    if (target === null) return;
    this.#deps.onPrefixChanged(target.connectionId, target.bucket, target.prefix);
    this.#deps.emitProgress({ groupId, ...target });
  }

  /** The place a copy or move goes to, whose folder the group keeps as `folder`. */
  #targetOf(group: StoredGroup): NonNullable<GroupFinished['target']> | null {
    if (group.kind !== 'copy' && group.kind !== 'move') return null;
    const target = this.#deps.copies.target(group.id);
    return target === undefined ? null : { ...target, prefix: group.folder };
  }

  /** Announces the group's end if this is it. */
  check(groupId: GroupId): void {
    const { store, groups, isPlanning, existing } = this.#deps;
    const tally = store.tally.group(groupId);
    if (tally === undefined || tally.open > 0 || isPlanning(groupId)) return;
    const group = groups.get(groupId);
    if (group === undefined || group.finished || !group.planned) return;
    const { open: _open, ...rows } = tally;
    const counts = { ...rows, ...this.#objectsOf(group) };
    groups.setFinished(groupId, true);
    store.tally.unwatch(groupId);
    existing.forget(groupId);
    clearTimeout(this.#progressing.get(groupId));
    this.#progressing.delete(groupId);
    const { kind, connectionId, bucket, prefix, hidden } = group;
    const target = this.#targetOf(group);
    if (kind !== 'download') {
      this.#deps.onPrefixChanged(connectionId, bucket, prefix);
      if (target !== null) {
        this.#deps.onPrefixChanged(target.connectionId, target.bucket, target.prefix);
      }
    }
    const place = { connectionId, bucket, prefix };
    this.#deps.emit({ groupId, kind, ...place, target, hidden, ...counts });
  }

  /** Rows of a bulk change stand for many objects: what is told are those. */
  #objectsOf({ id, kind }: StoredGroup): { done?: number; failed?: number } {
    const { edits } = this.#deps;
    const counts = kind === 'edit' ? edits.counts(id) : undefined;
    return counts === undefined ? {} : { done: counts.done, failed: edits.failed(id) };
  }

  /** Checks every group that has not ended. */
  checkAll(): void {
    for (const group of this.#deps.groups.unfinished()) this.check(group.id);
  }

  /** Rows of ended groups begin anew. */
  reopen(groupIds: Iterable<GroupId>): void {
    for (const groupId of groupIds) {
      this.#deps.groups.setFinished(groupId, false);
      this.#deps.store.rewatch(groupId);
    }
  }
}
