import type { BulkChange } from '../../../shared/domain/aspects.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { ManyPlace } from '../../stores/dialogs.ts';
import { ACL_BULK } from './bulk/acl-bulk.tsx';
import { AclsNotice } from './bulk/acls-notice.tsx';
import { BulkSheet } from './bulk/bulk-sheet.tsx';
import { HEADERS_BULK } from './bulk/headers-bulk.tsx';
import { TAGS_BULK } from './bulk/tags-bulk.ts';

/** The sheet that changes an aspect of many objects. */
export function BulkDialog({
  aspect,
  onClose,
  ...place
}: ManyPlace & {
  readonly aspect: BulkChange['aspect'];
  readonly onClose: () => void;
}) {
  switch (aspect) {
    case 'acl':
      return (
        <BulkSheet
          editor={ACL_BULK}
          place={place}
          notice={<AclsNotice place={place} />}
          onClose={onClose}
        />
      );
    case 'headers':
      return <BulkSheet editor={HEADERS_BULK} place={place} onClose={onClose} />;
    case 'tags':
      return <BulkSheet editor={TAGS_BULK} place={place} onClose={onClose} />;
    default:
      return assertNever(aspect);
  }
}
