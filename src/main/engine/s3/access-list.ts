import {
  GetObjectAclCommand,
  type GetObjectAclOutput,
  GetObjectTaggingCommand,
  type GetObjectTaggingOutput,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import type { Acl } from '../../../shared/domain/aspects.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { writtenGrantee } from '../aspects/grantees.ts';
import { orWhenAbsent } from '../aspects/when-absent.ts';
import type { Grants, ObjectTag } from './object-traits.ts';
import type { Requester } from './requester.ts';
import type { Cancellable, ObjectRef } from './s3-connection.ts';

/** Something of an object that the server may not tell. */
export type Told<T> =
  | { readonly kind: 'told'; readonly value: T }
  /** Not with these keys. */
  | { readonly kind: 'denied' }
  /** The server has nothing of the kind. */
  | { readonly kind: 'unsupported' };

const GROUPS = 'http://acs.amazonaws.com/groups/global/';

/** GetObjectAcl. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAcl.html */
export function readGrants(
  requester: Requester,
  input: ObjectRef & Cancellable,
): Promise<Told<Grants>> {
  const { bucket, key, signal } = input;
  return told(async () => {
    const output = await requester.run(
      { bucket, key, signal, attempts: 3 },
      (client, options) =>
        client.send(new GetObjectAclCommand({ Bucket: bucket, Key: key }), options),
    );
    return grantsOf(output);
  });
}

/** GetObjectTagging. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html */
export function readTags(
  requester: Requester,
  input: ObjectRef & Cancellable,
): Promise<Told<readonly ObjectTag[]>> {
  const { bucket, key, signal } = input;
  return told(async () => {
    // Most servers answer with an empty list instead.
    const none: GetObjectTaggingOutput = { TagSet: [] };
    const output = await orWhenAbsent(none, ['NoSuchTagSet', 'NoSuchTagSetError'], () =>
      requester.run<GetObjectTaggingOutput>(
        { bucket, key, signal, attempts: 3 },
        (client, options) =>
          client.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key }), options),
      ),
    );
    return (output.TagSet ?? []).map((tag) => ({
      key: tag.Key ?? '',
      value: tag.Value ?? '',
    }));
  });
}

/** PutObjectTagging. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html */
export async function putTags(
  requester: Requester,
  input: ObjectRef & { readonly tags: readonly ObjectTag[] } & Cancellable,
): Promise<void> {
  const { bucket, key, signal } = input;
  const TagSet = input.tags.map((tag) => ({ Key: tag.key, Value: tag.value }));
  await requester.run({ bucket, key, signal, attempts: 3 }, (client, options) =>
    client.send(
      new PutObjectTaggingCommand({ Bucket: bucket, Key: key, Tagging: { TagSet } }),
      options,
    ),
  );
}

async function told<T>(ask: () => Promise<T>): Promise<Told<T>> {
  try {
    return { kind: 'told', value: await ask() };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code } = error;
    if (code === 'access.denied' || code === 'access.bucket-owner') {
      return { kind: 'denied' };
    }
    const strange =
      code === 'provider.unsupported' || code === 'provider.malformed-response';
    if (strange) return { kind: 'unsupported' };
    throw error;
  }
}

/** Grants as a new object can be given them. Exported for tests. */
export function grantsOf(output: Pick<GetObjectAclOutput, 'Owner' | 'Grants'>): Grants {
  const owner = output.Owner?.ID;
  const lists = new Map<string, string[]>();
  let others = 0;
  const everybody: string[] = [];
  for (const { Grantee: grantee, Permission: permission } of output.Grants ?? []) {
    if (grantee === undefined || permission === undefined) continue;
    const name =
      grantee.URI !== undefined
        ? `uri="${grantee.URI}"`
        : grantee.ID !== undefined
          ? `id="${grantee.ID}"`
          : grantee.EmailAddress !== undefined
            ? `emailAddress="${grantee.EmailAddress}"`
            : undefined;
    if (name === undefined) continue;
    const list = lists.get(permission) ?? [];
    list.push(name);
    lists.set(permission, list);
    if (grantee.URI?.startsWith(GROUPS) === true) {
      everybody.push(`${grantee.URI.slice(GROUPS.length)} ${permission}`);
    } else if (grantee.ID !== owner || permission !== 'FULL_CONTROL') others += 1;
  }
  if (others === 0) {
    const acl = CANNED[everybody.sort().join(', ')];
    if (acl !== undefined) return { kind: 'canned', acl };
  }
  return {
    kind: 'listed',
    grantees: Object.fromEntries(
      [...lists].map(([permission, names]) => [permission, names.join(', ')]),
    ),
  };
}

/** The same of a list that was read for an editor. */
export function grantsOfAcl({ owner, grants }: Acl): Grants {
  return grantsOf({
    Owner: { ID: owner.id },
    Grants: grants.map(({ grantee, permission }) => ({
      Grantee: writtenGrantee(grantee),
      Permission: permission,
    })),
  });
}

/** What else than the owner's own grant a canned ACL gives. */
const CANNED: Readonly<Record<string, string>> = {
  '': '',
  'AllUsers READ': 'public-read',
  'AuthenticatedUsers READ': 'authenticated-read',
  'AllUsers READ, AllUsers WRITE': 'public-read-write',
};
