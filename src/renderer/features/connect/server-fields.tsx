import type { ProviderProfile } from '../../../shared/providers/profile.ts';
import { getProviderProfile, PROVIDERS } from '../../../shared/providers/registry.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Select } from '../../components/select.tsx';
import { SuggestInput, type Suggestion } from '../../components/suggest-input.tsx';
import { TextInput } from '../../components/text-input.tsx';
import styles from './connection-dialog.module.css';
import {
  withEndpoint,
  withProvider,
  withProviderField,
  withRegion,
} from './connection-form.ts';
import { type FormControl, messagesOf } from './form-control.ts';
import { understood } from './understood.ts';

const PROVIDER_OPTIONS = PROVIDERS.map(({ id, name }) => ({ value: id, label: name }));

/** Props of {@link ServerFields}. */
export interface ServerFieldsProps {
  readonly control: FormControl;
  /** Opens a help page in the browser. */
  readonly onOpenHelp: (url: string) => void;
}

/** Provider, its own fields, endpoint and region. */
export function ServerFields({ control, onOpenHelp }: ServerFieldsProps) {
  const { form, change, leave } = control;
  const profile: ProviderProfile = getProviderProfile(form.providerId);
  return (
    <>
      <Field
        label="Provider"
        hint={
          <>
            {profile.help}
            {profile.helpUrl !== '' && (
              <Button
                variant="plain"
                className={styles.inlineLink}
                onClick={() => onOpenHelp(profile.helpUrl)}
              >
                Where to find keys
              </Button>
            )}
          </>
        }
      >
        <Select
          value={profile.id}
          options={PROVIDER_OPTIONS}
          onChange={(id) => change((current) => withProvider(current, id))}
        />
      </Field>
      {profile.warning !== undefined && <Banner tone="warning">{profile.warning}</Banner>}
      {profile.fields.map((field) => (
        <Field
          key={field.id}
          label={field.label}
          hint={field.help}
          {...messagesOf(control, `provider:${field.id}`)}
        >
          <TextInput
            code
            value={form.providerFields[field.id] ?? ''}
            onChange={(value) =>
              change((current) => withProviderField(current, field.id, value.trim()))
            }
            onBlur={() => leave(`provider:${field.id}`)}
          />
        </Field>
      ))}
      <Field
        label="Endpoint"
        hint={understood(form)}
        {...messagesOf(control, 'endpoint')}
      >
        <TextInput
          value={form.endpoint}
          placeholder="s3.example.com, https://… or any URL of it"
          onChange={(value) => change((current) => withEndpoint(current, value))}
          onBlur={() => leave('endpoint')}
        />
      </Field>
      <Field
        label={profile.id === 'exoscale' ? 'Zone' : 'Region'}
        {...messagesOf(control, 'region')}
        {...(form.region.trim() === ''
          ? { hint: 'Left empty, the server is asked for it.' }
          : {})}
      >
        <SuggestInput
          value={form.region}
          suggestions={suggestionsOf(profile)}
          placeholder="Automatic"
          onChange={(value) => change((current) => withRegion(current, value))}
          onBlur={() => leave('region')}
        />
      </Field>
    </>
  );
}

function suggestionsOf({ regions }: ProviderProfile): readonly Suggestion[] {
  if (regions.kind !== 'list') return [];
  return regions.items.map(({ id, name }) => ({ value: id, label: name }));
}
