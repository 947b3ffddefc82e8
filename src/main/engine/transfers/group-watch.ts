import type { GroupFinished } from '../../../shared/contract/transfers.ts';
import type { ConnectionId, GroupId } from '../../../shared/domain/ids.ts';
import type { GroupStore } from '../database/group-store.ts';
import type { TransferStore } from '../database/transfer-store.ts';
import type { ExistingKeys } from './existing-keys.ts';

/** What watching groups needs. */
export interface GroupWatchDeps {
  readonly store: TransferStore;
  readonly groups: GroupStore;
  readonly isPlanning: (groupId: GroupId) => boolean;
  readonly existing: ExistingKeys;
  readonly emit: (payload: GroupFinished) => void;
  readonly onPrefixChanged: (
    connectionId: ConnectionId,
    bucket: string,
    prefix: string,
  ) => void;
}

/** Notices when the last row of a group comes to rest. */
export class GroupWatch {
  readonly #deps: GroupWatchDeps;

  constructor(deps: GroupWatchDeps) {
    this.#deps = deps;
  }

  /** Announces the group's end if this is it. */
  check(groupId: GroupId): void {
    const { store, groups, isPlanning, existing } = this.#deps;
    const tally = store.tally.group(groupId);
    if (tally === undefined || tally.open > 0 || isPlanning(groupId)) return;
    const group = groups.get(groupId);
    if (group === undefined || group.finished || !group.planned) return;
    const { open: _open, ...counts } = tally;
    groups.setFinished(groupId, true);
    store.tally.unwatch(groupId);
    existing.forget(groupId);
    const { kind, connectionId, bucket, prefix } = group;
    if (kind !== 'download') {
      this.#deps.onPrefixChanged(connectionId, bucket, prefix);
      // A move also changed the place it moved to, which the group keeps as `folder`.
      if (group.folder !== '') {
        const slash = group.folder.indexOf('/');
        this.#deps.onPrefixChanged(
          connectionId,
          group.folder.slice(0, slash),
          group.folder.slice(slash + 1),
        );
      }
    }
    this.#deps.emit({ groupId, kind, connectionId, bucket, prefix, ...counts });
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
