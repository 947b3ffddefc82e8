import type { BulkChange } from '../../../shared/domain/aspects.ts';
import type { ManyPlace } from '../../stores/dialogs.ts';

/** The sheet that changes an aspect of many objects. */
export function BulkDialog(
  _props: ManyPlace & {
    readonly aspect: BulkChange['aspect'];
    readonly onClose: () => void;
  },
) {
  return null;
}
