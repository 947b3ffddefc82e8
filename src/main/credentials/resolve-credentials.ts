import type { Credentials } from '../../shared/contract/engine.ts';
import type { ConnectionDraft, SecretInput } from '../../shared/domain/bookmark.ts';
import type { BookmarkId } from '../../shared/domain/ids.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { SecretStore } from './secret-store.ts';

/** Where the secret of a connection may come from. */
export interface CredentialSource {
  readonly draft: ConnectionDraft;
  /** Typed just now; goes before what is stored. */
  readonly secret: SecretInput | null;
  readonly bookmarkId: BookmarkId | null;
}

/**
 * Live credentials for a draft; `null` for anonymous access. Throws `auth.missing-secret`
 * when there is none, `vault.unreadable` when there is one that cannot be read.
 */
export async function resolveCredentials(
  secrets: SecretStore,
  source: CredentialSource,
): Promise<Credentials | null> {
  const { draft, bookmarkId } = source;
  if (draft.signature === 'anonymous') return null;
  const stored = bookmarkId === null ? null : () => secrets.get(bookmarkId);
  const secret = source.secret ?? (await stored?.()) ?? null;
  if (secret === null || draft.accessKeyId === '') {
    throw new AppError('auth.missing-secret', { params: { nickname: draft.nickname } });
  }
  return {
    accessKeyId: draft.accessKeyId,
    secretAccessKey: secret.secretAccessKey,
    sessionToken: secret.sessionToken,
  };
}
