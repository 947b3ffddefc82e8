import type { ConnectionDraft, SecretInput } from '../../../shared/domain/bookmark.ts';
import { parseEndpoint } from '../../../shared/domain/endpoint.ts';
import { PROVIDERS } from '../../../shared/providers/registry.ts';
import { checkForm, type FormErrors } from './check-form.ts';
import { newForm, settleEndpoint, withEndpoint } from './connection-form.ts';

/** The line of quick connect, as typed. */
export interface QuickForm {
  /** Endpoint, URL or `s3://bucket/path`. */
  readonly address: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly anonymous: boolean;
}

/** Outcome of {@link checkQuick}. */
export interface CheckedQuick {
  readonly errors: FormErrors;
  readonly draft: ConnectionDraft | null;
  readonly secret: SecretInput | null;
}

/** Makes a connection of the quick-connect line; the rules are those of the dialog. */
export function checkQuick(quick: QuickForm): CheckedQuick {
  const typed = withEndpoint(
    { ...newForm(), providerId: 'generic', region: '' },
    quick.address,
  );
  const settled = settleEndpoint(typed);
  const { errors, draft, secret } = checkForm(
    {
      ...settled,
      providerId: providerOf(settled.endpoint),
      accessKeyId: quick.accessKeyId.trim(),
      secretAccessKey: quick.secretAccessKey.trim(),
      signature: quick.anonymous ? 'anonymous' : 'v4',
    },
    { hasStoredSecret: false, storedAccessKeyId: '' },
  );
  return { errors, draft, secret };
}

/** The provider whose endpoints look like this one. */
function providerOf(endpoint: string): string {
  const parsed = parseEndpoint(endpoint);
  if (!parsed.ok) return 'generic';
  if (/\.amazonaws\.(?:com|com\.cn|eu)$/.test(parsed.host)) return 'aws';
  const found = PROVIDERS.find((profile) => {
    if (!profile.endpoint.includes('{')) return false;
    const domain = profile.endpoint.replace(/^.*\}/, '');
    return domain.length > 4 && parsed.host.endsWith(domain);
  });
  return found?.id ?? 'generic';
}

/** The line under the address: server, region and place. Empty while it is no address. */
export function quickSummary(address: string): string {
  const parsed = parseEndpoint(address);
  if (!parsed.ok) return '';
  return [
    parsed.endpoint,
    parsed.region === '' ? '' : `region ${parsed.region}`,
    parsed.bucket === null ? '' : `opens ${parsed.bucket}/${parsed.path}`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
