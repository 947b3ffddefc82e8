import { Checkbox } from '../../../components/checkbox.tsx';
import styles from './bulk.module.css';
import type { BulkFormProps } from './bulk-editor.ts';
import { NamedLinesTable } from './named-lines-table.tsx';
import type { TagsBulk } from './tags-bulk.ts';

/** The form of a change of many objects' tags. */
export function TagsBulkForm({ draft, onChange, problems }: BulkFormProps<TagsBulk>) {
  return (
    <div className={styles.form}>
      <NamedLinesTable
        noun="tag"
        label="Tags"
        add="Add Tag"
        empty="No tags to set or remove."
        lines={draft.lines}
        problems={problems}
        onChange={(update) => onChange((now) => ({ ...now, lines: update(now.lines) }))}
      />
      <Checkbox
        label="Remove all other tags"
        hint="Each object has only the tags above then."
        checked={draft.replace}
        onChange={(replace) => onChange((now) => ({ ...now, replace }))}
      />
    </div>
  );
}
