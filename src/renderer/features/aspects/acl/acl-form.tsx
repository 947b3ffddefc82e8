import { CircleUserRound, Globe, Mail, Plus, ScrollText, Users, X } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import type { Acl, AclPermission, Grantee } from '../../../../shared/domain/aspects.ts';
import { useServices } from '../../../app/services.ts';
import { Button } from '../../../components/button.tsx';
import { Checkbox } from '../../../components/checkbox.tsx';
import { classes } from '../../../components/classes.ts';
import { Field } from '../../../components/field.tsx';
import { IconButton } from '../../../components/icon-button.tsx';
import { Select } from '../../../components/select.tsx';
import { TextInput } from '../../../components/text-input.tsx';
import { VisuallyHidden } from '../../../components/visually-hidden.tsx';
import type { FormProps, Problems } from '../aspect-editor.ts';
import table from '../editor-table.module.css';
import { useAspect } from '../use-aspect.ts';
import styles from './acl-form.module.css';
import {
  type AclDraft,
  type AclRow,
  aclDraft,
  aclOf,
  isFixed,
  isOwner,
  isTicked,
  PERMISSIONS,
  withGrantee,
  withoutGrantee,
  withTick,
  withUser,
} from './acl-model.ts';
import { type CannedAcl, presetAcl, presetOf, presetsFor } from './acl-presets.ts';
import {
  granteeNote,
  granteeWords,
  PERMISSION_WORDS,
  permissionMeaning,
} from './acl-words.ts';

/** Who may do what, as a grid of boxes, and the ready-made lists. */
export function AclForm(props: FormProps<AclDraft>) {
  const { place, draft, onChange, problems, readOnly } = props;
  const isBucket = place.key === null;
  const bucketOwner = useBucketOwner(props);
  const acl = useMemo(() => aclOf(draft), [draft]);
  const preset = presetOf(acl, isBucket, bucketOwner);
  const presets = presetsFor(isBucket).filter(
    ({ value }) => presetAcl(value, draft.owner, bucketOwner) !== null,
  );
  return (
    <div className={table.frame}>
      <div className={styles.top}>
        <Field label="Preset">
          <Select
            value={preset?.value ?? 'custom'}
            disabled={readOnly}
            options={[
              ...presets,
              ...(preset === null
                ? [{ value: 'custom' as const, label: 'Custom', hint: 'As below.' }]
                : []),
            ]}
            onChange={(value: CannedAcl | 'custom') => {
              if (value === 'custom') return;
              const chosen = presetAcl(value, draft.owner, bucketOwner);
              if (chosen !== null) onChange(() => aclDraft(chosen, isBucket));
            }}
          />
        </Field>
      </div>
      <AclGrid {...props} isBucket={isBucket} />
      {!readOnly && (
        <div className={table.buttons}>
          <Button
            icon={<Plus size={14} aria-hidden="true" />}
            onClick={() => onChange(withUser)}
          >
            Add User
          </Button>
        </div>
      )}
      <p className={styles.help}>
        {isBucket
          ? 'Nothing inherits: the objects in the bucket have lists of their own. “Change All…” in the inspector changes those.'
          : 'ACP is this list itself, the access control policy. An object’s list counts beside the bucket’s policy.'}
      </p>
      <div aria-live="polite">
        {[...problems].map(([field, message]) => (
          <p key={field} className={table.error}>
            {message}
          </p>
        ))}
      </div>
    </div>
  );
}

/** The owner of an object's bucket, where it can be known: two presets give to it. */
function useBucketOwner({ place, draft }: FormProps<AclDraft>): Acl['owner'] | null {
  const { state } = useAspect({ ...place, key: null }, 'acl');
  if (place.key === null) return draft.owner;
  return state.phase === 'ready' ? state.value.owner : null;
}

