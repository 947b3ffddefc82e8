import type { SecretTarget } from '../../shared/contract/bookmarks.ts';
import { SecretInput, type SecretStorage } from '../../shared/domain/bookmark.ts';
import type { BookmarkId } from '../../shared/domain/ids.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { SealedSecrets, Vault, VaultStatus } from '../platform/vault.ts';

/** Secrets taken out for a removal that may be undone. */
export interface TakenSecrets {
  readonly sealed: SealedSecrets;
  readonly session: ReadonlyMap<BookmarkId, SecretInput>;
}

/** The secrets of bookmarks: in the vault, or in this process's memory for the session. */
export interface SecretStore {
  status(): Promise<VaultStatus>;
  /**
   * Keeps a secret in one place only and tells which. Throws `vault.unavailable` when a
   * keychain was asked for and there is none.
   */
  put(id: BookmarkId, secret: SecretInput, target: SecretTarget): Promise<SecretStorage>;
  /** `null`: none stored. Throws `vault.unreadable`. */
  get(id: BookmarkId): Promise<SecretInput | null>;
  /** Copies without showing it. `false`: there was none. */
  copy(from: BookmarkId, to: BookmarkId): Promise<boolean>;
  /** What is kept now, to go back to; it stays. */
  peek(ids: readonly BookmarkId[]): TakenSecrets;
  /** Back to what {@link SecretStore.peek} found for `id`, and nothing besides. */
  revert(id: BookmarkId, before: TakenSecrets): Promise<void>;
  take(ids: readonly BookmarkId[]): Promise<TakenSecrets>;
  restore(taken: TakenSecrets): Promise<void>;
}

/** Makes the store over a vault. */
export function createSecretStore(vault: Vault): SecretStore {
  const session = new Map<BookmarkId, SecretInput>();

  function remembered(ids: readonly BookmarkId[]): Map<BookmarkId, SecretInput> {
    const wanted = new Set(ids);
    return new Map([...session].filter(([id]) => wanted.has(id)));
  }

  return {
    status: () => vault.status(),

    async put(id, secret, target) {
      if (target === 'session') {
        await vault.take([id]);
        session.set(id, secret);
        return 'session';
      }
      const stored = await vault.put(id, JSON.stringify(secret), {
        allowUnprotected: target === 'unprotected',
      });
      session.delete(id);
      return stored.protected ? 'keychain' : 'unprotected';
    },

    async get(id) {
      const known = session.get(id);
      if (known !== undefined) return known;
      const plain = await vault.get(id);
      return plain === null ? null : parseSecret(plain);
    },

    async copy(from, to) {
      const known = session.get(from);
      if (known === undefined) return vault.copy(from, to);
      session.set(to, known);
      return true;
    },

    peek: (ids) => ({ sealed: vault.peek(ids), session: remembered(ids) }),

    async revert(id, before) {
      // One write of the vault, so that it fails as a whole or not at all.
      if (before.sealed.entries.has(id)) await vault.restore(before.sealed);
      else await vault.take([id]);
      const known = before.session.get(id);
      if (known === undefined) session.delete(id);
      else session.set(id, known);
    },

    async take(ids) {
      const sealed = await vault.take(ids);
      const taken = remembered(ids);
      for (const id of ids) session.delete(id);
      return { sealed, session: taken };
    },

    async restore(taken) {
      await vault.restore(taken.sealed);
      for (const [id, secret] of taken.session) session.set(id, secret);
    },
  };
}

function parseSecret(plain: string): SecretInput {
  try {
    return SecretInput.parse(JSON.parse(plain));
  } catch {
    // Without the cause: a parser's message may quote what it could not read.
    throw new AppError('vault.unreadable');
  }
}
