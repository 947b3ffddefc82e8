import { z } from 'zod';

/** A string or number that must not be confused with another of the same type. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name };

/** Identifies a bookmark for as long as it exists; random, never reused. */
export type BookmarkId = Brand<string, 'BookmarkId'>;
/** Identifies a folder of the bookmark sidebar. */
export type FolderId = Brand<string, 'FolderId'>;
/**
 * Identifies a configured connection in the engine. For a bookmark it is the bookmark's
 * id (so a queue that survives a restart finds its credentials again); for a quick
 * connection it starts with `quick-` and is the same for the same server and access key.
 */
export type ConnectionId = Brand<string, 'ConnectionId'>;
/** Row id of a transfer in the engine's database. */
export type TransferId = Brand<number, 'TransferId'>;
/** Row id of a group: everything one user action queued. */
export type GroupId = Brand<number, 'GroupId'>;

/** Schema of {@link BookmarkId}. */
export const BookmarkId = z.string().min(1).max(64) as unknown as z.ZodType<BookmarkId>;
/** Schema of {@link FolderId}. */
export const FolderId = z.string().min(1).max(64) as unknown as z.ZodType<FolderId>;
/** Schema of {@link ConnectionId}. */
export const ConnectionId = z
  .string()
  .min(1)
  .max(64) as unknown as z.ZodType<ConnectionId>;
/** Schema of {@link TransferId}. */
export const TransferId = z.int().positive() as unknown as z.ZodType<TransferId>;
/** Schema of {@link GroupId}. */
export const GroupId = z.int().positive() as unknown as z.ZodType<GroupId>;

/** A bucket's name as the server knows it. Length only: old buckets break today's rules. */
export const BucketName = z.string().min(1).max(255);
/**
 * An object key or a prefix: opaque UTF-8, at most 1,024 bytes. Never trimmed, normalised
 * or decoded. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
 */
export const ObjectKey = z.string().min(1).max(1024);
/** As {@link ObjectKey}, but may be empty: the bucket's root. */
export const Prefix = z.string().max(1024);
/** An absolute path on this computer. */
export const LocalPath = z.string().min(1).max(32_768);

/** What the ids of quick connections begin with; those of bookmarks are random. */
export const QUICK_PREFIX = 'quick-';

/** Whether a connection was opened without a bookmark. */
export function isQuickConnection(id: ConnectionId): boolean {
  return id.startsWith(QUICK_PREFIX);
}
