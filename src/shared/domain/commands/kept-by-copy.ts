import type { Tag } from '../aspects.ts';
import type { ObjectDetails } from '../listing.ts';
import { option } from './quote.ts';
import { type CommandServer, type Words } from './tools.ts';

/** What an object has that a copy onto itself loses unless it is told to keep it. */
export interface KeptByCopy {
  readonly details: Pick<ObjectDetails, 'storageClass' | 'headers'>;
  /** `false`: the bucket's lists are switched off, or the server has none. */
  readonly hasAcl: boolean;
  /** Empty: there are none, or these keys may not read them. */
  readonly tags: readonly Tag[];
}

/** By the header that tells of it. */
const AWS_OPTIONS: Readonly<Record<string, string>> = {
  'X-Amz-Server-Side-Encryption': '--server-side-encryption',
  'X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id': '--ssekms-key-id',
  'X-Amz-Website-Redirect-Location': '--website-redirect-location',
  'X-Amz-Object-Lock-Mode': '--object-lock-mode',
  'X-Amz-Object-Lock-Retain-Until-Date': '--object-lock-retain-until-date',
  'X-Amz-Object-Lock-Legal-Hold': '--object-lock-legal-hold-status',
};

/** Options of `aws s3api copy-object`. https://docs.aws.amazon.com/cli/latest/reference/s3api/copy-object.html */
export function awsKeeps(kept: KeptByCopy | undefined): Words {
  if (kept === undefined) return [];
  const { storageClass, headers } = kept.details;
  return [
    ...(isUsual(storageClass) ? [] : [option('--storage-class'), storageClass]),
    ...headers.flatMap(({ name, value }): Words => {
      if (name === 'X-Amz-Server-Side-Encryption-Bucket-Key-Enabled') {
        return [option('--bucket-key-enabled')];
      }
      const known = AWS_OPTIONS[name];
      return known === undefined ? [] : [option(known), value];
    }),
  ];
}

/**
 * `s3cmd modify` sends back what HEAD told, but for the class, which it sets to the
 * standard one unless told otherwise.
 */
export function s3cmdKeeps(kept: KeptByCopy | undefined): Words {
  if (kept === undefined) return [];
  const { storageClass } = kept.details;
  return [
    ...(isUsual(storageClass) ? [] : [option('--storage-class'), storageClass]),
    // It leaves lists alone then, and fails at putting one back otherwise.
    ...(kept.hasAcl ? [] : [option('--acl-private')]),
  ];
}

/**
 * Whether a copy with other headers may lose the object's tags: Amazon keeps them, Ceph
 * does not, and which of the others do nobody knows.
 */
export function mayLoseTags({ endpoint }: Pick<CommandServer, 'endpoint'>): boolean {
  return endpoint !== null;
}

function isUsual(storageClass: string): boolean {
  return storageClass === '' || storageClass === 'STANDARD';
}
