import type { ProviderProfile } from './profile.ts';

/** MinIO and its forks, on this computer or anywhere. */
export const minio = {
  id: 'minio',
  name: 'MinIO',
  endpoint: 'http://localhost:9000',
  fields: [],
  regions: { kind: 'free', value: 'us-east-1' },
  help: 'Use the API’s address (usually port 9000, not the console’s) and an access key.',
  helpUrl: '',
  quirks: {
    // A virtual host needs a domain set up on the server.
    addressing: 'path',
    conditionalPut: true,
  },
} as const satisfies ProviderProfile;
