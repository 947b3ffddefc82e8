import type { Acl, Aspect, ObjectHeaders, Tag } from '../../../shared/domain/aspects.ts';
import { AppError, type ErrorParams } from '../../../shared/errors/app-error.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions */
const MAX_GRANTS = 100;
/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html */
const MAX_RULES = 100;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
const MAX_OBJECT_TAGS = 10;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/CostAllocTagging.html */
const MAX_BUCKET_TAGS = 50;
const MAX_TAG_KEY = 128;
const MAX_TAG_VALUE = 256;

/**
 * Refuses, with `aspect.invalid`, what no server takes or what would do harm, before
 * anything is sent: the window checks as one types, this is the last guard. `before`: the
 * value that is replaced.
 */
export function checkAspect(next: Aspect, before: Aspect, ofBucket: boolean): void {
  switch (next.aspect) {
    case 'acl':
      return checkAcl(next.value, before.aspect === 'acl' ? before.value : next.value);
    case 'cors':
      if (next.value.length > MAX_RULES) invalid('too-many', { limit: MAX_RULES });
      for (const rule of next.value) {
        if (rule.origins.length === 0) invalid('empty', { field: 'AllowedOrigins' });
        if (rule.methods.length === 0) invalid('empty', { field: 'AllowedMethods' });
        for (const text of [...rule.origins, ...rule.headers]) {
          if (text.split('*').length > 2) invalid('wildcards', { field: text });
        }
        for (const text of [...rule.origins, ...rule.headers, ...rule.exposed, rule.id]) {
          refuseControls(text, text);
        }
      }
      return;
    case 'tags':
      return checkTags(next.value, ofBucket ? MAX_BUCKET_TAGS : MAX_OBJECT_TAGS);
    case 'headers':
      return checkHeaders(next.value);
    default:
      return assertNever(next);
  }
}

function checkAcl(acl: Acl, before: Acl): void {
  if (acl.grants.length > MAX_GRANTS) invalid('too-many', { limit: MAX_GRANTS });
  if (acl.owner.id !== before.owner.id) invalid('other-owner');
  const leaves = (list: Acl): boolean =>
    list.grants.some(
      ({ grantee }) => grantee.kind === 'user' && grantee.id === before.owner.id,
    );
  // Who has nothing now cannot lose it, and with any grant left the owner can mend the rest.
  if (before.owner.id !== '' && leaves(before) && !leaves(acl)) invalid('owner-left-out');
  for (const { grantee } of acl.grants) {
    if (grantee.kind === 'group') continue;
    const who = grantee.kind === 'user' ? grantee.id : grantee.email;
    if (who.trim() === '') invalid('empty', { field: 'grantee' });
    refuseControls(who, 'grantee');
  }
}

function checkTags(tags: readonly Tag[], limit: number): void {
  if (tags.length > limit) invalid('too-many', { limit });
  const seen = new Set<string>();
  for (const { key, value } of tags) {
    if (key === '') invalid('empty', { field: 'key' });
    if (seen.has(key)) invalid('repeated', { field: key });
    seen.add(key);
    if (letters(key) > MAX_TAG_KEY) invalid('too-long', { field: key });
    if (letters(value) > MAX_TAG_VALUE) invalid('too-long', { field: key });
    refuseControls(`${key}${value}`, key);
  }
}

/** Code points, as S3 counts. */
function letters(text: string): number {
  return Array.from(text).length;
}

/** Exported for bulk changes, which rewrite headers without an editor. */
export function checkHeaders(headers: ObjectHeaders): void {
  const { metadata, ...content } = headers;
  for (const [field, value] of Object.entries(content)) {
    const name = HEADER_NAMES[field] ?? field;
    checkHeaderValue(value, name);
  }
  if (headers.expires !== '' && Number.isNaN(Date.parse(headers.expires))) {
    invalid('expires');
  }
  const seen = new Set<string>();
  for (const { name, value } of metadata) {
    // https://www.rfc-editor.org/rfc/rfc9110#name-tokens
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) invalid('name', { field: name });
    if (seen.has(name.toLowerCase())) invalid('repeated', { field: name });
    seen.add(name.toLowerCase());
    refuseControls(value, name);
  }
}

/** Signatures cover headers, and only ASCII is the same to both sides. */
export function checkHeaderValue(value: string, field: string): void {
  refuseControls(value, field);
  if (!/^[\x20-\x7e]*$/.test(value)) invalid('not-ascii', { field });
}

const HEADER_NAMES: Readonly<Record<string, string>> = {
  contentType: 'Content-Type',
  contentDisposition: 'Content-Disposition',
  cacheControl: 'Cache-Control',
  contentEncoding: 'Content-Encoding',
  contentLanguage: 'Content-Language',
  expires: 'Expires',
};

/** Line breaks would begin another header; XML cannot carry most of the rest. */
function refuseControls(text: string, field: string): void {
  // oxlint-disable-next-line no-control-regex -- control characters are the point
  if (/[\u0000-\u001f\u007f\ufffe\uffff]/.test(text)) invalid('line-break', { field });
}

function invalid(reason: string, params: ErrorParams = {}): never {
  throw new AppError('aspect.invalid', { params: { reason, ...params } });
}
