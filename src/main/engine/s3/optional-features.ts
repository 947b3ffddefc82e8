import type { ServerFacts } from '../checksums/server-facts.ts';
import { ServiceFailure } from './service-failure.ts';

/** Features of {@link ServerFacts} that requests can do without. */
export type OptionalFeature = Extract<
  keyof ServerFacts,
  'checksumHeaders' | 'fullObject' | 'trailers'
>;

/**
 * Refusals with status 400 that say nothing of how the body was framed: it did not arrive
 * as it was sent, it was late, or somebody else is asking than before.
 */
const NOT_ABOUT_FRAMING: ReadonlySet<string> = new Set([
  'AuthorizationHeaderMalformed',
  'BadDigest',
  'ExpiredToken',
  'InvalidToken',
  'RequestTimeout',
  'TokenRefreshRequired',
]);

/** What to leave out of the next attempt, where a refusal looks as if that was the cause. */
export function nextToDrop(
  error: unknown,
  optional: readonly OptionalFeature[] | undefined,
  dropped: readonly OptionalFeature[],
): OptionalFeature | undefined {
  if (optional === undefined || !(error instanceof ServiceFailure)) return undefined;
  const feature = optional.find((each) => !dropped.includes(each));
  const fits = feature === 'trailers' ? refusesFraming(error) : refusesSums(error);
  return fits ? feature : undefined;
}

/** A header or value the server does not know. */
export function isNotImplemented(error: unknown): boolean {
  return error instanceof ServiceFailure && error.status === 501;
}

/**
 * Servers that do not know aws-chunked miss the length (411), the feature (501), or take
 * its words for values of theirs (400, under many codes).
 */
function refusesFraming({ status, service }: ServiceFailure): boolean {
  return (
    status === 411 ||
    status === 501 ||
    (status === 400 && !NOT_ABOUT_FRAMING.has(service))
  );
}

function refusesSums(error: ServiceFailure): boolean {
  const { status, text, fields } = error;
  const about = `${text} ${fields['Header'] ?? ''} ${fields['ArgumentName'] ?? ''}`;
  // A sum that does not match is no dislike of sums.
  const named = /checksum/i.test(about) && !/match|digest/i.test(about);
  return isNotImplemented(error) || (status === 400 && named);
}
