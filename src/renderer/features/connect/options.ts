import type {
  Addressing,
  SignatureKind,
  UploadAcl,
} from '../../../shared/domain/bookmark.ts';
import type { SelectOption } from '../../components/select.tsx';

/** Ways to sign, for people. */
export const SIGNATURES: readonly SelectOption<SignatureKind>[] = [
  { value: 'v4', label: 'Version 4', hint: 'What nearly every server wants.' },
  {
    value: 'v4-unsigned-payload',
    label: 'Version 4, content unsigned',
    hint: 'Faster uploads; only over https.',
  },
  { value: 'v2', label: 'Version 2', hint: 'For servers from before 2014.' },
  { value: 'anonymous', label: 'None', hint: 'For public buckets, without keys.' },
];

/** Where the bucket's name goes, for people. */
export const ADDRESSINGS: readonly SelectOption<Addressing>[] = [
  { value: 'auto', label: 'Automatic', hint: 'Found out by trying.' },
  { value: 'path', label: 'In the path', hint: 'https://server/bucket' },
  { value: 'virtual-host', label: 'In the host name', hint: 'https://bucket.server' },
];

/** Canned ACLs, for people. */
export const UPLOAD_ACLS: readonly SelectOption<UploadAcl>[] = [
  { value: 'none', label: 'None', hint: 'The bucket’s own rules apply. Best for most.' },
  { value: 'private', label: 'Private', hint: 'Only the owner.' },
  { value: 'public-read', label: 'Public read', hint: 'Anyone can open the files.' },
  {
    value: 'public-read-write',
    label: 'Public read and write',
    hint: 'Anyone can open and replace the files.',
  },
  {
    value: 'authenticated-read',
    label: 'Authenticated read',
    hint: 'Anyone with an account at the provider can open the files.',
  },
  {
    value: 'aws-exec-read',
    label: 'EC2 read',
    hint: 'Amazon EC2 may read, for machine images.',
  },
  {
    value: 'bucket-owner-read',
    label: 'Bucket owner read',
    hint: 'The bucket’s owner can open your files.',
  },
  {
    value: 'bucket-owner-full-control',
    label: 'Bucket owner full control',
    hint: 'The bucket’s owner has every right to your files.',
  },
];
