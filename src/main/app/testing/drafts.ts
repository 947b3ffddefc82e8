import type { AppRequest } from '../../../shared/contract/index.ts';
import {
  AdvancedSettings,
  type ConnectionDraft,
} from '../../../shared/domain/bookmark.ts';

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
    advanced: AdvancedSettings.parse({}),
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
