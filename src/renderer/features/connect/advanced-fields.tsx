import { LIMIT_UNIT } from '../../../shared/domain/limit-text.ts';
import { Field } from '../../components/field.tsx';
import { Select } from '../../components/select.tsx';
import { TextArea } from '../../components/text-area.tsx';
import { TextInput } from '../../components/text-input.tsx';
import styles from './connection-dialog.module.css';
import { type FormControl, messagesOf } from './form-control.ts';
import { ADDRESSINGS, SIGNATURES, UPLOAD_ACLS } from './options.ts';

/** The text fields of this part, with unit and explanation. */
const NUMBERS = [
  {
    name: 'connectTimeout',
    label: 'Connect within',
    unit: 'seconds',
    hint: 'How long to wait for the server to answer at all.',
  },
  {
    name: 'requestTimeout',
    label: 'Give up after',
    unit: 'seconds without a byte',
    hint: '',
  },
  {
    name: 'maxSockets',
    label: 'At most',
    unit: 'connections to the server',
    hint: '',
  },
  {
    name: 'partSize',
    label: 'Part size',
    unit: 'MiB',
    hint: 'Of uploads in parts. 0 chooses by the file’s size.',
  },
  {
    name: 'uploadLimit',
    label: 'Uploads',
    unit: `${LIMIT_UNIT} at most`,
    hint: '',
  },
  {
    name: 'downloadLimit',
    label: 'Downloads',
    unit: `${LIMIT_UNIT} at most`,
    hint: 'For this connection, besides the limits in the preferences. 0: none.',
  },
] as const;

/** Signature, addressing, ACL, timeouts and sizes. */
export function AdvancedFields({ control }: { readonly control: FormControl }) {
  const { form, change, leave } = control;
  return (
    <div className={styles.fields}>
      <Field label="Signature">
        <Select
          value={form.signature}
          options={SIGNATURES}
          onChange={(signature) => change((current) => ({ ...current, signature }))}
        />
      </Field>
      <Field label="Addressing">
        <Select
          value={form.addressing}
          options={ADDRESSINGS}
          onChange={(addressing) => change((current) => ({ ...current, addressing }))}
        />
      </Field>
      <Field
        label="Upload ACL"
        {...(form.uploadAcl === 'none'
          ? {}
          : {
              hint: 'Buckets with ACLs turned off refuse uploads that ask for one. Choose None if uploads fail.',
            })}
      >
        <Select
          value={form.uploadAcl}
          options={UPLOAD_ACLS}
          onChange={(uploadAcl) => change((current) => ({ ...current, uploadAcl }))}
        />
      </Field>
      {NUMBERS.map(({ name, label, unit, hint }) => (
        <Field key={name} label={label} hint={hint} {...messagesOf(control, name)}>
          <span className={styles.number}>
            <TextInput
              inputMode="decimal"
              value={form[name]}
              onChange={(value) => change((current) => ({ ...current, [name]: value }))}
              onBlur={() => leave(name)}
            />
            <span>{unit}</span>
          </span>
        </Field>
      ))}
      <Field
        label="Certificate authority (PEM)"
        hint="For servers with their own certificate. With one here, only it is trusted."
        {...messagesOf(control, 'caCertificate')}
      >
        <TextArea
          rows={4}
          value={form.caCertificate}
          placeholder="-----BEGIN CERTIFICATE-----"
          onChange={(caCertificate) =>
            change((current) => ({ ...current, caCertificate }))
          }
          onBlur={() => leave('caCertificate')}
        />
      </Field>
    </div>
  );
}
