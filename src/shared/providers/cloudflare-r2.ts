import type { ProviderProfile } from './profile.ts';

/** Cloudflare R2. https://developers.cloudflare.com/r2/api/s3/api/ */
export const cloudflareR2 = {
  id: 'cloudflare-r2',
  name: 'Cloudflare R2',
  endpoint: 'https://{accountId}.r2.cloudflarestorage.com',
  fields: [
    {
      id: 'accountId',
      label: 'Account ID',
      help: '32 characters, on the R2 overview page of the Cloudflare dashboard.',
    },
  ],
  regions: { kind: 'fixed', value: 'auto' },
  help: 'Use an R2 API token’s access key and secret. A token for one bucket needs the bucket filled in.',
  helpUrl: 'https://developers.cloudflare.com/r2/api/tokens/',
  quirks: {
    addressing: 'path',
    // Only some checksum kinds exist for multipart uploads; others answer 501.
    checksums: 'when-required',
    // Multipart ETags do not follow from the parts' MD5 sums.
    etag: 'opaque',
    conditionalPut: true,
    // Completing an upload fails when parts differ in size.
    equalParts: true,
  },
} as const satisfies ProviderProfile;
