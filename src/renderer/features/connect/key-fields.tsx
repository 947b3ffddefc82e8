import { useState } from 'react';
import type { Bookmark } from '../../../shared/domain/bookmark.ts';
import { Checkbox } from '../../components/checkbox.tsx';
import { Disclosure } from '../../components/disclosure.tsx';
import { Field } from '../../components/field.tsx';
import { PasswordInput } from '../../components/password-input.tsx';
import { TextInput } from '../../components/text-input.tsx';
import styles from './connection-dialog.module.css';
import { type TrimmedField, withKey } from './connection-form.ts';
import { type FormControl, messagesOf } from './form-control.ts';

const TRIMMED = 'Spaces around it were removed.';

/** Props of {@link KeyFields}. */
export interface KeyFieldsProps {
  readonly control: FormControl;
  readonly bookmark: Bookmark | null;
}

/** Access key, secret and token, or none of them. */
export function KeyFields({ control, bookmark }: KeyFieldsProps) {
  const { form, change, leave } = control;
  const [isTokenOpen, setTokenOpen] = useState(
    form.sessionToken !== '' || bookmark?.hasSessionToken === true,
  );
  const isAnonymous = form.signature === 'anonymous';
  const isStored = bookmark !== null && bookmark.secretStorage !== 'none';
  const hintOf = (field: TrimmedField) =>
    form.trimmed.includes(field) ? { hint: TRIMMED } : {};
  return (
    <>
      <div className={styles.indented}>
        <Checkbox
          label="Anonymous: a public bucket, without keys"
          checked={isAnonymous}
          onChange={(checked) =>
            change((current) => ({
              ...current,
              signature: checked ? 'anonymous' : 'v4',
            }))
          }
        />
      </div>
      {!isAnonymous && (
        <>
          <Field
            label="Access key"
            {...hintOf('accessKeyId')}
            {...messagesOf(control, 'accessKeyId')}
          >
            <TextInput
              code
              value={form.accessKeyId}
              placeholder="Access key ID"
              onChange={(value) => change((now) => withKey(now, 'accessKeyId', value))}
              onBlur={() => leave('accessKeyId')}
            />
          </Field>
          <Field
            label="Secret key"
            {...hintOf('secretAccessKey')}
            {...messagesOf(control, 'secretAccessKey')}
          >
            <PasswordInput
              what="secret key"
              value={form.secretAccessKey}
              placeholder={
                isStored ? 'Stored. Leave empty to keep it' : 'Secret access key'
              }
              onChange={(value) =>
                change((now) => withKey(now, 'secretAccessKey', value))
              }
              onBlur={() => leave('secretAccessKey')}
            />
          </Field>
          <div className={styles.indented}>
            <Disclosure label="Temporary key" open={isTokenOpen} onChange={setTokenOpen}>
              <Field
                layout="top"
                label="Session token"
                {...hintOf('sessionToken')}
                {...messagesOf(control, 'sessionToken')}
              >
                <PasswordInput
                  what="session token"
                  value={form.sessionToken}
                  placeholder={
                    bookmark?.hasSessionToken === true
                      ? 'Stored. Leave empty to keep it'
                      : 'Only for keys that expire'
                  }
                  onChange={(value) =>
                    change((now) => withKey(now, 'sessionToken', value))
                  }
                  onBlur={() => leave('sessionToken')}
                />
              </Field>
            </Disclosure>
          </div>
        </>
      )}
      <Field
        label="Bucket or path"
        hint="Needed when the key may not list buckets. Empty: start at the list of buckets."
        {...messagesOf(control, 'root')}
      >
        <TextInput
          value={form.root}
          placeholder="bucket or bucket/path/"
          onChange={(root) => change((now) => ({ ...now, root, movedRoot: '' }))}
          onBlur={() => leave('root')}
        />
      </Field>
    </>
  );
}
