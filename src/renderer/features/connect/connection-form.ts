import type {
  Addressing,
  Bookmark,
  BookmarkColour,
  SignatureKind,
  UploadAcl,
} from '../../../shared/domain/bookmark.ts';
import { parseEndpoint } from '../../../shared/domain/endpoint.ts';
import type { FolderId } from '../../../shared/domain/ids.ts';
import { limitText } from '../../../shared/domain/limit-text.ts';
import type { ProviderProfile } from '../../../shared/providers/profile.ts';
import {
  defaultRegion,
  endpointFor,
  getProviderProfile,
} from '../../../shared/providers/registry.ts';
import { type RuleForm, ruleFormsOf } from './rule-form.ts';

/** Everything in the connection dialog, as typed. Numbers stay text until checked. */
export interface ConnectionForm {
  readonly providerId: string;
  /** Values of the provider's own fields, such as `accountId`. */
  readonly providerFields: Readonly<Record<string, string>>;
  readonly nickname: string;
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly root: string;
  readonly signature: SignatureKind;
  readonly addressing: Addressing;
  readonly uploadAcl: UploadAcl;
  /** Seconds. */
  readonly connectTimeout: string;
  /** Seconds. */
  readonly requestTimeout: string;
  readonly maxSockets: string;
  /** MiB; 0 chooses by file size. */
  readonly partSize: string;
  /** MB per second; 0: no limit. */
  readonly uploadLimit: string;
  /** MB per second; 0: no limit. */
  readonly downloadLimit: string;
  /** PEM, as pasted. */
  readonly caCertificate: string;
  readonly rules: readonly RuleForm[];
  readonly excludeJunk: boolean;
  readonly colour: BookmarkColour;
  readonly folderId: FolderId | null;
  /** Bucket or path that was taken out of the endpoint, for the line under it. */
  readonly movedRoot: string;
  /** Fields from which surrounding spaces were taken off. */
  readonly trimmed: readonly TrimmedField[];
}

/** Fields that are trimmed as they are typed or pasted. */
export type TrimmedField = 'accessKeyId' | 'secretAccessKey' | 'sessionToken';

/** The form of a new connection. */
export function newForm(folderId: FolderId | null = null): ConnectionForm {
  const profile = getProviderProfile('aws');
  const region = defaultRegion(profile);
  return {
    providerId: profile.id,
    providerFields: {},
    nickname: '',
    endpoint: endpointFor(profile, region),
    region,
    accessKeyId: '',
    secretAccessKey: '',
    sessionToken: '',
    root: '',
    signature: 'v4',
    addressing: 'auto',
    uploadAcl: 'none',
    connectTimeout: '5',
    requestTimeout: '120',
    maxSockets: '64',
    partSize: '0',
    uploadLimit: '0',
    downloadLimit: '0',
    caCertificate: '',
    rules: [],
    excludeJunk: true,
    colour: 'none',
    folderId,
    movedRoot: '',
    trimmed: [],
  };
}

/** The form of a saved connection. The secret is not known here and stays empty. */
export function formOf(bookmark: Bookmark): ConnectionForm {
  const profile = getProviderProfile(bookmark.providerId);
  return {
    ...newForm(bookmark.folderId),
    providerId: bookmark.providerId,
    providerFields: fieldsOf(profile, bookmark.endpoint),
    nickname: bookmark.nickname,
    endpoint: bookmark.endpoint,
    region: bookmark.region,
    accessKeyId: bookmark.accessKeyId,
    root: bookmark.root,
    signature: bookmark.signature,
    addressing: bookmark.addressing,
    uploadAcl: bookmark.uploadAcl,
    connectTimeout: String(bookmark.advanced.connectTimeoutMs / 1_000),
    requestTimeout: String(bookmark.advanced.requestTimeoutMs / 1_000),
    maxSockets: String(bookmark.advanced.maxSockets),
    partSize: String(bookmark.advanced.partSizeMiB),
    uploadLimit: limitText(bookmark.advanced.uploadLimitKiBs),
    downloadLimit: limitText(bookmark.advanced.downloadLimitKiBs),
    caCertificate: bookmark.advanced.caCertificate,
    rules: ruleFormsOf(bookmark.advanced.rules),
    excludeJunk: bookmark.advanced.excludeJunk,
    colour: bookmark.colour,
  };
}

