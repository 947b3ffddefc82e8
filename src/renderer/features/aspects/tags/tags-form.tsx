import { X } from 'lucide-react';
import { IconButton } from '../../../components/icon-button.tsx';
import { TextInput } from '../../../components/text-input.tsx';
import type { FormProps, Problems } from '../aspect-editor.ts';
import table from '../editor-table.module.css';
import { EditorRow, EditorTable } from '../editor-table.tsx';
import {
  isSystemTag,
  mostTags,
  type TagRow,
  type TagsDraft,
  usedRows,
  withoutRow,
  withRow,
  withTyped,
} from './tags-model.ts';

/** The tags of a bucket or an object as a table one types in. */
export function TagsForm(props: FormProps<TagsDraft>) {
  const { place, draft, readOnly } = props;
  const most = mostTags(place);
  const used = usedRows(draft);
  return (
    <TagTable
      {...props}
      draft={readOnly ? { rows: used } : draft}
      empty={`No tags. ${place.key === null ? 'A bucket' : 'An object'} can have up to ${most}.`}
      count={`${used.length} of ${most}`}
      full={draft.rows.length >= most}
    />
  );
}

/** Names and values, one under the other, with a button for one more. */
export function TagTable(props: {
  readonly draft: TagsDraft;
  readonly onChange: (update: (draft: TagsDraft) => TagsDraft) => void;
  readonly problems: Problems;
  readonly readOnly: boolean;
  readonly empty: string;
  readonly count: string;
  readonly full: boolean;
}) {
  const { draft, onChange, problems, readOnly } = props;
  return (
    <div className={table.frame}>
      <EditorTable
        label="Tags"
        columns={['Name', 'Value']}
        rows={draft.rows.length}
        empty={props.empty}
        problem={problems.get('list')}
        readOnly={readOnly}
        add="Add Tag"
        full={props.full}
        count={props.count}
        onAdd={() => onChange((now) => withRow(now))}
      >
        {draft.rows.map((row, index) => (
          <Row
            key={row.id}
            row={row}
            number={index + 1}
            problems={problems}
            readOnly={readOnly || isSystemTag(row)}
            onType={(typed) => onChange((now) => withTyped(now, row.id, typed))}
            onRemove={() => onChange((now) => withoutRow(now, row.id))}
          />
        ))}
      </EditorTable>
    </div>
  );
}

function Row(props: {
  readonly row: TagRow;
  readonly number: number;
  readonly problems: Problems;
  readonly readOnly: boolean;
  readonly onType: (typed: { readonly key?: string; readonly value?: string }) => void;
  readonly onRemove: () => void;
}) {
  const { row, number, problems, readOnly } = props;
  const keyProblem = problems.get(`key:${row.id}`);
  const valueProblem = problems.get(`value:${row.id}`);
  const errorId = `tag-${row.id}-error`;
  const described = { 'aria-invalid': true, 'aria-describedby': errorId } as const;
  return (
    <EditorRow errorId={errorId} problem={keyProblem ?? valueProblem}>
      <div className={table.cells}>
        <TextInput
          {...(keyProblem === undefined ? {} : described)}
          data-first
          aria-label={`Name of tag ${number}`}
          placeholder="project"
          value={row.key}
          readOnly={readOnly}
          onChange={(key) => props.onType({ key })}
        />
        <TextInput
          {...(valueProblem === undefined ? {} : described)}
          aria-label={`Value of tag ${number}`}
          value={row.value}
          readOnly={readOnly}
          onChange={(value) => props.onType({ value })}
        />
        {readOnly ? (
          <span />
        ) : (
          <IconButton
            size="small"
            label={`Remove tag ${number}`}
            icon={<X size={14} aria-hidden="true" />}
            onClick={props.onRemove}
          />
        )}
      </div>
    </EditorRow>
  );
}
