import type { ProviderProfile } from './profile.ts';

/** Backblaze B2 through its S3 API. https://www.backblaze.com/docs/cloud-storage-s3-compatible-api */
export const backblazeB2 = {
  id: 'backblaze-b2',
  name: 'Backblaze B2',
  endpoint: 'https://s3.{region}.backblazeb2.com',
  fields: [],
  regions: {
    kind: 'list',
    items: [
      { id: 'us-west-004', name: 'US West 004' },
      { id: 'us-west-000', name: 'US West 000' },
      { id: 'us-west-001', name: 'US West 001' },
      { id: 'us-west-002', name: 'US West 002' },
      { id: 'us-east-005', name: 'US East 005' },
      { id: 'ca-east-006', name: 'Canada East 006' },
      { id: 'eu-central-003', name: 'EU Central 003' },
    ],
  },
  help: 'Use an application key (not the master key). The region is in the bucket’s “Endpoint”.',
  helpUrl: 'https://www.backblaze.com/docs/cloud-storage-application-keys',
  // Unasked checksum headers were refused for long: the cautious defaults fit.
  quirks: {},
} as const satisfies ProviderProfile;
