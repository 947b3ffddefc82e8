import { aws } from './aws.ts';
import { backblazeB2 } from './backblaze-b2.ts';
import { ceph } from './ceph.ts';
import { cloudflareR2 } from './cloudflare-r2.ts';
import { digitaloceanSpaces } from './digitalocean-spaces.ts';
import { exoscale } from './exoscale.ts';
import { generic } from './generic.ts';
import { infiniteUploads } from './infinite-uploads.ts';
import { minio } from './minio.ts';
import type { ProviderProfile } from './profile.ts';
import { wasabi } from './wasabi.ts';

/** Every provider in the order the connection dialog offers them. */
export const PROVIDERS: readonly ProviderProfile[] = [
  aws,
  exoscale,
  digitaloceanSpaces,
  cloudflareR2,
  backblazeB2,
  minio,
  wasabi,
  infiniteUploads,
  ceph,
  generic,
];

/** The profile with this id; ids we do not know (any more) get the generic one. */
export function getProviderProfile(id: string): ProviderProfile {
  return PROVIDERS.find((profile) => profile.id === id) ?? generic;
}

/**
 * The endpoint of a provider in a region. `fields` fills the template's other names; an
 * empty text means that something is still missing or that the user types the endpoint.
 */
export function endpointFor(
  profile: ProviderProfile,
  region: string,
  fields: Readonly<Record<string, string>> = {},
): string {
  const { regions } = profile;
  if (regions.kind === 'list') {
    const special = regions.items.find((item) => item.id === region)?.endpoint;
    if (special !== undefined) return special;
  }
  let complete = true;
  const endpoint = profile.endpoint.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = (name === 'region' ? region : (fields[name] ?? '')).trim();
    // Anything else would end up in another part of the address.
    if (!/^[A-Za-z0-9-]+$/.test(value)) complete = false;
    return value;
  });
  return complete ? endpoint : '';
}

/** The region a new bookmark starts with. */
export function defaultRegion(profile: ProviderProfile): string {
  const { regions } = profile;
  return regions.kind === 'list' ? (regions.items[0]?.id ?? '') : regions.value;
}
