import { X } from 'lucide-react';
import type { AclPermission } from '../../../../shared/domain/aspects.ts';
import { ChoiceList } from '../../../components/choice-list.tsx';
import { IconButton } from '../../../components/icon-button.tsx';
import { Select, type SelectOption } from '../../../components/select.tsx';
import { TextInput } from '../../../components/text-input.tsx';
import { PERMISSIONS } from '../acl/acl-model.ts';
import { presetsFor } from '../acl/acl-presets.ts';
import { PERMISSION_WORDS, permissionMeaning } from '../acl/acl-words.ts';
import table from '../editor-table.module.css';
import { EditorRow, EditorTable } from '../editor-table.tsx';
import {
  type AclBulk,
  aclBulkChanges,
  aclBulkConsequences,
  aclBulkProblems,
  aclChange,
  type BulkCanned,
  type GrantLine,
  INITIAL_ACL,
} from './acl-bulk-model.ts';
import styles from './bulk.module.css';
import type { BulkEditor, BulkFormProps } from './bulk-editor.ts';

const OPS: readonly SelectOption<GrantLine['op']>[] = [
  { value: 'give', label: 'Give' },
  { value: 'take', label: 'Take' },
];
const WHO: readonly SelectOption<GrantLine['who']>[] = [
  { value: 'AllUsers', label: 'Everyone', hint: 'The whole internet, without keys.' },
  {
    value: 'AuthenticatedUsers',
    label: 'Anyone signed in',
    hint: 'Anybody with any account at this service.',
  },
  { value: 'user', label: 'A user', hint: 'By canonical user ID or e-mail address.' },
];
const WHAT: readonly SelectOption<AclPermission>[] = PERMISSIONS.filter(
  // It has no meaning on objects.
  (permission) => permission !== 'WRITE',
).map((value) => ({
  value,
  label: PERMISSION_WORDS[value],
  hint: `${permissionMeaning(value, false)}.`,
}));

/** Changes who may do what with many objects. */
export const ACL_BULK: BulkEditor<AclBulk> = {
  title: 'Change Permissions',
  initial: INITIAL_ACL,
  problems: aclBulkProblems,
  changeOf: aclChange,
  changes: aclBulkChanges,
  consequences: aclBulkConsequences,
  Form: AclBulkForm,
};

function AclBulkForm({ draft, onChange, problems }: BulkFormProps<AclBulk>) {
  const { mode, canned, lines } = draft;
  return (
    <div className={styles.form}>
      <ChoiceList
        label="How the lists are changed"
        value={mode}
        choices={[
          {
            value: 'preset',
            label: 'Replace each list by a preset',
            hint: 'What it says now is gone.',
          },
          {
            value: 'grants',
            label: 'Give and take single permissions',
            hint: 'The rest of each list stays. The owner always keeps full control.',
          },
        ]}
        onChange={(next) => onChange((now) => ({ ...now, mode: next }))}
      />
      {mode === 'preset' ? (
        <Select
          label="Preset"
          value={canned}
          options={presetsFor(false).flatMap(({ value, ...rest }) =>
            value === 'log-delivery-write'
              ? []
              : [{ value: value satisfies BulkCanned, ...rest }],
          )}
          onChange={(value) => onChange((now) => ({ ...now, canned: value }))}
        />
      ) : (
        <div className={table.frame}>
          <EditorTable
            label="Permissions"
            rows={lines.length}
            empty="Nothing to give or take."
            add="Add Permission"
            onAdd={() =>
              onChange((now) => ({
                ...now,
                lines: [
                  ...now.lines,
                  {
                    id: Math.max(-1, ...now.lines.map(({ id }) => id)) + 1,
                    op: 'give',
                    who: 'user',
                    typed: '',
                    permission: 'READ',
                  },
                ],
              }))
            }
          >
            {lines.map((line, index) => (
              <Line
                key={line.id}
                line={line}
                number={index + 1}
                problem={problems.get(`grant:${line.id}`)}
                onChange={(change) =>
                  onChange((now) => ({
                    ...now,
                    lines: now.lines.map((each) =>
                      each.id === line.id ? { ...each, ...change } : each,
                    ),
                  }))
                }
                onRemove={() =>
                  onChange((now) => ({
                    ...now,
                    lines: now.lines.filter(({ id }) => id !== line.id),
                  }))
                }
              />
            ))}
          </EditorTable>
        </div>
      )}
    </div>
  );
}

function Line(props: {
  readonly line: GrantLine;
  readonly number: number;
  readonly problem: string | undefined;
  readonly onChange: (change: Partial<Omit<GrantLine, 'id'>>) => void;
  readonly onRemove: () => void;
}) {
  const { line, number, problem, onChange } = props;
  const errorId = `grant-${line.id}-error`;
  return (
    <EditorRow errorId={errorId} problem={problem}>
      <div className={styles.grants}>
        <Select
          label={`Give or take, line ${number}`}
          value={line.op}
          options={OPS}
          onChange={(op) => onChange({ op })}
        />
        <Select
          label={`Who, line ${number}`}
          className={line.who === 'user' ? '' : (styles.wide ?? '')}
          value={line.who}
          options={WHO}
          onChange={(who) => onChange({ who })}
        />
        {line.who === 'user' && (
          <TextInput
            code
            data-first
            aria-label={`User of line ${number}`}
            {...(problem === undefined
              ? {}
              : { 'aria-invalid': true as const, 'aria-describedby': errorId })}
            placeholder="Canonical user ID or e-mail address"
            value={line.typed}
            onChange={(typed) => onChange({ typed })}
          />
        )}
        <Select
          label={`What, line ${number}`}
          value={line.permission}
          options={WHAT}
          onChange={(permission) => onChange({ permission })}
        />
        <IconButton
          size="small"
          label={`Leave out line ${number}`}
          icon={<X size={14} aria-hidden="true" />}
          onClick={props.onRemove}
        />
      </div>
    </EditorRow>
  );
}
