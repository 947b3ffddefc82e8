import { z } from 'zod';
import { BucketName, Prefix } from '../../shared/domain/ids.ts';

/** Scheme of links into Dipper. `s3:` belongs to everybody and is not claimed. */
export const LINK_SCHEME = 'dippers3';

/** Longer ones are not looked at, characters. */
const MAX_LENGTH = 8_192;
/** Control characters, and those that turn text around: the question shows these texts. */
const MISLEADING = /[\p{Cc}\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

const shown = (text: string): boolean => !MISLEADING.test(text);

/** What a link may say: where to go. Anything else in it makes it invalid. */
const Place = z
  .strictObject({
    endpoint: z
      .string()
      .max(2_048)
      .transform((text, context) => originOf(text) ?? (invalid(context), z.NEVER)),
    bucket: BucketName.refine(shown)
      .refine((name) => !name.includes('/'))
      .default(''),
    prefix: Prefix.refine(shown).default(''),
  })
  .refine(({ bucket, prefix }) => bucket !== '' || prefix === '')
  .transform((place) => ({ ...place, prefix: asFolder(place.prefix) }))
  .refine(({ prefix }) => prefix.length <= 1_024);

/** A place that a link names. */
export type LinkedPlace = z.infer<typeof Place>;

/**
 * Reads `dippers3://open?endpoint=…&bucket=…&prefix=…`; `null` for anything that is not
 * exactly such a link. A link can say where to look and nothing else: no keys, no files.
 */
export function parseDeepLink(text: string): LinkedPlace | null {
  if (text.length > MAX_LENGTH || !URL.canParse(text)) return null;
  const url = new URL(text);
  const isOpen =
    url.protocol === `${LINK_SCHEME}:` &&
    url.host === 'open' &&
    /^\/?$/.test(url.pathname) &&
    url.username === '' &&
    url.password === '' &&
    url.hash === '';
  const names = [...url.searchParams.keys()];
  if (!isOpen || new Set(names).size !== names.length) return null;
  const place = Place.safeParse(Object.fromEntries(url.searchParams));
  return place.success ? place.data : null;
}

/** The first link among the arguments of a start, or `null`. */
export function findDeepLink(argv: readonly string[]): string | null {
  const start = `${LINK_SCHEME}:`;
  return argv.find((each) => each.toLowerCase().startsWith(start)) ?? null;
}

function asFolder(prefix: string): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
}

function invalid(context: z.RefinementCtx): void {
  context.addIssue({ code: 'custom', message: 'not an endpoint' });
}

/** Scheme, host and port of an http(s) address that has nothing else. */
function originOf(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const isHttp = url.protocol === 'https:' || url.protocol === 'http:';
  const plain =
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === '' &&
    url.pathname === '/';
  return isHttp && plain ? url.origin : null;
}
