import type { ProviderProfile } from './profile.ts';

/** Exoscale SOS (Simple Object Storage). Each zone has its own endpoint. */
export const exoscale = {
  id: 'exoscale',
  name: 'Exoscale',
  endpoint: 'https://sos-{region}.exo.io',
  fields: [],
  regions: {
    kind: 'list',
    items: [
      { id: 'ch-gva-2', name: 'Switzerland (Geneva)' },
      { id: 'ch-dk-2', name: 'Switzerland (Zurich)' },
      { id: 'at-vie-1', name: 'Austria (Vienna 1)' },
      { id: 'at-vie-2', name: 'Austria (Vienna 2)' },
      { id: 'bg-sof-1', name: 'Bulgaria (Sofia)' },
      { id: 'de-fra-1', name: 'Germany (Frankfurt)' },
      { id: 'de-muc-1', name: 'Germany (Munich)' },
      { id: 'hr-zag-1', name: 'Croatia (Zagreb)' },
    ],
  },
  help: 'Use an IAM API key and its secret. A key for one bucket needs the bucket filled in.',
  helpUrl: 'https://community.exoscale.com/product/storage/object-storage/',
  // Cautious defaults: bucket names are reachable as path and as host.
  quirks: {},
} as const satisfies ProviderProfile;
