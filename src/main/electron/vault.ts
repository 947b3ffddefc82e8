import { z } from 'zod';
import type { BookmarkId } from '../../shared/domain/ids.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { SealedEntry, Vault, VaultStatus } from '../platform/vault.ts';
import type { FileOperations } from '../storage/file-operations.ts';
import { openJsonStore } from '../storage/json-store.ts';

/** Electron's `safeStorage`, as far as the vault uses it. */
export interface SafeStorage {
  isAsyncEncryptionAvailable(): Promise<boolean>;
  encryptStringAsync(plain: string): Promise<Buffer>;
  decryptStringAsync(
    cipher: Buffer,
  ): Promise<{ readonly result: string; readonly shouldReEncrypt: boolean }>;
  /** Linux only. */
  getSelectedStorageBackend(): string;
}

/** What vault.json holds. */
const VaultFile = z.strictObject({
  secrets: z.record(
    z.string(),
    z.strictObject({ cipher: z.base64(), backend: z.string() }),
  ),
});
type VaultFile = z.infer<typeof VaultFile>;

/** Back end of an entry that nothing encrypts: the user asked for it, there being no other. */
const PLAIN = 'plain';

/** Opens vault.json. `notice`: what went wrong while reading it. */
export async function openVault(options: {
  readonly path: string;
  readonly files: FileOperations;
  readonly now: () => number;
  readonly platform: NodeJS.Platform;
  readonly safeStorage: SafeStorage;
}): Promise<{ readonly vault: Vault; readonly notice: AppError | null }> {
  const { safeStorage } = options;
  const store = await openJsonStore<VaultFile>({
    path: options.path,
    schema: VaultFile,
    version: 1,
    initial: () => ({ secrets: {} }),
    files: options.files,
    now: options.now,
  });

  function entry(id: BookmarkId): SealedEntry | null {
    const { secrets } = store.value;
    return Object.hasOwn(secrets, id) ? (secrets[id] ?? null) : null;
  }

  function entriesOf(ids: readonly BookmarkId[]): Map<BookmarkId, SealedEntry> {
    const found = ids.flatMap((id) => {
      const sealed = entry(id);
      return sealed === null ? [] : [[id, sealed] as const];
    });
    return new Map(found);
  }

  async function status(): Promise<VaultStatus> {
    // A keychain that cannot even say whether it is there is as good as none.
    if (!(await safeStorage.isAsyncEncryptionAvailable().catch(() => false))) {
      return { protected: false, backend: PLAIN };
    }
    if (options.platform === 'darwin') return { protected: true, backend: 'Keychain' };
    if (options.platform === 'win32') return { protected: true, backend: 'DPAPI' };
    const backend = safeStorage.getSelectedStorageBackend();
    // basic_text encrypts with a key that is printed in Chromium's source.
    const isKeychain = backend !== 'basic_text' && backend !== 'unknown';
    return { protected: isKeychain, backend };
  }

  async function seal(plain: string, backend: string): Promise<SealedEntry> {
    if (backend === PLAIN) {
      return { cipher: Buffer.from(plain, 'utf8').toString('base64'), backend };
    }
    try {
      const cipher = await safeStorage.encryptStringAsync(plain);
      return { cipher: cipher.toString('base64'), backend };
    } catch {
      // Locked, or the user refused. No cause: it may speak of the secret.
      throw new AppError('vault.unavailable', { params: { backend } });
    }
  }

  /** Adds and removes entries in one write. */
  function change(added: Iterable<readonly [string, SealedEntry]>, removed: Set<string>) {
    const kept = Object.entries(store.value.secrets).filter(([id]) => !removed.has(id));
    return store.write({ secrets: Object.fromEntries([...kept, ...added]) });
  }

  async function decrypt(cipher: Buffer, backend: string) {
    try {
      return await safeStorage.decryptStringAsync(cipher);
    } catch {
      // No cause: what a keychain says about a secret does not belong in a log.
      throw new AppError('vault.unreadable', { params: { backend } });
    }
  }

  async function reEncrypt(id: BookmarkId, plain: string): Promise<void> {
    const { backend } = await status();
    await change([[id, await seal(plain, backend)]], new Set());
  }

  const vault: Vault = {
    status,

    async put(id, plain, { allowUnprotected }) {
      const { protected: isProtected, backend } = await status();
      if (!isProtected && !allowUnprotected) {
        throw new AppError('vault.unavailable', { params: { backend } });
      }
      await change([[id, await seal(plain, backend)]], new Set());
      return { protected: isProtected };
    },

    async get(id) {
      const sealed = entry(id);
      if (sealed === null) return null;
      const cipher = Buffer.from(sealed.cipher, 'base64');
      if (sealed.backend === PLAIN) return cipher.toString('utf8');
      const { result, shouldReEncrypt } = await decrypt(cipher, sealed.backend);
      // The old cipher still works if this fails; next time is early enough.
      if (shouldReEncrypt) await reEncrypt(id, result).catch(() => undefined);
      return result;
    },

    async copy(from, to) {
      const sealed = entry(from);
      if (sealed === null) return false;
      await change([[to, sealed]], new Set());
      return true;
    },

    peek: (ids) => ({ entries: entriesOf(ids) }),

    async take(ids) {
      const entries = entriesOf(ids);
      if (entries.size > 0) {
        await change([], new Set(entries.keys()));
        // Once more, so that the backup beside the file forgets them as well. They are
        // taken even if that fails; the next change of any secret does it then.
        await store.write(store.value).catch(() => undefined);
      }
      return { entries };
    },

    async restore({ entries }) {
      if (entries.size > 0) await change(entries, new Set());
    },
  };
  return { vault, notice: store.notice };
}
