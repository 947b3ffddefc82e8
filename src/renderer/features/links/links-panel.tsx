import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { customDomainUrl } from '../../../shared/domain/link-text.ts';
import { useServices } from '../../app/services.ts';
import { Field } from '../../components/field.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { SummarySection } from '../aspects/aspect-summary.tsx';
import { linkedOf } from '../inspector/linked.ts';
import { Fact, FactList } from '../inspector/parts.tsx';
import type { InspectorSubject } from '../inspector/subject.ts';
import { useLoaded } from '../inspector/use-loaded.ts';
import { LinkTest } from './link-test.tsx';
import styles from './links.module.css';
import { useOwnDomain } from './own-domain.ts';

/** The addresses of what is looked at, and links that work without keys. */
export function LinksPanel({ subject }: { readonly subject: InspectorSubject }) {
  const { dialogs, items } = useServices();
  const single = subject.kind === 'object';
  const label = single ? 'Create Link…' : 'Create Links…';
  return (
    <>
      <SummarySection
        title="Signed Links"
        action={{
          label,
          name: label,
          onSelect: () => {
            const linked = linkedOf(subject, () => items.selected()?.items ?? []);
            if (linked !== null) dialogs.open({ kind: 'links', ...linked });
          },
        }}
      >
        <p className={styles.hint}>
          {single
            ? 'Open a private object without keys, for up to seven days.'
            : 'One for each object: folders themselves have no links.'}
        </p>
      </SummarySection>
      {single && (
        <PlainAddresses
          key={`${subject.bucket}/${subject.row.key}`}
          connectionId={subject.location.connectionId}
          bucket={subject.bucket}
          objectKey={subject.row.key}
        />
      )}
    </>
  );
}

/** Addresses without a signature: for what is public. */
function PlainAddresses(props: {
  readonly connectionId: ConnectionId;
  readonly bucket: string;
  readonly objectKey: string;
}) {
  const { connectionId, bucket, objectKey } = props;
  const { api } = useServices();
  const { domain, type, keep } = useOwnDomain(connectionId, bucket);
  const { value: urls } = useLoaded(
    () => api.browse.urls({ connectionId, bucket, key: objectKey }),
    JSON.stringify([connectionId, bucket, objectKey]),
  );
  if (urls === null) return null;
  const own = domain.trim() === '' ? null : customDomainUrl(domain, objectKey);
  const addresses = [
    { name: 'Path style', url: urls.pathStyle },
    { name: 'Virtual host', url: urls.virtualHost },
    { name: 'Own domain', url: own },
  ].flatMap(({ name, url }) => (url === null ? [] : [{ name, url }]));
  return (
    <SummarySection title="Addresses">
      <div className={styles.addresses}>
        <p className={styles.hint}>They work for everyone once the object is public.</p>
        <FactList>
          <Fact label="Path style" value={urls.pathStyle} code copy wide />
          <Fact label="Virtual host" value={urls.virtualHost} code copy wide />
        </FactList>
        <Field
          layout="top"
          label="Domain of your own"
          error={
            domain.trim() !== '' && own === null
              ? 'Enter a domain such as cdn.example.com.'
              : undefined
          }
        >
          <TextInput
            value={domain}
            placeholder="cdn.example.com"
            onChange={type}
            onBlur={keep}
          />
        </Field>
        {own !== null && (
          <FactList>
            <Fact label="Own domain" value={own} code copy wide />
          </FactList>
        )}
        <div className={styles.actions}>
          <LinkTest key={own} label="Test Addresses" kind="plain" links={addresses} />
        </div>
      </div>
    </SummarySection>
  );
}