/** Somebody in each line, what they may do in each column. */
function AclGrid(props: {
  readonly draft: AclDraft;
  readonly onChange: (update: (draft: AclDraft) => AclDraft) => void;
  readonly problems: Problems;
  readonly readOnly: boolean;
  readonly isBucket: boolean;
}) {
  const { draft, isBucket } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const rows = useRef(draft.rows.length);
  useEffect(() => {
    // A new line is there to be typed in.
    if (draft.rows.length > rows.current) {
      const inputs = body.current?.querySelectorAll<HTMLElement>('input[data-grantee]');
      inputs?.[inputs.length - 1]?.focus();
    }
    rows.current = draft.rows.length;
  }, [draft.rows.length]);
  return (
    <div className={table.table}>
      <table className={styles.grid} aria-label="Who may do what">
        <thead>
          <tr>
            <th scope="col">Who</th>
            {PERMISSIONS.map((permission) => (
              <th
                key={permission}
                scope="col"
                className={styles.permission}
                title={permissionMeaning(permission, isBucket)}
              >
                {PERMISSION_WORDS[permission]}
              </th>
            ))}
            <th className={styles.last}>
              <VisuallyHidden>Remove</VisuallyHidden>
            </th>
          </tr>
        </thead>
        <tbody ref={body}>
          {draft.rows.map((row) => (
            <Row key={row.id} row={row} {...props} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row(props: {
  readonly row: AclRow;
  readonly draft: AclDraft;
  readonly onChange: (update: (draft: AclDraft) => AclDraft) => void;
  readonly problems: Problems;
  readonly readOnly: boolean;
  readonly isBucket: boolean;
}) {
  const { row, draft, onChange, readOnly, isBucket } = props;
  const owner = isOwner(draft, row);
  const name = row.grantee === null ? row.typed || 'new user' : granteeWords(row.grantee);
  const removable = row.grantee?.kind !== 'group' && !owner && !readOnly;
  return (
    <tr>
      <th scope="row" className={styles.who}>
        {row.grantee === null ? (
          <TextInput
            data-grantee
            code
            aria-label="Canonical user ID or e-mail address"
            aria-invalid={props.problems.has(`grantee:${row.id}`) ? true : undefined}
            placeholder="Canonical user ID or e-mail address"
            value={row.typed}
            onChange={(typed) => onChange((now) => withGrantee(now, row.id, typed))}
          />
        ) : (
          <Who grantee={row.grantee} owner={owner} />
        )}
      </th>
      {PERMISSIONS.map((permission) => (
        <td key={permission} className={styles.cell}>
          <Box
            name={name}
            permission={permission}
            row={row}
            disabled={
              readOnly ||
              isFixed(draft, row, permission) ||
              // It has no meaning on objects; what is there can be taken away.
              (!isBucket && permission === 'WRITE' && !isTicked(row, permission))
            }
            onTick={(ticked) =>
              onChange((now) => withTick(now, row.id, permission, ticked))
            }
          />
        </td>
      ))}
      <td className={styles.last}>
        {removable && (
          <IconButton
            size="small"
            label={`Remove ${name}`}
            icon={<X size={14} aria-hidden="true" />}
            onClick={() => onChange((now) => withoutGrantee(now, row.id))}
          />
        )}
      </td>
    </tr>
  );
}

function Box(props: {
  readonly name: string;
  readonly permission: AclPermission;
  readonly row: AclRow;
  readonly disabled: boolean;
  readonly onTick: (ticked: boolean) => void;
}) {
  const label = `${props.name}: ${PERMISSION_WORDS[props.permission]}`;
  return (
    <Checkbox
      label={<VisuallyHidden>{label}</VisuallyHidden>}
      checked={isTicked(props.row, props.permission)}
      disabled={props.disabled}
      onChange={props.onTick}
    />
  );
}

/** A grantee with its picture and what is known of it. */
function Who({ grantee, owner }: { readonly grantee: Grantee; readonly owner: boolean }) {
  const { api, toasts, reportError } = useServices();
  const note = granteeNote(grantee);
  const id = grantee.kind === 'user' ? grantee.id : '';
  return (
    <div className={styles.grantee}>
      <span className={classes(styles.icon, owner && styles.owner)}>
        <GranteeIcon grantee={grantee} />
      </span>
      <span className={styles.names}>
        <span className={styles.name} title={granteeWords(grantee)}>
          <span className={styles.nameText}>{granteeWords(grantee)}</span>
          {owner && <span className={styles.badge}>Owner</span>}
        </span>
        {note !== '' &&
          (id === '' ? (
            <span className={styles.note}>{note}</span>
          ) : (
            <button
              type="button"
              className={classes(styles.note, styles.id)}
              title={`Copy the canonical user ID\n${id}`}
              onClick={() => {
                api.app
                  .copyText({ text: id })
                  .then(() =>
                    toasts.show({
                      tone: 'success',
                      title: 'Copied the canonical user ID',
                    }),
                  )
                  .catch(reportError);
              }}
            >
              {id}
            </button>
          ))}
      </span>
    </div>
  );
}

/** A picture of who it is. */
export function GranteeIcon({ grantee }: { readonly grantee: Grantee }) {
  const look = { size: 16, 'aria-hidden': true } as const;
  if (grantee.kind === 'user') return <CircleUserRound {...look} />;
  if (grantee.kind === 'email') return <Mail {...look} />;
  if (grantee.group === 'AllUsers') return <Globe {...look} />;
  return grantee.group === 'LogDelivery' ? <ScrollText {...look} /> : <Users {...look} />;
}
