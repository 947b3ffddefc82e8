import type { BookmarkId } from '../../shared/domain/ids.ts';

/** How this computer can keep secrets. */
export interface VaultStatus {
  /** `false`: whoever reads the user's files reads the secrets too. */
  readonly protected: boolean;
  /** Name of the back end, such as `keychain`, `dpapi`, `gnome_libsecret`, `basic_text`. */
  readonly backend: string;
}

/** Stored secrets in their encrypted form, held for an undo. Opaque outside the vault. */
export interface SealedSecrets {
  readonly entries: ReadonlyMap<BookmarkId, SealedEntry>;
}

/** One encrypted secret. */
export interface SealedEntry {
  /** Base64. */
  readonly cipher: string;
  /** Back end that encrypted it. */
  readonly backend: string;
}

/** Keeps secrets on disk, encrypted with the help of the operating system. */
export interface Vault {
  status(): Promise<VaultStatus>;
  /**
   * Encrypts and stores. Where the back end protects nothing it throws
   * `vault.unavailable`, unless `allowUnprotected`. Resolves with whether it is protected.
   */
  put(
    id: BookmarkId,
    plain: string,
    options: { readonly allowUnprotected: boolean },
  ): Promise<{ readonly protected: boolean }>;
  /** `null`: nothing stored. Throws `vault.unreadable` when it cannot be decrypted. */
  get(id: BookmarkId): Promise<string | null>;
  /** Copies an entry without decrypting it. `false`: there was none. */
  copy(from: BookmarkId, to: BookmarkId): Promise<boolean>;
  /** Entries as they are, sealed; they stay. */
  peek(ids: readonly BookmarkId[]): SealedSecrets;
  /** Removes entries and hands them back sealed. Throws before any is gone. */
  take(ids: readonly BookmarkId[]): Promise<SealedSecrets>;
  /** Puts back what {@link Vault.take} removed. */
  restore(sealed: SealedSecrets): Promise<void>;
}
