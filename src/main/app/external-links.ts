/** Hosts whose pages Dipper's own texts link to. Nothing else is ever opened. */
const ALLOWED_HOSTS: ReadonlySet<string> = new Set([
  'docs.aws.amazon.com',
  'console.aws.amazon.com',
  'community.exoscale.com',
  'www.exoscale.com',
  'docs.digitalocean.com',
  'developers.cloudflare.com',
  'www.backblaze.com',
  'min.io',
  'docs.min.io',
  'docs.wasabi.com',
  'infiniteuploads.com',
  'docs.ceph.com',
  'github.com',
]);

/** The address in normal form if Dipper may open it in a browser, else `null`. */
export function allowedLink(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const plain = url.username === '' && url.password === '' && url.port === '';
  return url.protocol === 'https:' && plain && ALLOWED_HOSTS.has(url.hostname)
    ? url.href
    : null;
}
