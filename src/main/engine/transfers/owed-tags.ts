import type { Tag } from '../../../shared/domain/aspects.ts';
import type { HeaderState, MadeObject } from '../aspects/aspect-calls.ts';
import type { OwedTags, TagOwner } from '../database/edit-store.ts';
import { isMd5Etag } from '../s3/etag.ts';
import { isKmsEncryption } from '../s3/is-kms-encryption.ts';
import type { EditContext } from './edit-object.ts';

/**
 * The tags that an object lost to an earlier attempt of ours; `undefined`: none, or the
 * object they belonged to is gone, and another one has nothing to do with them. The row
 * says so then. `asWanted`: the object has just the headers that were to be written.
 */
export function owedTo(
  { edits, row, learnt }: EditContext,
  key: string,
  state: HeaderState,
  asWanted: boolean,
): readonly Tag[] | undefined {
  const owed = edits.owedTags(row.id, key);
  if (owed === undefined) return undefined;
  if (isOwedTo(owed, ownerOf(state), asWanted)) return owed.tags;
  edits.settleTags(row.id, key);
  learnt.others += 1;
  return undefined;
}

/**
 * Notes the object that took the place of the one tags are owed to. Only where they were
 * not seen to: else it would cost every object a write.
 */
export function noteMade(
  { edits, row }: EditContext,
  key: string,
  { etag, versionId }: MadeObject,
): void {
  if (etag !== '')
    edits.noteMade(row.id, key, {
      etag,
      version: versionOf(versionId),
    });
}

/** What tells an object of one key from the next. */
export function ownerOf({ etag, size, head }: HeaderState): TagOwner {
  const { ServerSideEncryption: encryption, SSECustomerAlgorithm, VersionId } = head;
  const isSum =
    isMd5Etag(etag) && !isKmsEncryption(encryption) && SSECustomerAlgorithm === undefined;
  return { etag, size, version: versionOf(VersionId), isSum };
}

/** Objects put while versions are suspended all have the version `null`. */
function versionOf(id: string | null | undefined): string | null {
  return id === undefined || id === null || id === 'null' ? null : id;
}

/**
 * Whether an object is the one that tags belonged to, or the copy that took its place. The
 * answer of the copy tells its ETag; where that was lost the content tells, and where the
 * ETag is no sum of the content, its size and the headers that were to be written.
 * Exported for tests.
 */
export function isOwedTo(owed: OwedTags, now: TagOwner, asWanted: boolean): boolean {
  const { owner, made } = owed;
  if (owner.version !== null && owner.version === now.version) return true;
  if (made !== null) {
    return (
      made.etag === now.etag && (made.version === null || made.version === now.version)
    );
  }
  if (owner.size !== now.size) return false;
  return owner.etag === now.etag || (!owner.isSum && asWanted);
}
