import type { ProviderProfile } from './profile.ts';

/** Any other server: nothing but the cautious defaults. */
export const generic = {
  id: 'generic',
  name: 'Other S3 server',
  endpoint: '',
  fields: [],
  regions: { kind: 'free', value: 'us-east-1' },
  help: 'Paste the server’s address as your provider shows it, with or without https://.',
  helpUrl: '',
  quirks: {},
} as const satisfies ProviderProfile;
