import type { Acl } from '../../../shared/domain/aspects.ts';
import type {
  AnonymousAnswer,
  Exposure,
  PublicAccessBlock,
} from '../../../shared/domain/exposure.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Cancellable, S3Connection } from '../s3/s3-connection.ts';
import type { BucketOrObject } from './aspect-calls.ts';
import { isUnsupported } from './permissions.ts';

/** A fact of a bucket, as far as the server told it. */
export type Fact<T> =
  | { readonly kind: 'told'; readonly value: T }
  /** The server has nothing of the kind, so nothing of the kind makes anything public. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown' };

/** All that {@link judge} goes by. */
export interface ExposureFacts {
  readonly acl: Fact<Acl>;
  readonly policyIsPublic: Fact<boolean>;
  readonly block: Fact<PublicAccessBlock>;
  readonly ownership: Fact<string>;
  /** Of an object; `null`: nobody asked. */
  readonly anonymous: AnonymousAnswer | null;
}

/** What is asked, and how. */
export interface ExposureInput extends BucketOrObject, Cancellable {
  readonly connection: S3Connection;
  /** One HEAD without keys. */
  readonly askAnonymously: () => Promise<AnonymousAnswer>;
}

/** Asks for all of it at once; what is refused stays unknown. */
export async function readExposure(input: ExposureInput): Promise<Exposure> {
  const { connection, bucket, key, signal } = input;
  const calls = await connection.aspects();
  const [acl, policyIsPublic, block, ownership, anonymous] = await Promise.all([
    fact(() => calls.readAcl({ bucket, key, signal })),
    fact(() => calls.policyIsPublic({ bucket, signal })),
    fact(() => calls.accessBlock({ bucket, signal })),
    fact(() => calls.ownership({ bucket, signal })),
    key === null ? null : input.askAnonymously(),
  ]);
  return judge({ acl, policyIsPublic, block, ownership, anonymous });
}

/**
 * Who may read without keys. The block and the ownership outweigh what ACL and policy say;
 * for an object, what an anonymous HEAD got outweighs everything.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
export function judge(facts: ExposureFacts): Exposure {
  const { acl, policyIsPublic, block, ownership, anonymous } = facts;
  const aclIsPublic = acl.kind === 'told' ? givesEverybody(acl.value) : null;
  const policy = policyIsPublic.kind === 'told' ? policyIsPublic.value : null;
  const switches = block.kind === 'told' ? block.value : null;
  const enforced = ownership.kind === 'told' && ownership.value === 'BucketOwnerEnforced';
  const noAcl = enforced || switches?.ignorePublicAcls === true || acl.kind === 'absent';
  const noPolicy =
    switches?.restrictPublicBuckets === true || policyIsPublic.kind === 'absent';
  return {
    verdict: verdictOf({
      byAcl: noAcl ? false : aclIsPublic,
      byPolicy: noPolicy ? false : policy,
      byAccount: !noAcl && acl.kind === 'told' && givesAccounts(acl.value),
      status: anonymous?.status ?? null,
    }),
    aclIsPublic,
    policyIsPublic: policy,
    block: switches,
    ownership: ownership.kind === 'told' ? ownership.value : '',
    anonymous,
  };
}

function verdictOf({
  byAcl,
  byPolicy,
  byAccount,
  status,
}: {
  /** `null`: not known. */
  readonly byAcl: boolean | null;
  readonly byPolicy: boolean | null;
  readonly byAccount: boolean;
  /** Of the anonymous HEAD. */
  readonly status: number | null;
}): Exposure['verdict'] {
  if (status !== null && status >= 200 && status < 300) {
    if (byAcl === true && byPolicy !== true) return 'public-acl';
    if (byPolicy === true && byAcl !== true) return 'public-policy';
    return 'public';
  }
  if (status === 401 || status === 403) return byAccount ? 'public-accounts' : 'private';
  if (byAcl === true && byPolicy === true) return 'public';
  if (byAcl === true) return 'public-acl';
  if (byPolicy === true) return 'public-policy';
  return byAcl === false && byPolicy === false ? 'private' : 'unknown';
}

/** Whether a list gives something to everybody, or to everybody with an account anywhere. */
export function givesEverybody({ grants }: Acl): boolean {
  return grants.some(
    ({ grantee }) => grantee.kind === 'group' && grantee.group !== 'LogDelivery',
  );
}

/** Whether everybody with an account anywhere may read, and not everybody. */
function givesAccounts({ grants }: Acl): boolean {
  const readers = grants.flatMap(({ grantee, permission }) =>
    grantee.kind === 'group' && (permission === 'READ' || permission === 'FULL_CONTROL')
      ? [grantee.group]
      : [],
  );
  return readers.includes('AuthenticatedUsers') && !readers.includes('AllUsers');
}

async function fact<T>(ask: () => Promise<T>): Promise<Fact<T>> {
  try {
    return { kind: 'told', value: await ask() };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'access.denied') return { kind: 'unknown' };
    if (isUnsupported(error)) return { kind: 'absent' };
    // No network, wrong keys, a bucket that is gone: that is no verdict.
    throw error;
  }
}
