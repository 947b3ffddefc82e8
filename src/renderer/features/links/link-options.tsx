import { EXPIRY_UNITS, type ExpiryUnit } from '../../../shared/domain/link-text.ts';
import { useServices } from '../../app/services.ts';
import { Field } from '../../components/field.tsx';
import { SegmentedControl } from '../../components/segmented-control.tsx';
import { Select } from '../../components/select.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { type LinkFaults, type LinkForm, secondsOf } from './link-form.ts';
import styles from './links.module.css';

const UNITS = (Object.keys(EXPIRY_UNITS) as ExpiryUnit[]).map((value) => ({
  value,
  label: value.charAt(0).toUpperCase() + value.slice(1),
}));

/** What the link is for and how long it lives. */
export function LinkOptionFields(props: {
  readonly form: LinkForm;
  readonly faults: LinkFaults;
  /** Several objects: only downloads make sense. */
  readonly many: boolean;
  readonly onChange: (form: LinkForm) => void;
}) {
  const { form, faults, many, onChange } = props;
  const { format } = useServices();
  const seconds = secondsOf(form);
  const uploads = form.method === 'PUT';
  return (
    <>
      {!many && (
        <Field
          label="For"
          hint={
            uploads
              ? 'Whoever has the link can put a file in place of this object, once or often, until it ends.'
              : 'Whoever has the link can read this object until it ends.'
          }
        >
          <SegmentedControl
            value={form.method}
            onChange={(method) => onChange({ ...form, method })}
            choices={[
              { value: 'GET', label: 'Download' },
              { value: 'PUT', label: 'Upload' },
            ]}
          />
        </Field>
      )}
      <Field
        label="Ends after"
        error={faults.expiry}
        hint={seconds === null ? undefined : `${format.count(seconds)} seconds`}
      >
        <div className={styles.expiry}>
          <TextInput
            value={form.expiry}
            inputMode="decimal"
            className={styles.number}
            onChange={(expiry) => onChange({ ...form, expiry })}
          />
          <Select
            label="Unit of time"
            className={styles.unit}
            value={form.unit}
            options={UNITS}
            onChange={(unit) => onChange({ ...form, unit })}
          />
        </div>
      </Field>
      {!uploads && (
        <Field label="In a browser">
          <Select
            value={form.opening}
            options={[
              { value: 'as-it-is', label: 'As the object says' },
              { value: 'show', label: 'Open it' },
              { value: 'save', label: 'Save it under its name' },
            ]}
            onChange={(opening) => onChange({ ...form, opening })}
          />
        </Field>
      )}
      <Field
        label="Content type"
        error={faults.contentType}
        hint={
          uploads
            ? 'If set, the upload has to send exactly this Content-Type.'
            : undefined
        }
      >
        <TextInput
          value={form.contentType}
          placeholder={uploads ? 'Any' : 'As the object has it'}
          onChange={(contentType) => onChange({ ...form, contentType })}
        />
      </Field>
    </>
  );
}
