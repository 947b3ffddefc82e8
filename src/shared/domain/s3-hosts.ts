/** What the name of a known S3 host says. */
export interface KnownHost {
  /** Which service, such as `aws`. Regions of one service share it. */
  readonly service: string;
  /** Bucket in front of the host; `null`: none. */
  readonly bucket: string | null;
  /** Host without the bucket, and the API's host where a website or CDN host was given. */
  readonly host: string;
  /** Region the name tells; empty when it does not. */
  readonly region: string;
}

interface HostRule {
  readonly service: string;
  /**
   * Groups: `bucket`, `host` (needed), `region`. The bucket is lazy so that a name that
   * fits without a bucket is never torn apart.
   */
  readonly pattern: RegExp;
  /** Region of hosts that do not name one. */
  readonly region?: string;
  /** API host for hosts that only serve files. */
  readonly apiHost?: (region: string) => string;
}

const BUCKET = '(?:(?<bucket>.+?)\\.)??';
const AWS_REGION = '(?<region>[a-z]{2,4}(?:-[a-z]+)+-\\d+)';
const AWS_DOMAIN = 'amazonaws\\.(?:com\\.cn|com|eu)';

function rule(
  service: string,
  host: string,
  more: Omit<HostRule, 'service' | 'pattern'> = {},
): HostRule {
  return { service, pattern: new RegExp(`^${BUCKET}(?<host>${host})$`), ...more };
}

/** Known hosts, most specific first. Vendor pages name the forms. */
const RULES: readonly HostRule[] = [
  // https://docs.aws.amazon.com/general/latest/gr/s3.html
  rule('aws', `s3(?:-fips)?[.-](?:dualstack\\.)?${AWS_REGION}\\.${AWS_DOMAIN}`),
  rule('aws', 's3-external-1\\.amazonaws\\.com', { region: 'us-east-1' }),
  // Website hosts answer pages, not the API.
  rule('aws', `s3-website[.-]${AWS_REGION}\\.amazonaws\\.com`, {
    apiHost: (region) => `s3.${region}.amazonaws.com`,
  }),
  rule('aws', 's3-accelerate(?:\\.dualstack)?\\.amazonaws\\.com', {
    apiHost: () => 's3.amazonaws.com',
  }),
  // The global host is us-east-1 to the signature.
  rule('aws', 's3\\.amazonaws\\.com', { region: 'us-east-1' }),
  rule('exoscale', 'sos-(?<region>[a-z]{2}-[a-z]+-\\d+)\\.exo\\.io'),
  rule('digitalocean', '(?<region>[a-z]{3}\\d+)\\.digitaloceanspaces\\.com'),
  rule('digitalocean', '(?<region>[a-z]{3}\\d+)\\.cdn\\.digitaloceanspaces\\.com', {
    apiHost: (region) => `${region}.digitaloceanspaces.com`,
  }),
  // https://developers.cloudflare.com/r2/reference/data-location/: jurisdictions
  rule('r2', '[0-9a-z-]+(?:\\.(?:eu|fedramp))?\\.r2\\.cloudflarestorage\\.com', {
    region: 'auto',
  }),
  rule('b2', 's3\\.(?<region>[a-z]+-[a-z]+-\\d{3})\\.backblazeb2\\.com'),
  rule('wasabi', 's3\\.(?<region>[a-z]+-[a-z]+-\\d+)\\.wasabisys\\.com'),
  rule('wasabi', 's3\\.wasabisys\\.com', { region: 'us-east-1' }),
  rule('scaleway', 's3\\.(?<region>[a-z]{2}-[a-z]+)\\.scw\\.cloud'),
  rule('ovh', 's3\\.(?<region>[a-z0-9-]+)\\.(?:io|perf)\\.cloud\\.ovh\\.(?:net|us)'),
  rule('linode', '(?<region>[a-z]{2}-[a-z]+-\\d+)\\.linodeobjects\\.com'),
  rule('vultr', '(?<region>[a-z]{3}\\d+)\\.vultrobjects\\.com'),
  rule('hetzner', '(?<region>[a-z]{3}\\d+)\\.your-objectstorage\\.com'),
  rule('ibm', 's3\\.(?<region>[a-z-]+)\\.cloud-object-storage\\.appdomain\\.cloud'),
  rule('google', 'storage\\.googleapis\\.com', { region: 'auto' }),
];

/** Reads bucket and region out of a host name; `null` when the host is not a known one. */
export function splitHost(host: string): KnownHost | null {
  for (const { service, pattern, region: fallback, apiHost } of RULES) {
    const groups = pattern.exec(host)?.groups;
    if (groups === undefined) continue;
    const region = groups['region'] ?? fallback ?? '';
    return {
      service,
      bucket: groups['bucket'] ?? null,
      host: apiHost?.(region) ?? groups['host'] ?? host,
      region,
    };
  }
  return null;
}

/**
 * Region a host name tells: `eu-central-1` of `s3.eu-central-1.amazonaws.com`, `auto` for
 * R2. Empty when the name does not tell (MinIO, Ceph, any own server).
 */
export function inferRegion(host: string): string {
  return splitHost(host.toLowerCase())?.region ?? '';
}

/** Whether two hosts belong to one service, so that keys of one open the other's buckets. */
export function isSameService(a: string, b: string): boolean {
  const first = splitHost(a);
  const second = splitHost(b);
  if (first === null || second === null || first.service !== second.service) return false;
  // An R2 account or jurisdiction is a server of its own.
  return first.service !== 'r2' || first.host === second.host;
}