/** Another provider. An endpoint that was typed rather than filled in stays. */
export function withProvider(form: ConnectionForm, providerId: string): ConnectionForm {
  const profile = getProviderProfile(providerId);
  const region = defaultRegion(profile);
  if (!isFilledIn(form)) {
    return { ...form, providerId, providerFields: fieldsOf(profile, form.endpoint) };
  }
  return {
    ...form,
    providerId,
    providerFields: {},
    region,
    endpoint: endpointFor(profile, region),
    movedRoot: '',
  };
}

/** Another region; the endpoint follows unless it was typed. */
export function withRegion(form: ConnectionForm, region: string): ConnectionForm {
  if (!isFilledIn(form)) return { ...form, region };
  const profile = getProviderProfile(form.providerId);
  const endpoint = endpointFor(profile, region.trim(), form.providerFields);
  // A region half typed makes no address yet: keep the last good one out of the way.
  return { ...form, region, endpoint };
}

/** Another value for a field of the provider, such as the account id. */
export function withProviderField(
  form: ConnectionForm,
  id: string,
  value: string,
): ConnectionForm {
  const providerFields = { ...form.providerFields, [id]: value };
  if (!isFilledIn(form)) return { ...form, providerFields };
  const profile = getProviderProfile(form.providerId);
  const endpoint = endpointFor(profile, form.region, providerFields);
  return { ...form, providerFields, endpoint };
}

/** Another endpoint as typed; a region told by the host is taken over. */
export function withEndpoint(form: ConnectionForm, endpoint: string): ConnectionForm {
  const parsed = parseEndpoint(endpoint);
  const region = parsed.ok && parsed.region !== '' ? parsed.region : form.region;
  return { ...form, endpoint, region, movedRoot: '' };
}

/**
 * What leaving the endpoint field does: the address is written out in full, a bucket or
 * path in it moves to its own field unless something else is there already.
 */
export function settleEndpoint(form: ConnectionForm): ConnectionForm {
  const parsed = parseEndpoint(form.endpoint, {
    defaultEndpoint: providerEndpoint(form),
  });
  if (!parsed.ok || parsed.endpoint === form.endpoint) return form;
  const region = parsed.region === '' ? form.region : parsed.region;
  const path = parsed.path === '' ? '' : `/${parsed.path}`;
  const found = parsed.bucket === null ? '' : `${parsed.bucket}${path}`;
  const takesRoot = found !== '' && form.root.trim() === '';
  return {
    ...form,
    endpoint: parsed.endpoint,
    region,
    providerFields: {
      ...form.providerFields,
      ...fieldsOf(getProviderProfile(form.providerId), parsed.endpoint),
    },
    root: takesRoot ? found : form.root,
    movedRoot: takesRoot ? found : '',
  };
}

/** A key or token without the spaces that copying brings along. */
export function withKey(
  form: ConnectionForm,
  field: TrimmedField,
  text: string,
): ConnectionForm {
  const value = text.trim();
  const others = form.trimmed.filter((name) => name !== field);
  const wasTrimmed = value !== text && value !== '';
  const stillTrimmed = form.trimmed.includes(field) && value !== '';
  const trimmed = wasTrimmed || stillTrimmed ? [...others, field] : others;
  return { ...form, [field]: value, trimmed };
}

/** The provider's own endpoint for what is chosen; `undefined` where it has none. */
export function providerEndpoint(form: ConnectionForm): string | undefined {
  const profile = getProviderProfile(form.providerId);
  const endpoint = endpointFor(profile, form.region, form.providerFields);
  return endpoint === '' ? undefined : endpoint;
}

/** Whether the endpoint is the provider's own rather than typed. */
function isFilledIn(form: ConnectionForm): boolean {
  const profile = getProviderProfile(form.providerId);
  return form.endpoint === endpointFor(profile, form.region.trim(), form.providerFields);
}

/** Values of the provider's fields, read back from an endpoint made of its template. */
function fieldsOf(
  profile: ProviderProfile,
  endpoint: string,
): Readonly<Record<string, string>> {
  if (profile.fields.length === 0) return {};
  const pattern = profile.endpoint
    .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
    .replace(/\{(\w+)\}/g, '(?<$1>[A-Za-z0-9-]+)');
  const groups = new RegExp(`^${pattern}$`).exec(endpoint)?.groups ?? {};
  return Object.fromEntries(
    profile.fields.map((field) => [field.id, groups[field.id] ?? '']),
  );
}
