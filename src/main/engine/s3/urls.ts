import type { RemoteUrls } from '../../../shared/domain/listing.ts';
import { encodeKey, isHostLabel, isPlainHost } from './addressing.ts';
import type { Route } from './client-pool.ts';
import type { ObjectRef } from './s3-connection.ts';

/** The plain addresses of an object or prefix, as this connection would ask for it. */
export function urlsOf(route: Route, { bucket, key }: ObjectRef): RemoteUrls {
  const endpoint = new URL(route.endpoint);
  const path = encodeKey(key);
  const pathStyle = `${endpoint.origin}/${encodeURIComponent(bucket)}/${path}`;
  const local = endpoint.hostname.replace(/^\[|\]$/g, '');
  const possible =
    isHostLabel(bucket) && (local === 'localhost' || !isPlainHost(withoutPort(endpoint)));
  const virtualHost = possible
    ? `${endpoint.protocol}//${bucket}.${endpoint.host}/${path}`
    : null;
  return {
    s3: `s3://${bucket}/${key}`,
    https: route.pathStyle || virtualHost === null ? pathStyle : virtualHost,
    pathStyle,
    virtualHost,
  };
}

function withoutPort(endpoint: URL): URL {
  const copy = new URL(endpoint);
  copy.port = '';
  return copy;
}
