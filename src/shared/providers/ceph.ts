import type { ProviderProfile } from './profile.ts';

/** Ceph's RADOS Gateway. https://docs.ceph.com/en/latest/radosgw/s3/ */
export const ceph = {
  id: 'ceph',
  name: 'Ceph',
  endpoint: '',
  fields: [],
  regions: { kind: 'free', value: 'us-east-1' },
  help: 'Use the gateway’s address (often port 7480 or 8080) and an S3 key of a Ceph user.',
  helpUrl: 'https://docs.ceph.com/en/latest/radosgw/s3/',
  quirks: {
    // A virtual host needs rgw_dns_name.
    addressing: 'path',
    // Streams with a checksum trailer are answered 411.
    checksums: 'when-required',
    // If-None-Match on PUT answers 412; on Complete both conditions are passed over.
    conditionalPut: true,
    // Compares the header with the bare ETag: in quotes it never fits (seen with radosgw 16).
    quotedIfMatch: false,
  },
} as const satisfies ProviderProfile;
