import type { ConnectionDraft, SecretInput } from '../../../shared/domain/bookmark.ts';
import {
  type CertificateProblem,
  readCertificates,
} from '../../../shared/domain/certificate.ts';
import { isLocalHost, parseEndpoint } from '../../../shared/domain/endpoint.ts';
import { LIMIT_UNIT, parseLimit } from '../../../shared/domain/limit-text.ts';
import { splitRoot } from '../../../shared/domain/remote-path.ts';
import {
  endpointNoteText,
  endpointProblemText,
} from '../../../shared/messages/endpoint.en.ts';
import { getProviderProfile } from '../../../shared/providers/registry.ts';
import { type ConnectionForm, providerEndpoint } from './connection-form.ts';
import { ruleOf, ruleProblem } from './rule-form.ts';

/** Fields of the dialog that can be wrong. `rule:<id>` is a line of the rules, `provider:<id>` is a field of the provider. */
export type FieldName =
  | 'nickname'
  | 'endpoint'
  | 'region'
  | 'accessKeyId'
  | 'secretAccessKey'
  | 'sessionToken'
  | 'root'
  | 'connectTimeout'
  | 'requestTimeout'
  | 'maxSockets'
  | 'partSize'
  | 'uploadLimit'
  | 'downloadLimit'
  | 'caCertificate'
  | `rule:${number}`
  | `provider:${string}`;

/** What is wrong, and what to do, by field. */
export type FormErrors = Readonly<Partial<Record<FieldName, string>>>;

/** Outcome of {@link checkForm}. */
export interface CheckedForm {
  readonly errors: FormErrors;
  /** Worth saying, but no obstacle. */
  readonly warnings: FormErrors;
  /** Ready to send; `null` while there are errors. */
  readonly draft: ConnectionDraft | null;
  /** `null`: keep what is stored, or there is none. */
  readonly secret: SecretInput | null;
}

/** What the form cannot know by itself. */
export interface FormContext {
  /** A secret is stored for this bookmark and is used when the field is empty. */
  readonly hasStoredSecret: boolean;
  /** The access key of the stored secret. */
  readonly storedAccessKeyId: string;
}

const CERTIFICATE_TEXTS: Readonly<Record<CertificateProblem, string>> = {
  'private-key':
    'That holds a private key, which must stay on the server. Paste only the certificate.',
  none: 'Paste the certificate as text, from BEGIN CERTIFICATE to END CERTIFICATE.',
  damaged:
    'The certificate is not whole. Copy it once more, with its first and last line.',
};

const LIMIT_TEXT = `Enter ${LIMIT_UNIT}, such as 2.5, or 0 for no limit.`;

/** Checks the whole form and makes what the engine needs of it. */
export function checkForm(form: ConnectionForm, context: FormContext): CheckedForm {
  const errors: Partial<Record<FieldName, string>> = {};
  const warnings: Partial<Record<FieldName, string>> = {};
  const isAnonymous = form.signature === 'anonymous';

  if (form.nickname.length > 200) {
    errors.nickname = 'Choose a name of at most 200 characters.';
  }
  const endpoint = parseEndpoint(form.endpoint, {
    defaultEndpoint: providerEndpoint(form),
  });
  if (!endpoint.ok) {
    const missing = missingProviderField(form);
    if (endpoint.reason === 'empty' && missing !== null) {
      errors[`provider:${missing.id}`] = `Enter the ${missing.label}.`;
    } else {
      errors.endpoint = endpointProblemText(endpoint.reason);
    }
  } else if (!endpoint.secure && !isLocalHost(endpoint.host)) {
    warnings.endpoint = endpointNoteText({ kind: 'insecure' });
  }
  if (form.region.trim() !== '' && !/^[A-Za-z0-9_-]{1,64}$/.test(form.region.trim())) {
    errors.region =
      'A region has letters, digits and hyphens only, such as eu-central-1.';
  }
  if (!isAnonymous) checkKeys(form, context, errors, warnings);
  const rootError = checkRoot(form.root);
  if (rootError !== null) errors.root = rootError;

  const connect = seconds(form.connectTimeout, 0.5, 600);
  const request = seconds(form.requestTimeout, 1, 3_600);
  const sockets = whole(form.maxSockets, 1, 1_000);
  const part = whole(form.partSize, 0, 5_120);
  const up = parseLimit(form.uploadLimit);
  const down = parseLimit(form.downloadLimit);
  if (up === null) errors.uploadLimit = LIMIT_TEXT;
  if (down === null) errors.downloadLimit = LIMIT_TEXT;
  if (connect === null) errors.connectTimeout = 'Enter 0.5 to 600 seconds.';
  if (request === null) errors.requestTimeout = 'Enter 1 to 3600 seconds.';
  if (sockets === null) errors.maxSockets = 'Enter a whole number from 1 to 1000.';
  if (part === null || (part > 0 && part < 5)) {
    errors.partSize = 'Enter 5 to 5120 MiB, or 0 to choose by file size.';
  }
  const certificates = readCertificates(form.caCertificate);
  if (!certificates.ok) errors.caCertificate = CERTIFICATE_TEXTS[certificates.reason];
  if (form.caCertificate.length > 65_536) {
    errors.caCertificate =
      'That is too long: paste only the certificates of this server.';
  }
  for (const rule of form.rules) {
    const problem = ruleProblem(rule);
    if (problem !== null) errors[`rule:${rule.id}`] = problem;
  }
  if (
    Object.keys(errors).length > 0 ||
    !endpoint.ok ||
    !certificates.ok ||
    connect === null ||
    request === null ||
    sockets === null ||
    part === null ||
    up === null ||
    down === null
  ) {
    return { errors, warnings, draft: null, secret: null };
  }
  const root = rootOf(form.root);
  const inEndpoint =
    endpoint.bucket === null ? '' : joinRoot(endpoint.bucket, endpoint.path);
  return {
    errors,
    warnings,
    draft: {
      providerId: form.providerId,
      nickname: form.nickname.trim(),
      endpoint: endpoint.endpoint,
      accessKeyId: isAnonymous ? '' : form.accessKeyId,
      // Saved by Enter in the endpoint field: what it held has not moved yet.
      root: root === '' ? inEndpoint : root,
      region: form.region.trim(),
      signature: form.signature,
      addressing: form.addressing,
      uploadAcl: form.uploadAcl,
      advanced: {
        connectTimeoutMs: Math.round(connect * 1_000),
        requestTimeoutMs: Math.round(request * 1_000),
        maxSockets: sockets,
        partSizeMiB: part,
        uploadLimitKiBs: up,
        downloadLimitKiBs: down,
        caCertificate: certificates.pem,
        rules: form.rules.flatMap((rule) => ruleOf(rule) ?? []),
        excludeJunk: form.excludeJunk,
      },
    },
    secret:
      isAnonymous || form.secretAccessKey === ''
        ? null
        : { secretAccessKey: form.secretAccessKey, sessionToken: form.sessionToken },
  };
}

