import { corsHeaders, matchingRule } from './access/cors.ts';
import type { S3Error } from './errors.ts';
import type { Store } from './store/store.ts';
import { leaf } from './xml.ts';

/** What identifies a request in an error document. */
interface RequestIdentity {
  readonly resource: string;
  readonly requestId: string;
  readonly hostId: string;
}

/** The document of a refusal. */
export function errorDocument(
  error: S3Error,
  { resource, requestId, hostId }: RequestIdentity,
): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error>',
    leaf('Code', error.code),
    leaf('Message', error.message),
    ...Object.entries(error.details).map(([name, value]) => leaf(name, value)),
    leaf('Resource', resource),
    leaf('RequestId', requestId),
    leaf('HostId', hostId),
    '</Error>',
  ].join('');
}

/** The headers by which a bucket's rules let a page read an answer, refusals included. */
export function pageHeaders(
  store: Store,
  bucket: string | undefined,
  origin: string | undefined,
  method: string,
): Record<string, string | undefined> {
  // A preflight has its own.
  if (method === 'OPTIONS') return {};
  const rules = store.bucket(bucket ?? '')?.settings.cors;
  if (rules === undefined || origin === undefined) return {};
  const question = { origin, method, headers: [] };
  const rule = matchingRule(rules, question);
  return rule ? corsHeaders(rule, question) : {};
}

/** A body as a stream. */
export async function* single(body: Buffer | undefined): AsyncGenerator<Buffer> {
  if (body) yield body;
}

/** Headers by lower-case name, repeated ones joined. */
export function joinHeaders(
  distinct: NodeJS.Dict<string[]>,
): Readonly<Record<string, string>> {
  const out: Record<string, string> = {};
  for (const [name, values] of Object.entries(distinct)) {
    if (values) out[name] = values.join(',');
  }
  return out;
}
