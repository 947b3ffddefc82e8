import type { ProviderProfile } from './profile.ts';

/** Wasabi. https://docs.wasabi.com/docs/what-are-the-service-urls-for-wasabis-different-storage-regions */
export const wasabi = {
  id: 'wasabi',
  name: 'Wasabi',
  endpoint: 'https://s3.{region}.wasabisys.com',
  fields: [],
  regions: {
    kind: 'list',
    items: [
      { id: 'us-east-1', name: 'US East 1 (N. Virginia)' },
      { id: 'us-east-2', name: 'US East 2 (N. Virginia)' },
      { id: 'us-central-1', name: 'US Central 1 (Texas)' },
      { id: 'us-west-1', name: 'US West 1 (Oregon)' },
      { id: 'us-west-2', name: 'US West 2 (San Jose)' },
      { id: 'ca-central-1', name: 'Canada Central 1 (Toronto)' },
      { id: 'eu-central-1', name: 'EU Central 1 (Amsterdam)' },
      { id: 'eu-central-2', name: 'EU Central 2 (Frankfurt)' },
      { id: 'eu-west-1', name: 'EU West 1 (United Kingdom)' },
      { id: 'eu-west-2', name: 'EU West 2 (Paris)' },
      { id: 'eu-west-3', name: 'EU West 3 (United Kingdom)' },
      { id: 'eu-south-1', name: 'EU South 1 (Milan)' },
      { id: 'ap-northeast-1', name: 'AP Northeast 1 (Tokyo)' },
      { id: 'ap-northeast-2', name: 'AP Northeast 2 (Osaka)' },
      { id: 'ap-southeast-1', name: 'AP Southeast 1 (Singapore)' },
      { id: 'ap-southeast-2', name: 'AP Southeast 2 (Sydney)' },
    ],
  },
  help: 'Use an access key. Buckets open only through the endpoint of their own region.',
  helpUrl: 'https://docs.wasabi.com/docs/creating-a-user-account-and-access-key',
  quirks: {},
} as const satisfies ProviderProfile;
