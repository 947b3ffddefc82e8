import type { ProviderProfile } from './profile.ts';

/** DigitalOcean Spaces. A Space is a bucket. */
export const digitaloceanSpaces = {
  id: 'digitalocean-spaces',
  name: 'DigitalOcean Spaces',
  endpoint: 'https://{region}.digitaloceanspaces.com',
  fields: [],
  regions: {
    kind: 'list',
    items: [
      { id: 'nyc3', name: 'New York 3' },
      { id: 'ams3', name: 'Amsterdam 3' },
      { id: 'atl1', name: 'Atlanta 1' },
      { id: 'blr1', name: 'Bangalore 1' },
      { id: 'fra1', name: 'Frankfurt 1' },
      { id: 'lon1', name: 'London 1' },
      { id: 'ric1', name: 'Richmond 1' },
      { id: 'sfo2', name: 'San Francisco 2' },
      { id: 'sfo3', name: 'San Francisco 3' },
      { id: 'sgp1', name: 'Singapore 1' },
      { id: 'syd1', name: 'Sydney 1' },
      { id: 'tor1', name: 'Toronto 1' },
    ],
  },
  help: 'Use a Spaces access key. A key limited to some Spaces needs the Space filled in.',
  helpUrl: 'https://docs.digitalocean.com/products/spaces/how-to/manage-access/',
  quirks: {
    // Keys come back double-encoded; rclone turns this off as well.
    urlEncodeListings: false,
  },
} as const satisfies ProviderProfile;
