import type { AspectEditor } from '../aspect-editor.ts';
import { AclForm } from './acl-form.tsx';
import { type AclDraft, aclDraft, aclOf, aclProblems } from './acl-model.ts';
import { aclChanges, aclConsequences, gives } from './acl-words.ts';
import { PublicCheck } from './public-check.tsx';

/** Edits who may do what with a bucket or an object. */
export const ACL_EDITOR: AspectEditor<'acl', AclDraft> = {
  aspect: 'acl',
  title: () => 'Permissions',
  draftOf: (acl, place) => aclDraft(acl, place.key === null),
  valueOf: aclOf,
  problems: (draft) => aclProblems(draft, isAmazon(draft)),
  changes: aclChanges,
  consequences: aclConsequences,
  Form: AclForm,
  after: {
    follows: (before, after) =>
      gives(after, 'AllUsers', 'READ') && !gives(before, 'AllUsers', 'READ'),
    Content: PublicCheck,
  },
};

/** Whether users have Amazon's long IDs there: the owner has one. */
function isAmazon({ owner }: AclDraft): boolean {
  return /^[0-9a-f]{64}$/i.test(owner.id);
}
