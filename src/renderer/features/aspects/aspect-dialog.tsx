import type { AspectName, Place } from '../../../shared/domain/aspects.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import { CorsDialog } from '../cors/cors-dialog.tsx';
import { ACL_EDITOR } from './acl/acl-editor.ts';
import { AspectSheet } from './aspect-sheet.tsx';
import { HEADERS_EDITOR } from './headers/headers-editor.ts';
import { TAGS_EDITOR } from './tags/tags-editor.ts';

/** The sheet of an aspect. */
export function AspectDialog({
  aspect,
  ...props
}: {
  readonly aspect: AspectName;
  readonly place: Place;
  readonly onClose: () => void;
}) {
  switch (aspect) {
    case 'cors':
      return <CorsDialog {...props} />;
    case 'acl':
      return <AspectSheet editor={ACL_EDITOR} {...props} />;
    case 'tags':
      return <AspectSheet editor={TAGS_EDITOR} {...props} />;
    case 'headers':
      return <AspectSheet editor={HEADERS_EDITOR} {...props} />;
    default:
      return assertNever(aspect);
  }
}
