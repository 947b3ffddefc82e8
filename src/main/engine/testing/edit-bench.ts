import type { BulkChange, Grant } from '../../../shared/domain/aspects.ts';
import type { AspectCalls } from '../aspects/aspect-calls.ts';
import type { ObjectTraits } from '../s3/object-traits.ts';
import type { CopyLimits } from '../transfers/run-copy.ts';
import { openBench, type TransferBench } from '../transfers/testing.ts';
import { openS3Target, type S3Target } from './s3-target.ts';

/** Everyone may read. */
export const PUBLIC: Grant = {
  grantee: { kind: 'group', group: 'AllUsers' },
  permission: 'READ',
};

/** Gives everyone leave to read, and takes nothing. */
export const ACL = {
  aspect: 'acl',
  canned: null,
  add: [PUBLIC],
  remove: [],
} satisfies BulkChange;

/** A change of headers that changes nothing yet. */
export const HEADERS = {
  aspect: 'headers',
  set: {},
  typeByExtension: false,
  setMetadata: {},
  removeMetadata: [],
  replaceMetadata: false,
} satisfies BulkChange;

/** A bench with a bucket, for tests of changes of many objects at once. */
export interface EditBench {
  readonly target: S3Target;
  readonly bench: TransferBench;
  readonly bucket: string;
  readonly calls: AspectCalls;
  /** Puts an object with a content type and metadata of its own. */
  put(key: string, body?: Uint8Array | string, traits?: ObjectTraits): Promise<void>;
  /** Who may do what, as `AllUsers READ` or `owner FULL_CONTROL`, sorted. */
  grantsOf(key: string): Promise<readonly string[]>;
  tagsOf(key: string): Promise<Record<string, string>>;
  /** How many requests of these kinds our own server has had. */
  requestsOf(...operations: readonly string[]): number;
  close(): Promise<void>;
}

/** Opens one; `copyLimits` as in {@link openBench}. */
export async function openEditBench(
  options: { readonly copyLimits?: CopyLimits } = {},
): Promise<EditBench> {
  const target = await openS3Target();
  const bucket = await target.makeBucket();
  const bench = openBench(target, options);
  bench.configure();
  const calls = await bench.s3.aspects();
  return {
    target,
    bench,
    bucket,
    calls,
    async put(key, body = 'x', traits = {}) {
      await bench.s3.putObject({
        bucket,
        key,
        contentType: 'text/x-kept',
        metadata: { kept: 'yes' },
        traits,
        body: Buffer.from(body),
      });
    },
    async grantsOf(key) {
      const { grants, owner } = await calls.readAcl({ bucket, key });
      return grants
        .map(({ grantee, permission }) => {
          if (grantee.kind === 'group') return `${grantee.group} ${permission}`;
          const own = grantee.kind === 'user' && grantee.id === owner.id;
          return `${own ? 'owner' : 'other'} ${permission}`;
        })
        .sort();
    },
    async tagsOf(key) {
      const tags = await calls.readTags({ bucket, key });
      return Object.fromEntries(tags.map((tag) => [tag.key, tag.value]));
    },
    requestsOf(...operations) {
      const all = target.server?.requests ?? [];
      return all.filter(({ operation }) => operations.includes(operation ?? '')).length;
    },
    async close() {
      target.server?.faults.clear();
      await bench.close();
      await target.close();
    },
  };
}
