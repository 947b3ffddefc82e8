/** Names and addresses of this computer, which no proxy is asked for. */
const LOCAL = /^(?:localhost|.*\.localhost|127\.[\d.]+|\[::1\])$/;

/**
 * Whether the environment names a proxy for `endpoint`. Names in either case; `NO_PROXY`
 * is a list of hosts, of domains, or `*`.
 */
export function usesProxy(
  endpoint: string,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const url = new URL(endpoint);
  const read = (name: string): string =>
    environment[name.toLowerCase()] || environment[name] || '';
  const proxy = read(url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  if ((proxy || read('ALL_PROXY')) === '' || LOCAL.test(url.hostname)) return false;
  return !read('NO_PROXY')
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*' || entry === url.host || entry === url.hostname) return true;
      return url.hostname.endsWith(`.${entry.replace(/^\*?\./, '')}`);
    });
}
