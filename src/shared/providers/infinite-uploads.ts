import type { ProviderProfile } from './profile.ts';

/** Infinite Uploads: storage of WordPress sites, a path in a Backblaze B2 bucket. */
export const infiniteUploads = {
  id: 'infinite-uploads',
  name: 'Infinite Uploads',
  endpoint: 'https://s3.{region}.backblazeb2.com',
  fields: [],
  regions: {
    kind: 'list',
    items: [{ id: 'us-west-000', name: 'US West 000' }],
  },
  help: 'Paste the whole bucket path, such as iup-usa/123/xxxxxxxx/. The key cannot list buckets: that is fine.',
  helpUrl: 'https://infiniteuploads.com/docs/',
  warning:
    'Everything stored here is public: anyone who knows or guesses a file’s address can open it.',
  quirks: {
    // Keys are limited to a path, and only this signature is taken.
    signature: 'v4',
  },
} as const satisfies ProviderProfile;
