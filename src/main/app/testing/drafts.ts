import type { AppRequest } from '../../../shared/contract/index.ts';
import type { ConnectionDraft } from '../../../shared/domain/bookmark.ts';

/** A draft with everything filled in, changed by `change`. */
export function testDraft(change: Partial<ConnectionDraft> = {}): ConnectionDraft {
  return {
    providerId: 'generic',
    nickname: 'Photos',
    endpoint: 'https://s3.example.test',
    accessKeyId: 'AKIDEXAMPLE',
    root: '',
    region: '',
    signature: 'v4',
    addressing: 'auto',
    uploadAcl: 'none',
    advanced: {
      connectTimeoutMs: 5_000,
      requestTimeoutMs: 120_000,
      maxSockets: 64,
      partSizeMiB: 0,
      caCertificate: '',
    },
    ...change,
  };
}

/** A request that saves a new bookmark into the keychain, changed by `change`. */
export function testSave(
  change: Partial<AppRequest<'bookmarks.save'>> = {},
): AppRequest<'bookmarks.save'> {
  return {
    id: null,
    draft: testDraft(),
    folderId: null,
    colour: 'none',
    secret: { secretAccessKey: 'a-long-secret', sessionToken: '' },
    secretTarget: 'keychain',
    ...change,
  };
}
