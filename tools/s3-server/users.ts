import type { Operation } from './operations.ts';

/** What a user may do. */
export type UserPolicy =
  /** Everything on the buckets of its account. */
  | { readonly kind: 'all' }
  /**
   * Listing, reading and writing under one prefix of one bucket, as a bucket policy
   * grants it. `refused` names operations denied even there.
   */
  | {
      readonly kind: 'prefix';
      readonly bucket: string;
      readonly prefix: string;
      readonly refused?: readonly Operation[];
    };

/** A key pair this server knows. */
export interface S3User {
  readonly name: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Temporary credentials: requests must carry exactly this token. */
  readonly sessionToken?: string;
  /** When temporary credentials end. */
  readonly expiresAt?: Date;
  /** Users of one account own buckets together. Default `dipper`. */
  readonly account?: string;
  /** The account's e-mail address, for grants that name it. */
  readonly email?: string;
  readonly policy: UserPolicy;
}

/** The users every server has; options can replace them or add others. */
export const DEFAULT_USERS = {
  full: {
    name: 'full',
    accessKeyId: 'DIPPERFULLACCESS0001',
    secretAccessKey: 'dipper-full-secret-for-tests-only-000001',
    email: 'owner@dipper.test',
    policy: { kind: 'all' },
  },
  limited: {
    name: 'limited',
    accessKeyId: 'DIPPERLIMITED0000001',
    secretAccessKey: 'dipper-limited-secret-for-tests-only-0001',
    // Some servers, radosgw among them, refuse such a user a whole DeleteObjects
    // batch; a client has to fall back to single deletes.
    policy: {
      kind: 'prefix',
      bucket: 'shared',
      prefix: 'team/',
      refused: ['DeleteObjects'],
    },
  },
  // Of another account: sees what lists and policies let it see.
  other: {
    name: 'other',
    accessKeyId: 'DIPPEROTHER000000001',
    secretAccessKey: 'dipper-other-secret-for-tests-only-00001',
    account: 'elsewhere',
    email: 'other@dipper.test',
    policy: { kind: 'all' },
  },
} as const satisfies Record<string, S3User>;

/** The users of a server by name. */
export type S3Users = Readonly<Record<string, S3User>> & {
  readonly full: S3User;
  readonly limited: S3User;
  readonly other: S3User;
};

/** The account a user belongs to. */
export function accountOf(user: S3User): string {
  return user.account ?? 'dipper';
}
