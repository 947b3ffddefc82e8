import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { HostContext } from '../context.ts';

const MARK = Buffer.from('h01');
const IV_BYTES = 12;
const TAG_BYTES = 16;

function readKey(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    const key = randomBytes(32);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, key, { mode: 0o600 });
    return key;
  }
}

function encrypt(key: Buffer, text: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([MARK, iv, cipher.getAuthTag(), data]);
}

function decrypt(key: Buffer, encrypted: Buffer): string {
  const failure = 'Error while decrypting the ciphertext provided to safeStorage.';
  const start = MARK.length;
  if (!encrypted.subarray(0, start).equals(MARK)) {
    throw new Error(`${failure} Ciphertext does not appear to be encrypted.`);
  }
  const iv = encrypted.subarray(start, start + IV_BYTES);
  const tag = encrypted.subarray(start + IV_BYTES, start + IV_BYTES + TAG_BYTES);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, iv);
    decipher.setAuthTag(tag);
    const data = decipher.update(encrypted.subarray(start + IV_BYTES + TAG_BYTES));
    return Buffer.concat([data, decipher.final()]).toString('utf8');
  } catch {
    throw new Error(failure);
  }
}

/**
 * Electron's `safeStorage` with AES-256-GCM and a key file beside the user data. On Linux
 * it reports `basic_text`, as Electron does without a keychain; HOST_KEYCHAIN=1 reports
 * one, so that both ways can be tested.
 */
export function createSafeStorage(context: HostContext) {
  const key = (): Buffer => {
    if (!context.ready) throw new Error('safeStorage cannot be used before app is ready');
    return readKey(join(context.app.getPath('userData'), 'host-safe-storage.key'));
  };
  return {
    isEncryptionAvailable: (): boolean => context.ready,
    isAsyncEncryptionAvailable: async (): Promise<boolean> => context.ready,
    getSelectedStorageBackend: (): 'basic_text' | 'gnome_libsecret' =>
      context.options.keychain ? 'gnome_libsecret' : 'basic_text',
    encryptString: (text: string): Buffer => encrypt(key(), text),
    decryptString: (encrypted: Buffer): string => decrypt(key(), encrypted),
    encryptStringAsync: async (text: string): Promise<Buffer> => encrypt(key(), text),
    decryptStringAsync: async (
      encrypted: Buffer,
    ): Promise<Electron.DecryptStringAsyncReturnValue> => ({
      result: decrypt(key(), encrypted),
      shouldReEncrypt: false,
    }),
  };
}
