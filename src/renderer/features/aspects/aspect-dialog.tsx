import type { AspectName, Place } from '../../../shared/domain/aspects.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import { AspectSheet } from './aspect-sheet.tsx';
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
    case 'tags':
      return <AspectSheet editor={TAGS_EDITOR} {...props} />;
    case 'acl':
    case 'headers':
    case 'cors':
      return null;
    default:
      return assertNever(aspect);
  }
}