function checkKeys(
  form: ConnectionForm,
  context: FormContext,
  errors: Partial<Record<FieldName, string>>,
  warnings: Partial<Record<FieldName, string>>,
): void {
  if (form.accessKeyId === '') {
    errors.accessKeyId = 'Enter the access key, or tick “Anonymous” for a public bucket.';
  } else if (/\s/.test(form.accessKeyId)) {
    errors.accessKeyId =
      'An access key has no spaces inside. Was something else copied along?';
  } else if (form.accessKeyId.length > 512) {
    errors.accessKeyId = 'This is too long for an access key. Is it the session token?';
  }
  if (form.secretAccessKey === '') {
    if (!context.hasStoredSecret) {
      errors.secretAccessKey = 'Enter the secret key that belongs to the access key.';
    } else if (form.sessionToken !== '') {
      errors.secretAccessKey =
        'A session token belongs to a secret key: enter both anew.';
    } else if (form.accessKeyId !== context.storedAccessKeyId) {
      warnings.secretAccessKey =
        'The access key was changed. The stored secret is kept unless you enter another.';
    }
  } else if (/\s/.test(form.secretAccessKey)) {
    errors.secretAccessKey =
      'A secret key has no spaces inside. Was something else copied along?';
  } else if (form.secretAccessKey.length > 4_096) {
    errors.secretAccessKey =
      'This is too long for a secret key. Is it the session token?';
  }
  if (form.sessionToken.length > 16_384) {
    errors.sessionToken = 'This is too long for a session token.';
  } else if (/\s/.test(form.sessionToken)) {
    errors.sessionToken = 'A session token has no spaces or line breaks inside.';
  }
}

/** What is wrong with "bucket or path", or `null`. Keys may hold anything, buckets not. */
function checkRoot(text: string): string | null {
  if (text.trim() === '') return null;
  const { bucket, prefix } = splitRoot(text);
  if (bucket === '') {
    return text.trim() === '/'
      ? null
      : 'The bucket’s name is missing: write bucket or bucket/path.';
  }
  // Length and characters only: old buckets break today's rules.
  if (!/^[A-Za-z0-9._-]{1,255}$/.test(bucket)) {
    return 'A bucket’s name has letters, digits, dots and hyphens only. Write bucket or bucket/path.';
  }
  if (new TextEncoder().encode(prefix).length > 1_024) {
    return 'The path is longer than the 1,024 bytes S3 allows.';
  }
  return null;
}

function rootOf(text: string): string {
  const { bucket, prefix } = splitRoot(text);
  return bucket === '' ? '' : joinRoot(bucket, prefix);
}

function joinRoot(bucket: string, prefix: string): string {
  return prefix === '' ? bucket : `${bucket}/${prefix}`;
}

function missingProviderField(form: ConnectionForm) {
  return (
    getProviderProfile(form.providerId).fields.find(
      (field) => !/^[A-Za-z0-9-]+$/.test((form.providerFields[field.id] ?? '').trim()),
    ) ?? null
  );
}

function seconds(text: string, min: number, max: number): number | null {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() !== '' && value >= min && value <= max ? value : null;
}

function whole(text: string, min: number, max: number): number | null {
  const value = seconds(text, min, max);
  return value !== null && Number.isInteger(value) ? value : null;
}
